using System.Text.Json;
using Bunit;
using Microsoft.AspNetCore.Components;
using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Contract.Pods;
using Orchestrator.Core.Views.Services;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Console.Layout;
using Orchestrator.Web.Console.Pages;
using Orchestrator.Web.Console.Pages.Pods;

namespace Orchestrator.Tests.Unit.Console.Pages;

public sealed class PodPagesTests
{
    private static readonly DateTimeOffset s_start = ServiceSnapshots.Start;

    /// <summary>A writer without a check, and a server with one: an endpoint of the machine and one of the pod's network.</summary>
    private static AppDefinition Site => new()
    {
        Id = "/shop/site",
        Instances = 2,
        Cpus = 0.5,
        Mem = 96,
        Networks = [new NetworkDefinition(NetworkMode.Bridge, null, ServiceSnapshots.Labels())],
        Version = s_start,
        LastScalingAt = s_start,
        LastConfigChangeAt = s_start,
        Pod = new PodDefinition
        {
            Containers =
            [
                new PodContainer { Name = "writer", Shell = "date > /out/now", Endpoints = [Endpoint("tell", 90, null)] },
                new PodContainer { Name = "server", Image = "busybox", Endpoints = [Endpoint("web", 8080, 0)], HealthCheck = new HealthCheckDefinition { Protocol = "MESOS_HTTP" } },
            ],
        },
    };

    private static AppView Pod(params InstanceView[] instances) => ServiceSnapshots.App(Site, instances);

    private static InstanceView Running(bool? isHealthy) => ServiceSnapshots.Running(Site, "1", "one", 0, 31001) with
    {
        Healthy = isHealthy,
        Containers =
        [
            new PodTaskView("writer", "site.instance-1.writer", "TASK_RUNNING", s_start, null, ""),
            new PodTaskView("server", "site.instance-1.server", "TASK_RUNNING", s_start, isHealthy, ""),
        ],
    };

    private static InstanceView Waiting => ServiceSnapshots.Running(Site, "2", "") with { Condition = "Scheduled", State = "TASK_STAGING", TaskId = "", AgentId = "", IpAddresses = [] };

    private static ServicesSnapshot With(params AppView[] pods) => ServiceSnapshots.Empty with { Version = 3, Connected = true, FrameworkId = "f-1", Pods = pods };

    private static PodEndpoint Endpoint(string name, int port, int? hostPort) => new(name, port, hostPort, ["tcp"], ServiceSnapshots.Labels());

    private static AppView Other(string id, int instances, bool isRemoved = false)
    {
        var definition = Site with { Id = id, Instances = instances };
        return ServiceSnapshots.App(definition) with { IsRemoved = isRemoved };
    }

    private static string[] Cells(IRenderedComponent<PodPage> page, int row) =>
        [.. page.FindAll("tbody tr").Where(line => line.QuerySelector("td.state") is not null).ElementAt(row).QuerySelectorAll("td").Select(cell => string.Join(' ', cell.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))];

