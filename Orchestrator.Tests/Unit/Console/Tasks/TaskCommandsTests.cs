using Orchestrator.Core.Master;
using Orchestrator.Core.Runtime;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Console.ViewModels;
using Orchestrator.Web.Console.ViewModels.Tasks;

namespace Orchestrator.Tests.Unit.Console.Tasks;

public sealed class TaskCommandsTests
{
    private readonly ScriptedServices _engine = new(Services.Snapshot());
    private readonly ScriptedMaster _master = new(Snapshots.Busy);
    private readonly TaskCommands _commands;

    public TaskCommandsTests() => _commands = new TaskCommands(new ServiceCommands(_engine), _master);

    [Fact]
    public void Plan_sorts_tasks_by_their_framework_and_keeps_slashes_of_their_ids()
    {
        var plan = KillPlan.Of(["m-0000/a", "m-00001/b", "m-0001/c/d"], "m-0000");

        Assert.Equal(["m-0000/a"], plan.OfApps.Select(task => task.ToString()));
        Assert.Equal([("m-00001", "b"), ("m-0001", "c/d")], plan.OfOthers.Select(task => (task.FrameworkId.Value, task.TaskId.Value)));
        Assert.Equal(3, KillPlan.Of(["m-0000/a", "m-00001/b", "m-0001/c/d"], "").OfOthers.Count);
    }

    [Fact]
    public async Task Kill_that_the_services_refuse_keeps_no_task_of_another_framework()
    {
        _engine.Answer = _ => ScriptedServices.Reply(400, """{"message":"not an id"}""");
        var outcome = await _commands.KillAsync(KillPlan.Of(["m-0000/a", "m-0000/b", "m-0001/c"], "m-0000"));

        Assert.Equal((400, "2 of 3 tasks were not killed."), (outcome.Status, outcome.Message));
        Assert.Equal([("m-0000/a", "not an id"), ("m-0000/b", "not an id")], outcome.Problems.Select(problem => (problem.Path, problem.Text)));
        Assert.Equal("c", Assert.IsType<MasterCommand.KillTask>(await _master.NextAsync()).Task.TaskId.Value);
    }

    [Fact]
    public async Task Kill_that_the_master_does_not_take_has_an_outcome_that_says_so()
    {
        _master.Answer = _ => throw new EngineOverloadedException();
        var outcome = await _commands.KillAsync(KillPlan.Of(["m-0001/c"], "m-0000"));

        Assert.Equal((503, "The task was not killed."), (outcome.Status, outcome.Message));
        Assert.Contains("too much", Assert.Single(outcome.Problems).Text, StringComparison.Ordinal);
        Assert.Empty(_engine.Commands);
    }
}
