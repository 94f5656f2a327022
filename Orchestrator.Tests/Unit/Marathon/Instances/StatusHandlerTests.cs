using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Marathon;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Marathon.Instances;

/// <summary>What the master says of tasks, expected or not.</summary>
public sealed class StatusHandlerTests
{
    private static ServicesHarness Running(string more = "")
    {
        var services = new ServicesHarness().Subscribed();
        services.Create($"{{'id':'/web','cmd':'x','cpus':0.1,'mem':32{more}}}");
        return services;
    }

    private static int Kills(ServicesHarness services, string taskId) => services.Calls.Count(call => call.Kill?.TaskId.Value == taskId);

    [Theory]
    [InlineData(TaskState.TaskStaging, "Staging", "TASK_STAGING")]
    [InlineData(TaskState.TaskStarting, "Starting", "TASK_STARTING")]
    [InlineData(TaskState.TaskRunning, "Running", "TASK_RUNNING")]
    [InlineData(TaskState.TaskKilling, "Killing", "TASK_KILLING")]
    public void State_of_a_task_becomes_the_condition_of_its_instance(TaskState state, string condition, string shown)
    {
        var services = new ServicesHarness { AutoRun = false }.Subscribed();
        services.Create("{'id':'/web','cmd':'x','cpus':0.1,'mem':32}");

        services.Say(services.TaskIds().Single(), state);

        Assert.Equal((condition, shown), (services.App().Instances.Single().Condition, services.App().Instances.Single().State));
    }

    [Theory]
    [InlineData(TaskState.TaskFailed, true)]
    [InlineData(TaskState.TaskFinished, true)]
    [InlineData(TaskState.TaskError, true)]
    [InlineData(TaskState.TaskGone, true)]
    [InlineData(TaskState.TaskDropped, true)]
    [InlineData(TaskState.TaskKilled, false)]
    public void End_of_a_task_delays_the_next_launch_only_when_it_is_a_failure(TaskState state, bool delays)
    {
        var services = Running();
        var task = services.TaskIds().Single();

        services.Say(task, state);

        Assert.Equal(delays ? 0 : 1, services.App().TasksRunning);
        Assert.Equal(delays, services.App().Queue is not null);
        services.Pass(TimeSpan.FromSeconds(1.2));
        Assert.Equal(1, services.App().TasksRunning);
        Assert.Equal(task[..^1] + "2", services.TaskIds().Single());
    }

    [Fact]
    public void Delay_grows_with_each_failure_and_can_be_taken_back()
    {
        var services = Running(",'backoffSeconds':10,'backoffFactor':2");
        services.Say(services.TaskIds().Single(), TaskState.TaskFailed);
        Assert.Equal(services.Now.AddSeconds(10), services.App().Queue!.DelayedUntil!.Value, TimeSpan.FromMilliseconds(200));
        services.Pass(TimeSpan.FromSeconds(10.1));
        services.Say(services.TaskIds().Single(), TaskState.TaskFailed);
        Assert.Equal(services.Now.AddSeconds(20), services.App().Queue!.DelayedUntil!.Value, TimeSpan.FromMilliseconds(200));

        Assert.Equal(204, services.Tell(new MarathonCommand.ResetDelay("/web", ServicesHarness.Origin)).Status);
        services.Run();

        Assert.Equal(1, services.App().TasksRunning);
    }

    [Fact]
    public void Failure_on_an_agent_that_is_drained_does_not_delay()
    {
        var services = Running(",'backoffSeconds':100");

        services.Say(services.TaskIds().Single(), TaskState.TaskFailed, TaskStatus.Types.Reason.AgentDraining);

        Assert.Equal(1, services.App().TasksRunning);
    }

    [Fact]
    public void Running_task_that_is_unknown_is_killed_and_acknowledged()
    {
        var services = new ServicesHarness().Subscribed();

        services.Say("web.instance-0000._app.1", TaskState.TaskRunning);

        Assert.Equal(1, Kills(services, "web.instance-0000._app.1"));
        Assert.Equal("web.instance-0000._app.1", services.Calls.Single(call => call.Acknowledge is not null).Acknowledge.TaskId.Value);
    }

    [Fact]
    public void Unknown_task_that_ended_is_told_and_not_killed()
    {
        var services = new ServicesHarness().Subscribed();

        services.Say("shop_web.instance-0000._app.1", TaskState.TaskFailed);

        var told = services.EventsOf("unknown_instance_terminated_event").Single();
        Assert.Equal(("shop_web.instance-0000", "/shop/web", "Failed"), (told.GetProperty("instanceId").GetString(), told.GetProperty("runSpecId").GetString(), told.GetProperty("condition").GetString()));
        Assert.Equal(0, Kills(services, "shop_web.instance-0000._app.1"));
    }

