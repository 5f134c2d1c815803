using OpenAIProxy.Upstream;

// Sockets go on where the kernel reports them, on one thread, instead of being handed to the pool: half the cost for a program that never blocks.
// Read when the first socket is made.
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT", "1");
return await UpstreamCommand.Create().Parse(args).InvokeAsync();