    [Fact]
    public void List_shows_each_pod_with_what_it_has_and_asks_for()
    {
        using var console = new ConsolePageContext(services: With(Pod(Running(true), Waiting), Other("/gone", 0, isRemoved: true), Other("/idle", 0)));

        var page = console.Open<PodsPage>("/ui/pods");

        Assert.Equal(["ui/pods/shop/site", "ui/pods/idle"], page.FindAll("tbody a").Select(link => link.GetAttribute("href")));
        Assert.Equal(["Degraded", "Stable"], page.FindAll("tbody .badge").Select(badge => badge.TextContent));
        Assert.Contains("writer, server", page.Markup, StringComparison.Ordinal);
        Assert.Contains("192 MiB", page.Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SHOP", "/shop/site")]
    [InlineData("degraded%20writer", "/shop/site")]
    [InlineData("stable", "/idle")]
    public void List_of_an_address_with_a_filter_is_what_matches(string filter, string pod)
    {
        using var console = new ConsolePageContext(services: With(Other("/idle", 0), Pod(Waiting)));

        var page = console.Open<PodsPage>("/ui/pods?q=" + filter);

        Assert.Equal(pod, Assert.Single(page.FindAll("tbody a")).TextContent);
        Assert.Contains("1 of 2", page.Find(".page-name").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void List_without_pods_tells_how_to_make_one_and_one_without_a_match_does_not()
    {
        using var console = new ConsolePageContext(services: With());
        Assert.Contains("v2/pods -H 'Content-Type: application/json' -d @pod.json", console.Open<PodsPage>("/ui/pods").Find("pre").TextContent, StringComparison.Ordinal);

        using var other = new ConsolePageContext(services: With(Other("/idle", 0)));
        Assert.Contains("No pod matches", other.Open<PodsPage>("/ui/pods?q=zzz").Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Page_shows_each_container_with_state_health_agent_and_addresses()
    {
        using var console = new ConsolePageContext(services: With(Pod(Running(false), Waiting)));

        var page = console.Open<PodPage>("/ui/pods/shop/site", parameters => parameters.Add(pod => pod.Path, "shop/site"));

        Assert.Equal(["writer command", "shop_site.1 Degraded", "Running", "—", "one 172.17.0.2", "172.17.0.2:90"], Cells(page, 0)[..6]);
        Assert.Equal(["server busybox", "shop_site.1 Degraded", "Running", "Unhealthy", "one 172.17.0.2", "one:31001"], Cells(page, 1)[..6]);
        Assert.Equal(["not launched yet", "shop_site.2 Pending", "Scheduled", "—", "", ""], Cells(page, 2)[..6]);
        var links = page.FindAll("tbody a").Select(link => link.GetAttribute("href")).ToList();
        Assert.Contains("ui/tasks/f-1/site.instance-1.server", links);
        Assert.Contains("ui/tasks/f-1/site.instance-1.server?view=log", links);
        Assert.Contains("ui/tasks/f-1/site.instance-1.writer?view=files", links);
        Assert.Contains("ui/agents/m-S0", links);
    }

    [Fact]
    public void Configuration_is_the_definition_as_the_api_gives_it()
    {
        using var console = new ConsolePageContext(services: With(Pod()));

        var page = console.Open<PodPage>("/ui/pods/shop/site?view=configuration", parameters => parameters.Add(pod => pod.Path, "shop/site"));

        var text = page.Find("pre").TextContent;
        using var json = JsonDocument.Parse(text);
        Assert.Equal("/shop/site", json.RootElement.GetProperty("id").GetString());
        Assert.Equal(2, json.RootElement.GetProperty("containers").GetArrayLength());
        Assert.Contains("date > /out/now", text, StringComparison.Ordinal);
        Assert.Equal(text, page.Find("[data-copy]").GetAttribute("data-copy"));
        Assert.Contains("/v2/pods/shop/site", page.Find(".toolbar").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_follows_the_pod_until_it_is_gone()
    {
        using var console = new ConsolePageContext(services: With(Pod(Waiting)));
        await console.GoLiveAsync();
        var page = console.Open<PodPage>("/ui/pods/shop/site", parameters => parameters.Add(pod => pod.Path, "shop/site"));
        Assert.Equal("Degraded", page.Find(".page-name .badge").TextContent);

        console.Engine.Current = With(Pod(Running(true), Running(true) with { Id = "shop_site.instance-3" }));
        await console.UntilAsync("the pod is stable", () => page.Find(".page-name .badge").TextContent == "Stable");

        console.Engine.Current = With(Pod() with { IsRemoved = true });
        await console.UntilAsync("the pod is gone", () => page.Markup.Contains("This pod is gone", StringComparison.Ordinal));
    }

    [Fact]
    public void Page_of_a_path_that_no_pod_has_says_so()
    {
        using var console = new ConsolePageContext(services: With());

        var page = console.Open<PodPage>("/ui/pods/none", parameters => parameters.Add(pod => pod.Path, "none"));

        Assert.Contains("No pod has the path /none", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Page_of_an_app_leads_to_the_pod_that_has_its_path()
    {
        using var console = new ConsolePageContext(services: With(Pod()));

        var page = console.Open<AppPage>("/ui/apps/shop/site", parameters => parameters.Add(app => app.Path, "shop/site"));

        Assert.Equal("ui/pods/shop/site", page.Find(".card a").GetAttribute("href"));
    }

    [Fact]
    public void Sidebar_leads_to_the_pods_and_counts_them()
    {
        using var console = new ConsolePageContext(services: With(Pod(), Other("/gone", 0, isRemoved: true)));
        console.Renderer.SetRendererInfo(new RendererInfo("Server", true));

        Assert.Equal("1", console.Open<Sidebar>("/ui").Find("a[href='ui/pods'] .count").TextContent);
    }
}
