using OpenAIProxy.Cli;

return await CommandLine.RunAsync(args, Surroundings.OfThisProcess());
