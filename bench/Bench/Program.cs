using OpenAIProxy.Bench;

// The load generator goes on where the kernel reports a socket, on one thread, instead of handing it to the pool: half the cost, and on a
// machine of two processors what the generator uses the others lack. Read when the first socket is made; not for the processes it starts.
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT", "1");
return await BenchCommand.RunAsync(args, Console.Out, Console.Error);