    [Fact]
    public void Earlier_incarnation_that_comes_back_is_killed()
    {
        var services = Running(",'backoffSeconds':0");
        var first = services.TaskIds().Single();
        services.Say(first, TaskState.TaskFailed);

        services.Say(first, TaskState.TaskRunning);

        Assert.Equal(1, Kills(services, first));
        Assert.Equal(1, services.App().TasksRunning);
    }

    [Fact]
    public void Unreachable_instance_is_replaced_at_once_by_default_and_killed_when_it_returns()
    {
        var services = Running();
        var lost = services.TaskIds().Single();

        services.Say(lost, TaskState.TaskUnreachable);

        Assert.Equal(1, services.App().TasksRunning);
        Assert.NotEqual(lost[..lost.LastIndexOf("._app", StringComparison.Ordinal)], services.App().Instances.Single().Id);
        services.Say(lost, TaskState.TaskRunning);
        Assert.Equal(1, Kills(services, lost));
        Assert.Single(services.Tasks);
    }

    [Fact]
    public void Unreachable_instance_is_replaced_and_forgotten_at_its_times()
    {
        var services = Running(",'unreachableStrategy':{'inactiveAfterSeconds':60,'expungeAfterSeconds':120}");
        services.Say(services.TaskIds().Single(), TaskState.TaskUnreachable);

        services.Pass(TimeSpan.FromSeconds(59));
        Assert.Equal("Unreachable", services.App().Instances.Single().Condition);
        services.Pass(TimeSpan.FromSeconds(2));
        Assert.Equal(["Running", "UnreachableInactive"], services.App().Instances.Select(instance => instance.Condition).Order());
        services.Pass(TimeSpan.FromSeconds(60));
        Assert.Equal("Running", services.App().Instances.Single().Condition);
    }

    [Fact]
    public void Unreachable_instance_that_returns_in_time_stays_and_the_surplus_goes()
    {
        var services = Running(",'unreachableStrategy':{'inactiveAfterSeconds':10,'expungeAfterSeconds':120},'killSelection':'YOUNGEST_FIRST'");
        var lost = services.TaskIds().Single();
        services.Say(lost, TaskState.TaskUnreachable);
        services.Pass(TimeSpan.FromSeconds(11));
        Assert.Equal(2, services.App().Instances.Count);

        services.Say(lost, TaskState.TaskRunning);

        Assert.Equal([lost], services.TaskIds());
        Assert.Equal([lost], services.Tasks.Keys);
    }

    [Fact]
    public void Unreachable_instance_without_a_strategy_is_waited_for()
    {
        var services = Running(",'unreachableStrategy':'disabled'");
        var lost = services.TaskIds().Single();
        services.Say(lost, TaskState.TaskUnreachable);

        services.Pass(TimeSpan.FromHours(2));
        Assert.Equal([lost], services.TaskIds());

        services.Say(lost, TaskState.TaskRunning);
        Assert.Equal(1, services.App().TasksRunning);
    }

    [Fact]
    public void Task_that_does_not_get_to_run_is_killed_and_launched_again()
    {
        var services = new ServicesHarness { AutoRun = false }.Subscribed();
        services.Create("{'id':'/web','cmd':'x','cpus':0.1,'mem':32}");
        var stuck = services.TaskIds().Single();
        services.Say(stuck, TaskState.TaskStaging);

        services.Pass(TimeSpan.FromSeconds(299));
        Assert.Equal(0, Kills(services, stuck));
        services.Pass(TimeSpan.FromSeconds(7));

        Assert.Equal(1, Kills(services, stuck));
        Assert.Equal(stuck[..^1] + "2", services.TaskIds().Single());
    }

    [Fact]
    public void Launch_that_got_lost_is_found_by_asking_and_done_again()
    {
        var services = new ServicesHarness { AutoRun = false }.Subscribed();
        services.Create("{'id':'/web','cmd':'x','cpus':0.1,'mem':32}");
        var lost = services.TaskIds().Single();
        services.Tasks.Remove(lost);

        services.Pass(TimeSpan.FromSeconds(40));

        Assert.Equal(lost[..^1] + "2", services.TaskIds().Single());
    }

    [Fact]
    public void Tasks_of_a_framework_that_was_removed_start_anew_under_the_next_one()
    {
        var services = Running();
        services.Tasks.Clear();
        services.Tell(new MarathonCommand.SchedulerEvent(new Event { Type = Event.Types.Type.Error, Error = new Event.Types.Error { Message = "Framework has been removed" } }));
        Assert.Null(services.Snapshot.FrameworkId);
        Assert.False(services.Snapshot.Connected);

        services.Subscribed("master-0007");

        Assert.Equal("master-0007", services.Snapshot.FrameworkId);
        Assert.Equal(1, services.App().TasksRunning);
    }
}
