using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Views;
using Orchestrator.Core.Views.Services;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Console.Controls;
using Orchestrator.Web.Console.Feeds;

namespace Orchestrator.Tests.Unit.Console.Feeds;

public sealed class AttentionListTests
{
    private static readonly DateTimeOffset s_now = Snapshots.Start.AddHours(1);

    [Fact]
    public void Cluster_that_is_well_needs_no_attention() =>
        Assert.Empty(Of(Snapshots.Busy));

    [Fact]
    public void Unreachable_agents_are_one_item_that_names_some_of_them()
    {
        var away = Enumerable.Range(1, 5).Select(i => new RecoveredAgentView(new AgentId($"m-S{i}"), new AgentInfo { Hostname = $"host{i}" }, Snapshots.Start.AddMinutes(i))).ToArray();

        var item = Assert.Single(Of(Snapshots.Busy with { UnreachableAgents = away }));

        Assert.Equal("5 agents are unreachable", item.Title);
        Assert.StartsWith("host1, host2, host3, …", item.Text, StringComparison.Ordinal);
        Assert.Equal((Tone.Away, "ui/agents?state=unreachable", Snapshots.Start.AddMinutes(5)), (item.Tone, item.Href, item.Since));
    }

    [Fact]
    public void Framework_without_a_stream_is_an_item_and_a_completed_one_is_not()
    {
        var frameworks = Snapshots.Busy.Frameworks.ToBuilder();
        frameworks[0] = frameworks[0]! with { Connected = false, Active = false };

        var item = Assert.Single(Of(Snapshots.Busy with { Frameworks = frameworks.ToVector() }));

        Assert.Equal(("Framework cap fw is disconnected", "ui/frameworks/m-0000"), (item.Title, item.Href));
    }

    [Fact]
    public void Task_that_stages_for_long_is_an_item_and_one_that_began_just_now_is_not()
    {
        var staging = Snapshots.Task("m-0000", "t2", TaskState.TaskStaging, 1);
        var tasks = PagedVector<TaskView?>.Empty.ToBuilder();
        tasks.Add(staging with { LaunchedAt = s_now - AttentionList.MaxStaging - TimeSpan.FromSeconds(1) });
        tasks.Add(staging with { LaunchedAt = s_now - AttentionList.MaxStaging + TimeSpan.FromSeconds(1) });
        var totals = Snapshots.Busy.Totals with { TasksByState = new Dictionary<TaskState, long> { [TaskState.TaskStaging] = 2 } };

        var item = Assert.Single(Of(Snapshots.Busy with { Tasks = tasks.ToVector(), Totals = totals }));

        Assert.Equal("1 task does not start", item.Title);
    }

    [Fact]
    public void Unhealthy_app_comes_before_one_that_waits_and_each_says_why()
    {
        var app = ServiceSnapshots.App(ServiceSnapshots.Batch);
        var waiting = app with
        {
            Id = "/slow",
            Queue = new QueueView
            {
                Count = 2,
                Since = s_now.AddMinutes(-1),
                ProcessedOffers = 9,
                UnusedOffers = 9,
                LastUnusedOffers = [new UnusedOfferView("o", "a", "h", s_now, new Offer(), [new OfferRejection("InsufficientCpus", "2 cpus", "0.5 cpus")])],
            },
        };
        var services = ServiceSnapshots.Empty with { Connected = true, FrameworkId = "f", Apps = [waiting, app with { Id = "/sick", TasksRunning = 3, TasksUnhealthy = 1 }] };

        var items = Of(Snapshots.Busy, services);

        Assert.Equal(["/sick is unhealthy", "/slow waits"], items.Select(item => item.Title));
        Assert.Equal("1 of 3 running instances fail their health check.", items[0].Text);
        Assert.Equal("2 instances to launch. Offers lack: needs 2 cpus, offered 0.5 cpus.", items[1].Text);
    }

    [Fact]
    public void App_that_waits_for_a_moment_only_is_no_item()
    {
        var app = ServiceSnapshots.App(ServiceSnapshots.Batch) with { Queue = new QueueView { Count = 1, Since = s_now.AddSeconds(-1), ProcessedOffers = 0, UnusedOffers = 0, LastUnusedOffers = [] } };

        Assert.Empty(Of(Snapshots.Busy, ServiceSnapshots.Empty with { Connected = true, FrameworkId = "f", Apps = [app] }));
    }

    [Fact]
    public void Services_engine_that_lost_its_subscription_is_an_item() =>
        Assert.Equal("Services engine is not subscribed", Assert.Single(Of(Snapshots.Busy, ServiceSnapshots.Empty with { FrameworkId = "f" })).Title);

    [Fact]
    public void Too_many_items_end_with_their_number()
    {
        var apps = Enumerable.Range(0, 100).Select(i => ServiceSnapshots.App(ServiceSnapshots.Batch) with { Id = $"/app{i}", TasksRunning = 1, TasksUnhealthy = 1 }).ToArray();

        var items = Of(Snapshots.Busy, ServiceSnapshots.Empty with { Connected = true, FrameworkId = "f", Apps = apps });

        Assert.Equal(AttentionList.MaxItems, items.Length);
        Assert.Equal("89 more", items[^1].Title);
    }

    private static AttentionItem[] Of(ClusterSnapshot cluster, ServicesSnapshot? services = null) =>
        AttentionList.Of(new LiveState(cluster, services ?? LiveState.NoServices), s_now);
}
