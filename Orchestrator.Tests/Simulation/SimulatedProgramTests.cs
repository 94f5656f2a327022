using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Simulation;

namespace Orchestrator.Tests.Simulation;

/// <summary>The label that says what a simulated container does.</summary>
[Trait("Category", "Simulation")]
public sealed class SimulatedProgramTests
{
    [Fact]
    public void Label_with_all_words_is_read()
    {
        var task = new TaskInfo { Labels = new Labels() };
        task.Labels.Labels_.Add(new Label { Key = "simulation", Value = "start=2secs run=20secs-3mins fail=5% exit=7 health=flapping" });

        var program = SimulatedProgram.Of(task);

        Assert.Equal((TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2)), program.StartsAfter);
        Assert.Equal((TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(3)), program.RunsFor);
        Assert.Equal(0.05, program.Fails);
        Assert.Equal(7, program.ExitCode);
        Assert.Equal(SimulatedHealth.Flapping, program.Health);
    }

    [Fact]
    public void Task_without_label_runs_until_it_is_killed()
    {
        Assert.Null(SimulatedProgram.Of(new TaskInfo()).RunsFor);
        Assert.Equal(SimulatedHealth.Healthy, SimulatedProgram.Of(new TaskInfo { Labels = new Labels() }).Health);
    }

    [Theory]
    [InlineData("rum=3secs")]
    [InlineData("run")]
    [InlineData("run=3")]
    [InlineData("run=3mins-20secs")]
    [InlineData("run=99999days")]
    [InlineData("fail=101%")]
    [InlineData("fail=0.1")]
    [InlineData("exit=256")]
    [InlineData("health=great")]
    public void Label_with_a_wrong_word_is_refused_with_the_word(string word)
    {
        var error = Assert.Throws<FormatException>(() => SimulatedProgram.Parse($"start=1secs {word}"));

        Assert.Contains($"'{word}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("run=TIME", error.Message, StringComparison.Ordinal);
    }
}
