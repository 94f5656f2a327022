using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Master;
using Orchestrator.Core.Simulation.Demo;
using Orchestrator.Core.Views;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Simulation.Demo;

/// <summary>A demo cluster in one thread, under a clock that the test moves.</summary>
[Trait("Category", "Simulation")]
public sealed class DemoClusterTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly DirectMaster _master;

    public DemoClusterTests() => _master = new DirectMaster(_time);

    private DemoCluster Start(int agents, ulong seed = 1) => new(new DemoOptions { Agents = agents, Seed = seed }, _master, _master.Schedulers, _master.Agents, _time);

    private void Run(DemoCluster cluster, TimeSpan duration)
    {
        for (var end = _time.GetUtcNow() + duration; _time.GetUtcNow() < end; _time.Advance(DemoCluster.Step))
        {
            cluster.Advance();
            _master.Advance();
        }
    }

    private int Running => _master.Current.Tasks.Count(task => task?.State == TaskState.TaskRunning);

    [Fact]
    public void Cluster_of_fifty_agents_settles_at_some_ten_tasks_for_each()
    {
        var cluster = Start(50);

        Run(cluster, TimeSpan.FromSeconds(20));

        Assert.Equal(50, _master.Current.Totals.ActiveAgents);
        Assert.Equal(["model-training", "nightly-batch", "platform", "spark-recommendations"], _master.Current.Frameworks.Select(framework => framework!.Info.Name).Order());
        Assert.InRange(Running, 400, 700);
        Assert.All(_master.Current.Agents, agent => Assert.True(agent!.Total.Contains(agent.Used + agent.Offered)));
    }

    [Fact]
    public void Cluster_over_an_hour_keeps_its_load_while_tasks_end_and_agents_come_and_go()
    {
        var cluster = Start(20);

        Run(cluster, TimeSpan.FromHours(1));

        var ended = _master.Current.Totals.TasksByState;
        Assert.InRange(Running, 150, 280);
        Assert.InRange(cluster.LiveTasks, Running, Running + 30);
        Assert.True(ended[TaskState.TaskFinished] > 500);
        Assert.True(ended[TaskState.TaskFailed] > 10);
        Assert.True(_master.Current.Counters["slave_unreachable_completed"] > 0);
        Assert.True(_master.Current.Counters["slave_reregistrations"] > 5);
        Assert.True(cluster.LinkedAgents >= 18);
    }

    [Fact]
    public void Tasks_of_a_running_cluster_tell_what_they_use()
    {
        var cluster = Start(10);

        Run(cluster, TimeSpan.FromSeconds(30));

        var measured = _master.Current.Totals.Measured;
        Assert.InRange(measured.Cpus, 1, _master.Current.Totals.Used.Scalar("cpus").ToDouble());
        Assert.InRange(measured.MemMiB, 1000, _master.Current.Totals.Used.Scalar("mem").ToDouble() + (10 * 600));
        Assert.All(_master.Current.Tasks.Where(task => task is { State: TaskState.TaskRunning } && task.StateSince < _time.GetUtcNow().AddSeconds(-15)), task => Assert.NotNull(task!.Usage));
    }

    [Fact]
    public async Task Task_that_an_operator_kills_ends_and_is_replaced()
    {
        var cluster = Start(5);
        Run(cluster, TimeSpan.FromSeconds(20));
        var victim = _master.Current.Tasks.First(task => task is { State: TaskState.TaskRunning } && task.Info.Name == "gateway")!;
        var wanted = Services().Count();

        await _master.SendAsync(new MasterCommand.KillTask(victim.Key), CancellationToken.None);
        Run(cluster, TimeSpan.FromSeconds(30));

        Assert.Equal(1, _master.Current.Totals.TasksByState[TaskState.TaskKilled]);
        Assert.DoesNotContain(_master.Current.Tasks, task => task?.Key == victim.Key);
        Assert.InRange(Services().Count(), wanted - 1, wanted + 2);

        IEnumerable<TaskView?> Services() => _master.Current.Tasks.Where(task => task is { Role: "services", State: TaskState.TaskRunning });
    }

    [Fact]
    public async Task Framework_that_an_operator_removes_begins_anew_under_another_id()
    {
        var cluster = Start(5);
        Run(cluster, TimeSpan.FromSeconds(20));
        var platform = _master.Current.Frameworks.First(framework => framework?.Info.Name == "platform")!;

        await _master.SendAsync(new MasterCommand.TeardownFramework(platform.Id), CancellationToken.None);
        Run(cluster, TimeSpan.FromSeconds(30));

        var now = _master.Current.Frameworks.First(framework => framework?.Info.Name == "platform")!;
        Assert.NotEqual(platform.Id, now.Id);
        Assert.InRange(now.ActiveTasks, platform.ActiveTasks - 2, platform.ActiveTasks + 2);
    }

    [Fact]
    public void Cluster_whose_master_refuses_commands_for_a_while_recovers()
    {
        var cluster = Start(30);
        Run(cluster, TimeSpan.FromSeconds(2));

        _master.IsOverloaded = true;
        Run(cluster, TimeSpan.FromSeconds(40));
        _master.IsOverloaded = false;
        Run(cluster, TimeSpan.FromSeconds(120));

        // One may be in trouble of its own just then.
        Assert.InRange(_master.Current.Totals.ActiveAgents, 29, 30);
        Assert.InRange(Running, 230, 420);
    }

    [Fact]
    public void Clusters_of_one_seed_are_the_same_and_of_another_differ()
    {
        Assert.Equal(History(3), History(3));
        Assert.NotEqual(History(3), History(4));

        static string History(ulong seed)
        {
            var test = new DemoClusterTests();
            test.Run(test.Start(8, seed), TimeSpan.FromMinutes(3));
            return string.Join('\n', test._master.Current.RecentEvents) + string.Join('\n', test._master.Current.Tasks.Select(task => $"{task?.Key} {task?.State} {task?.StateSince:O}"));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(50_001)]
    public void Cluster_of_an_impossible_size_is_refused(int agents) => Assert.Throws<ArgumentOutOfRangeException>(() => Start(agents));
}
