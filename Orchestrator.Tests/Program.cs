using Orchestrator.Tests.Benchmarks;
using Xunit.Runner.InProc.SystemConsole;

// The test runner; with "bench" as first argument, the benchmarks (see bench.sh).
return args is ["bench", .. var options]
    ? await BenchProgram.RunAsync(options)
    : await ConsoleRunner.Run(args);
