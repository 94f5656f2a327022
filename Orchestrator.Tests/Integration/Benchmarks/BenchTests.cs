using System.Globalization;
using Orchestrator.Tests.Benchmarks;

namespace Orchestrator.Tests.Integration.Benchmarks;

/// <summary>The benchmarks, small: that they work, not how fast.</summary>
[Trait("Category", "Integration")]
public sealed class BenchTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Launches_on_a_real_host_with_simulated_agents_are_measured(bool oneByOne)
    {
        var figures = await new LaunchBenchmark(agents: 10, tasks: 100, oneByOne, offerRounds: 5).RunAsync();
        Assert.Equal(9, figures.Count);
        Assert.All(figures, figure => Assert.DoesNotContain("NaN", figure.Value, StringComparison.Ordinal));
        var launches = figures.Single(figure => figure.What.StartsWith("task launches", StringComparison.Ordinal)).Value;
        Assert.True(double.Parse(launches[..^2], NumberStyles.Number, CultureInfo.InvariantCulture) > 0, launches);
    }

    [Fact]
    public void Allocation_cycles_of_the_real_allocator_are_measured()
    {
        var figures = new AllocationBenchmark(agents: 300, rounds: 3).Run();
        Assert.Equal(2, figures.Count);
        Assert.All(figures, figure => Assert.Matches(@"^\d+\.\d\d ms \(best \d+\.\d\d\), [\d,]+ KB garbage$", figure.Value));
    }

    [Fact]
    public async Task Tasks_through_an_executor_on_a_real_agent_are_measured()
    {
        var figures = await new ExecutorBenchmark(tasks: 20).RunAsync();
        Assert.Matches(@"^[\d,]+/s$", figures[0].Value);
    }

    [Fact]
    public async Task Tree_of_apps_on_a_real_host_is_deployed_changed_read_grown_and_survives_a_kill_without_a_wrong_kill()
    {
        var figures = await new ServicesBenchmark(agents: 10, apps: 20, perApp: 3, big: 100, rounds: 4).RunAsync();

        Assert.All(figures, figure => Assert.DoesNotContain("NaN", figure.Value, StringComparison.Ordinal));
        Assert.Equal(2, figures.Count(figure => figure is { What: "tasks killed by mistake meanwhile", Value: "0" }));
        Assert.Contains(figures, figure => figure.What.EndsWith("until it answers with 21 apps and 164 instances", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--agents")]
    [InlineData("--agents", "many")]
    [InlineData("--only", "everything")]
    [InlineData("--fast")]
    public async Task Option_that_is_wrong_ends_with_2(params string[] options) => Assert.Equal(2, await BenchProgram.RunAsync(options));
}
