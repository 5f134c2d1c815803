using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using OpenAIProxy.Micro;
using Perfolizer.Horology;

// What the parts of the gateway cost by themselves. Arguments are BenchmarkDotNet's; without any, all are measured.
// In this process: a project that BenchmarkDotNet generates would be built by the rules of this repository, which are not for generated code.
var job = Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithIterationTime(TimeInterval.FromMilliseconds(150)).WithWarmupCount(6).WithIterationCount(15);
var config = DefaultConfig.Instance
    .AddJob(job)
    .AddDiagnoser(MemoryDiagnoser.Default)
    .AddColumn(StatisticColumn.Min, StatisticColumn.Median, StatisticColumn.Max)
    .WithArtifactsPath(Path.Combine(AppContext.BaseDirectory, "artifacts"));
var measured = BenchmarkSwitcher.FromAssembly(typeof(KeyLookup).Assembly).Run(args.Length == 0 ? ["--filter", "*"] : args, config);
// 1 where one of them failed; to list them, or to help, measures nothing.
return measured.Any(summary => summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success)) ? 1 : 0;
