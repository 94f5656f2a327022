using Bunit;
using Orchestrator.Core.Marathon;
using Orchestrator.Core.Views.Services;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Console.Pages;

namespace Orchestrator.Tests.Unit.Console.Pages;

public sealed class AppPageTests : IAsyncLifetime
{
    private readonly ConsoleContext _console;

    public AppPageTests()
    {
        var app = Services.App("/shop/web", 2, 2, healthy: 1, unhealthy: 1);
        var old = Services.Definition("""{ "id": "/shop/web", "cmd": "sleep 2", "cpus": 0.5, "mem": 64, "instances": 2 }""") with { Version = Services.Now.AddHours(-1) };
        _console = new ConsoleContext(Services.Snapshot(app with
        {
            Instances = [Instance("a", healthy: true), Instance("b", healthy: false)],
            Versions = [app.Definition.Version, old.Version],
            Definitions = new Dictionary<DateTimeOffset, Core.Contract.Apps.AppDefinition> { [app.Definition.Version] = app.Definition, [old.Version] = old },
            LastTaskFailure = new TaskFailureView("/shop/web", "h1", "exited with 3 <b>", "TASK_FAILED", "shop_web.instance-x._app.1", Services.Now, app.Definition.Version, "S1"),
        }));
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await _console.DisposeAsync();

    [Fact]
    public void Instances_show_health_with_its_cause_and_links_to_host_ports_and_tasks()
    {
        var page = Open("");
        Assert.Equal(["Healthy", "Unhealthy"], page.FindAll("tbody tr td:nth-child(4)").Select(cell => cell.TextContent.Trim()));
        Assert.Equal("connection refused", page.FindAll("tbody tr td:nth-child(4) .badge")[1].GetAttribute("title"));
        Assert.Equal("http://h1:31000", page.Find("a.port").GetAttribute("href"));
        Assert.Equal("ui/tasks/m-0000/shop_web.instance-a._app.1", page.Find("tbody a.mono").GetAttribute("href"));
    }

    [Theory]
    [InlineData("Kill", false)]
    [InlineData("Kill and scale", true)]
    public void Selected_instances_are_killed_after_a_question(string button, bool scale)
    {
        var page = Open("");
        page.FindAll("tbody input[type=checkbox]")[1].Change(true);
        page.FindAll(".toolbar button").Single(found => found.TextContent.Trim() == button).Click();
        Assert.Empty(_console.Engine.Commands);
        page.FindAll(".modal-foot button").Single(found => found.TextContent.Trim() == button).Click();

        var kill = Assert.IsType<MarathonCommand.KillTasks>(Assert.Single(_console.Engine.Commands));
        Assert.Equal(("/shop/web", "shop_web.instance-b._app.1", scale), (kill.AppId, Assert.Single(kill.TaskIds!), kill.Scale));
        Assert.Empty(page.FindAll("dialog"));
        Assert.Empty(page.FindAll("tr.selected"));
    }

    [Fact]
    public void Older_version_shows_what_differs_and_can_be_applied()
    {
        var page = Open("?view=configuration&version=2026-11-24T11:00:00.000Z");
        var row = Assert.Single(page.FindAll("tr.changed"));
        Assert.Equal(["cmd", "sleep 2", "sleep 1"], row.Children.Select(cell => cell.TextContent));
        page.FindAll("button").Single(button => button.TextContent == "Apply this version").Click();
        page.FindAll(".modal-foot button").Single(button => button.TextContent.Trim() == "Apply").Click();

        Assert.Equal("""{"version":"2026-11-24T11:00:00.000Z"}""", Assert.IsType<MarathonCommand.UpdateApps>(Assert.Single(_console.Engine.Commands)).Update.GetRawText());
    }

    [Fact]
    public void Waiting_app_says_what_each_agent_lacks_and_what_would_help()
    {
        _console.Master.Current = ClusterSnapshots.Of(ClusterSnapshots.Node("S7", "cpus:3.8"), ClusterSnapshots.Node("S8") with { Connected = false });
        _console.Engine.Current = Services.Snapshot(Services.App("/shop/web", more: "\"ports\": []") with { Queue = Services.Queue() });
        var page = Open("?view=waits");

        Assert.Contains("1 instance of /shop/web waits: none of 2 agents fits", page.Find(".summary[role=status]").TextContent, StringComparison.Ordinal);
        Assert.Equal("free 0.3 cpus on host-S7, or lower cpus to 0.2", page.Find(".help li").TextContent);
        Assert.Equal(["Agent", "CPU", "Memory"], page.FindAll(".funnel .name").Select(name => name.TextContent));
        Assert.Equal(["host-S7", "host-S8"], page.FindAll("tbody td:first-child").Select(cell => cell.TextContent.Trim()));
        Assert.Equal("needed: 0.5 cpus; total: 4 cpus; used: 3.8 cpus; available: 0.2 cpus", page.Find("tbody .unmet").GetAttribute("title"));
    }

    [Fact]
    public void Obstacle_of_a_delayed_app_is_named_with_its_end()
    {
        _console.Master.Current = ClusterSnapshots.Of(ClusterSnapshots.Node("S7"));
        _console.Engine.Current = Services.Snapshot(Services.App("/shop/web") with { Queue = Services.Queue(1, TimeSpan.FromSeconds(30)) });

        var obstacle = Open("?view=waits").Find(".obstacle");

        Assert.Contains("Backoff", obstacle.TextContent, StringComparison.Ordinal);
        Assert.Contains("the next launch waits 30 s", obstacle.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void App_of_which_nothing_waits_says_so() => Assert.Contains("Nothing waits", Open("?view=waits").Markup, StringComparison.Ordinal);

    [Fact]
    public void Delayed_app_can_be_launched_now()
    {
        _console.Engine.Current = Services.Snapshot(Services.App("/shop/web") with { Queue = Services.Queue(1, TimeSpan.FromMinutes(1)) });
        var page = Open("");
        page.FindAll(".banner button").Single().Click();
        page.FindAll(".modal-foot button").Single(button => button.TextContent.Trim() == "Reset delay").Click();
        Assert.Equal("/shop/web", Assert.IsType<MarathonCommand.ResetDelay>(Assert.Single(_console.Engine.Commands)).AppId);
    }

    [Fact]
    public void Failure_in_debug_is_text_with_links_to_its_output()
    {
        var page = Open("?view=debug");
        Assert.Contains("exited with 3 <b>", page.FindAll("dd").Select(fact => fact.TextContent));
        Assert.Contains("ui/tasks/m-0000/shop_web.instance-x._app.1?view=log&file=stderr", page.FindAll("dd a").Select(link => link.GetAttribute("href")));
    }

    [Fact]
    public void Unknown_app_says_so()
    {
        var page = _console.Open<AppPage>("ui/apps/nothing", parameters => parameters.Add(app => app.Path, "nothing"));
        Assert.Contains("There is no such app", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Running_deployments_of_the_app_can_be_rolled_back_or_stopped()
    {
        var snapshot = Services.Snapshot(Services.App("/shop/web") with { DeploymentIds = ["d1"] });
        _console.Engine.Current = snapshot with
        {
            Deployments = [new DeploymentView { Id = "d1", Version = Services.Now, StartedAt = Services.Now, AffectedApps = ["/shop/web"], Steps = [[new DeploymentActionView("ScaleApplication", "/shop/web")]], CurrentStep = 1 }],
        };
        var page = Open("?view=deployments");
        Assert.Contains("step 1 of 1", page.Find("tbody").TextContent, StringComparison.Ordinal);
        page.FindAll("tbody button").Single(button => button.TextContent == "Abort").Click();
        page.FindAll(".modal-foot button").Single(button => button.TextContent.Trim() == "Abort").Click();

        Assert.True(Assert.IsType<MarathonCommand.CancelDeployment>(Assert.Single(_console.Engine.Commands)) is { DeploymentId: "d1", Force: false });
    }

    [Fact]
    public void Autoscaling_shows_the_load_the_rule_and_decisions_with_their_reasons()
    {
        var app = Services.App("/shop/web", 4, more: """ "autoscaling": { "min": 2, "max": 8, "target": 0.6, "schedule": [{ "cron": "0 8 * * 1-5", "min": 5, "durationSeconds": 3600 }] } """) with
        {
            Autoscaling = new AutoscalingView(
                new ScalingVerdictView { At = Services.Now, Action = "Waiting", Reason = "The cooldown ends in 20 s.", Instances = 4, Wanted = 6, Min = 2, Max = 8, Utilization = 0.9, Measured = 3, Missing = 0, Warming = 1 },
                [new ScalingDecisionView(Services.Now.AddMinutes(-2), "AtMaximum", 8, 8, "no <more>", 0.9, null), new ScalingDecisionView(Services.Now, "ScaleUp", 3, 4, "it is busy", 0.8, "d-9")]),
        };
        _console.Engine.Current = Services.Snapshot(app);

        var page = Open("?view=autoscaling");

        Assert.Contains("The cooldown ends in 20 s.", page.Markup, StringComparison.Ordinal);
        Assert.Contains(page.FindAll("dd"), fact => fact.TextContent == "90% of what is asked for, target 60%");
        Assert.Contains("At 0 8 * * 1-5", page.Markup, StringComparison.Ordinal);
        Assert.Equal(["3 → 4", "At the maximum"], page.FindAll("tbody .badge").Select(badge => badge.TextContent.Trim()));
        Assert.Equal(["it is busy", "no <more>"], page.FindAll("tbody .reason").Select(cell => cell.TextContent));
    }

    [Fact]
    public void App_without_autoscaling_has_no_such_part() => Assert.DoesNotContain("Autoscaling", Open("").Markup, StringComparison.Ordinal);

    private static InstanceView Instance(string name, bool healthy) => new()
    {
        Id = $"shop_web.instance-{name}",
        TaskId = $"shop_web.instance-{name}._app.1",
        AppId = "/shop/web",
        Condition = "Running",
        State = "TASK_RUNNING",
        Host = "h1",
        AgentId = "S1",
        Ports = [31000],
        IpAddresses = ["172.17.0.2"],
        StartedAt = Services.Now,
        Version = Services.Now,
        Healthy = healthy,
        HealthResults = healthy ? [] : [new HealthResultView(false, 2, null, null, Services.Now, "connection refused", name)],
    };

    private IRenderedComponent<AppPage> Open(string query) => _console.Open<AppPage>("ui/apps/shop/web" + query, parameters => parameters.Add(app => app.Path, "shop/web"));
}
