using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Marathon;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Views;
using Orchestrator.Core.Views.Services;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Hosting;

namespace Orchestrator.Tests.Unit.Web.Hosting;

/// <summary>From what agents report to what the services engine hears.</summary>
public sealed class UsageFeederTests
{
    private const string Rule = """ "autoscaling": { "max": 3, "target": 0.5 } """;
    private readonly ManualTimeProvider _time = new();

    private DateTimeOffset Now => _time.GetUtcNow();

    [Fact]
    public void Fresh_and_whole_figures_of_the_app_on_connected_agents_are_told_and_nothing_else()
    {
        var cluster = Cluster(
            Task("web.1", Usage(0.25, 30)),
            Task("web.2", Usage(0.25, 30) with { IsComplete = false }),
            Task("web.3", Usage(0.25, 30) with { At = Now - UsageFeeder.MaxAge - TimeSpan.FromSeconds(1) }),
            Task("web.4", null),
            Task("web.5", Usage(0.25, 30)) with { AgentId = new AgentId("away") },
            Task("web.6", Usage(0.25, 30)) with { Key = new TaskKey(new FrameworkId("other"), new TaskId("web.6")) },
            Task("plain.1", Usage(0.25, 30)));

        var uses = UsageFeeder.UsesOf(Scaling(), cluster, Now);

        Assert.Equal(new KeyValuePair<string, InstanceUse>("web.1", new InstanceUse(0.25, 30)), Assert.Single(uses));
    }

    [Fact]
    public async Task Engine_hears_the_newest_figures_at_each_interval_while_an_app_scales_itself()
    {
        var (services, master) = (new ScriptedServices(Services.Snapshot(Services.App("/plain"))), new ScriptedMaster(Cluster(Task("web.1", Usage(0.25, 30)))));
        using var feeder = Feeder(services, master);
        await feeder.StartAsync(CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(30));
        services.Current = Scaling();

        await Until.TrueAsync("the figures are told", () =>
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            master.Current = Cluster(Task("web.1", Usage(0.5, 40)));
            return services.Commands.OfType<MarathonCommand.UsageMeasured>().Any(told => told.Uses["web.1"] == new InstanceUse(0.5, 40));
        });
        await feeder.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Engine_with_too_much_to_do_hears_the_next_figures()
    {
        var services = new ScriptedServices(Scaling());
        services.Answer = _ => services.Commands.Count == 1 ? throw new EngineOverloadedException() : new MarathonReply(200, ReadOnlyMemory<byte>.Empty);
        using var feeder = Feeder(services, new ScriptedMaster(Cluster()));
        await feeder.StartAsync(CancellationToken.None);

        await Until.TrueAsync("it is told again", () =>
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            return services.Commands.Count > 1;
        });
        await feeder.StopAsync(CancellationToken.None);
    }

    private UsageFeeder Feeder(ScriptedServices services, ScriptedMaster master) =>
        new(services, master, new MarathonOptions { Seed = 1, AutoscalingInterval = TimeSpan.FromSeconds(10) }, _time, NullLogger<UsageFeeder>.Instance);

    private UsageView Usage(double cpus, double memMiB) => new(cpus, memMiB, 0) { At = Now };

    private static TaskView Task(string id, UsageView? usage) => Snapshots.Task("m-0000", id, TaskState.TaskRunning, 1) with { AgentId = Snapshots.Busy.Agents[0]!.Id, Usage = usage };

    private static ClusterSnapshot Cluster(params TaskView[] tasks)
    {
        var vector = PagedVector<TaskView?>.Empty.ToBuilder();
        foreach (var task in tasks)
        {
            vector.Add(task);
        }

        return Snapshots.Busy with { Tasks = vector.ToVector() };
    }

    private static ServicesSnapshot Scaling() => Services.Snapshot(
        Services.App("/web", 6, more: Rule) with { Instances = [.. Enumerable.Range(1, 6).Select(number => Instance($"web.{number}"))] },
        Services.App("/plain") with { Instances = [Instance("plain.1")] });

    private static InstanceView Instance(string task) => new()
    {
        Id = task,
        TaskId = task,
        AppId = "/web",
        Condition = "Running",
        State = "TASK_RUNNING",
        Host = "h",
        AgentId = "m-S0",
        Ports = [],
        IpAddresses = [],
        Version = Services.Now,
        HealthResults = [],
    };
}
