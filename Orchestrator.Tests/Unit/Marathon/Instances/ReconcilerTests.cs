using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Marathon.Instances;

/// <summary>After a restart or a broken subscription: what runs is taken over.</summary>
public sealed class ReconcilerTests
{
    private static ServicesHarness Running()
    {
        var services = new ServicesHarness().Subscribed();
        services.Create("{'id':'/web','cmd':'x','cpus':0.1,'mem':32,'instances':3}");
        return services;
    }

    private static IEnumerable<Call> Questions(ServicesHarness services) => services.Calls.Where(call => call.Type == Call.Types.Type.Reconcile);

    [Fact]
    public void Subscription_asks_for_every_known_task_and_then_for_all()
    {
        var services = Running().Restart();
        services.Subscribed();

        var questions = Questions(services).ToArray();
        Assert.Equal(services.TaskIds().Order(), questions[0].Reconcile.Tasks.Select(task => task.TaskId.Value).Order());
        Assert.All(questions[0].Reconcile.Tasks, task => Assert.StartsWith("S", task.AgentId.Value, StringComparison.Ordinal));
        Assert.Empty(questions[1].Reconcile.Tasks);
    }

    [Fact]
    public void Running_tasks_are_taken_over_by_the_next_host()
    {
        var services = Running();
        var before = services.Tasks.Keys.ToArray();

        var next = services.Restart().Subscribed();
        next.Pass(TimeSpan.FromMinutes(20));

        Assert.Equal(before.Order(), next.Tasks.Keys.Order());
        Assert.Equal(before.Order(), next.TaskIds().Order());
        Assert.DoesNotContain(next.Calls, call => call.Kill is not null || call.Accept is not null);
    }

    [Fact]
    public void Task_that_ended_while_the_host_was_down_is_replaced()
    {
        var services = Running();
        var (gone, task) = services.Tasks.First();
        services.Tasks.Remove(gone);
        services.Agents[task.Info.AgentId.Value] += 0.1;

        var next = services.Restart().Subscribed();
        next.Pass(TimeSpan.FromSeconds(2));

        Assert.Equal(3, next.App().TasksRunning);
        Assert.DoesNotContain(gone, next.TaskIds());
    }

    [Fact]
    public void Tasks_that_the_master_says_nothing_of_are_asked_for_again_and_not_replaced()
    {
        var services = Running();
        var next = services.Restart();
        next.Tell(new Core.Marathon.MarathonCommand.SchedulerEvent(new Event { Type = Event.Types.Type.Subscribed, Subscribed = new Event.Types.Subscribed { FrameworkId = new FrameworkID { Value = ServicesHarness.FrameworkName } } }));
        next.DropEvents();
        for (var i = 0; i < 30; i++)
        {
            next.Now += TimeSpan.FromSeconds(1);
            next.Advance();
            next.DropEvents();
        }

        Assert.InRange(Questions(next).Count(), 6, 12);
        Assert.Equal(3, next.App().Instances.Count);
        next.Pass(TimeSpan.FromSeconds(60));
        Assert.Equal(services.Tasks.Keys.Order(), next.TaskIds().Order());
    }

    [Fact]
    public void Agents_that_come_back_are_waited_for_with_short_pauses_again()
    {
        var services = Running();
        var next = services.Restart();
        next.Tell(new Core.Marathon.MarathonCommand.SchedulerEvent(new Event { Type = Event.Types.Type.Subscribed, Subscribed = new Event.Types.Subscribed { FrameworkId = new FrameworkID { Value = ServicesHarness.FrameworkName } } }));
        next.DropEvents();
        for (var i = 0; i < 40; i++)
        {
            next.Now += TimeSpan.FromSeconds(1);
            next.Advance();
            next.DropEvents();
        }

        next.Queue(next.Tasks.Keys.First(), TaskState.TaskRunning);
        next.RunOne();
        var asked = new List<DateTimeOffset>();
        while (asked.Count < 2)
        {
            next.Calls.Clear();
            next.Now += TimeSpan.FromSeconds(1);
            next.Advance();
            next.DropEvents();
            asked.AddRange(Questions(next).Where(call => call.Reconcile.Tasks.Count == 2).Select(_ => next.Now));
        }

        Assert.True(asked[1] - asked[0] < Core.Marathon.Instances.Reconciler.MaxPause, $"{asked[1] - asked[0]} between two questions");
    }

    [Fact]
    public void Many_tasks_are_asked_for_in_portions_and_those_heard_of_meanwhile_not_again()
    {
        const int Count = Core.Marathon.Instances.Reconciler.MaxTasksPerPortion + 500;
        var services = new ServicesHarness().Subscribed();
        services.Create($"{{'id':'/web','cmd':'x','cpus':0.01,'mem':1,'portDefinitions':[],'instances':{Count}}}");
        Assert.Equal(Count, services.App().TasksRunning);
        var next = services.Restart();
        next.Tell(new Core.Marathon.MarathonCommand.SchedulerEvent(new Event { Type = Event.Types.Type.Subscribed, Subscribed = new Event.Types.Subscribed { FrameworkId = new FrameworkID { Value = ServicesHarness.FrameworkName } } }));

        Assert.Equal(Count - 500, Questions(next).Sum(call => call.Reconcile.Tasks.Count));
        Assert.Equal(next.Now + Core.Marathon.Instances.Reconciler.PortionPause, next.Engine.NextDue);

        var asked = Questions(next).SelectMany(call => call.Reconcile.Tasks).Select(task => task.TaskId.Value).ToHashSet();
        next.DropEvents();
        next.Queue(next.Tasks.Keys.First(id => !asked.Contains(id)), TaskState.TaskRunning);
        next.RunOne();
        next.Now += Core.Marathon.Instances.Reconciler.PortionPause;
        next.Advance();
        Assert.Equal(Count - 1, Questions(next).Sum(call => call.Reconcile.Tasks.Count));
    }

    [Fact]
    public void Everything_is_asked_for_from_time_to_time()
    {
        var services = Running();
        services.Pass(TimeSpan.FromSeconds(16));
        services.Calls.Clear();

        services.Pass(TimeSpan.FromSeconds(601));

        Assert.Equal([3, 0], Questions(services).Select(call => call.Reconcile.Tasks.Count));
    }

    [Fact]
    public void Broken_subscription_is_shown_and_the_next_one_keeps_the_framework()
    {
        var services = Running();
        services.Disconnect();
        Assert.False(services.Snapshot.Connected);
        Assert.Equal(ServicesHarness.FrameworkName, services.Snapshot.FrameworkId);
        Assert.Single(services.EventsOf("scheduler_disconnected_event"));
        Assert.Null(services.Engine.NextDue);

        services.Subscribed();

        Assert.True(services.Snapshot.Connected);
        Assert.Single(services.EventsOf("scheduler_registered_event"));
        Assert.Single(services.EventsOf("scheduler_reregistered_event"));
        Assert.Equal(3, services.App().TasksRunning);
    }
}
