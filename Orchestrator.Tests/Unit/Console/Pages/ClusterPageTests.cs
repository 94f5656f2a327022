using Bunit;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Master;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Views;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Console.Pages;
using Orchestrator.Web.Console.Pages.Cluster;
using Orchestrator.Web.Console.Pages.Parts;
using AgentPage = Orchestrator.Web.Console.Pages.Cluster.Agent;

namespace Orchestrator.Tests.Unit.Console.Pages;

public sealed class ClusterPageTests : IDisposable
{
    private readonly ConsolePageContext _context = new();

    public void Dispose() => _context.Dispose();

    [Fact]
    public async Task Page_renders_again_for_a_change_that_it_shows_and_not_for_another()
    {
        var page = _context.Open<AgentPage>("ui/agents/m-S0", p => p.Add(a => a.Id, "m-S0"));
        await _context.GoLiveAsync();
        Assert.Contains("localhost", page.Find("h1").TextContent, StringComparison.Ordinal);
        var agents = Snapshots.Busy.Agents.ToBuilder();
        agents[0] = agents[0]! with { Connected = false, Active = false };

        _context.Master.Current = Snapshots.Busy with { Version = 3, Agents = agents.ToVector() };
        await _context.UntilAsync("the page says that the link broke", () => page.Markup.Contains("The link to this agent is broken", StringComparison.Ordinal));

        var renders = page.RenderCount;
        var heard = 0L;
        using var other = page.Instance.Feed.Subscribe(state =>
        {
            heard = state.Cluster.Version;
            return Task.CompletedTask;
        });
        _context.Master.Current = _context.Master.Current with { Version = 4, RecentEvents = [new ClusterEvent(1, Snapshots.Start, "agent-registered", "x", "Elsewhere")] };
        await _context.UntilAsync("the change elsewhere has passed", () => heard == 4);
        Assert.Equal(renders, page.RenderCount);
    }

    [Fact]
    public void Agents_page_under_a_filter_that_nothing_passes_leads_back_to_all()
    {
        var page = _context.Open<Agents>("ui/agents?q=nothing-like-this");

        Assert.Equal("No agent matches", page.Find(".empty h2").TextContent);
        Assert.Equal("ui/agents", page.Find(".empty a").GetAttribute("href"));
    }

    [Fact]
    public void Agents_page_of_an_empty_cluster_says_how_to_start_one()
    {
        using var context = new ConsolePageContext(Snapshots.Empty);

        var page = context.Open<Agents>("ui/agents");

        Assert.Equal("orchestrator-agent --master=127.0.0.1:5050", page.Find(".empty pre").TextContent);
    }

    [Fact]
    public void Agent_that_is_not_known_says_so()
    {
        var page = _context.Open<AgentPage>("ui/agents/m-S9", p => p.Add(a => a.Id, "m-S9"));

        Assert.Equal("This agent is not known", page.Find(".empty h2").TextContent);
    }

    [Fact]
    public void Reservations_of_an_agent_stand_by_role_beside_what_is_free()
    {
        var page = _context.Open<AgentPage>("ui/agents/m-S0?view=reservations", p => p.Add(a => a.Id, "m-S0"));

        var rows = page.FindAll("tbody tr").Select(row => string.Join(" | ", row.QuerySelectorAll("td").Select(cell => cell.TextContent))).ToList();
        Assert.Equal(["Not reserved | 3.5 | 4 GiB | 3.9 GiB | 0 | 1\u00a0001", "a/b | 0.5 | 64 MiB | 64 MiB | 0 | 0"], rows);
    }

    [Fact]
    public async Task Agent_is_drained_after_a_question_with_the_grace_that_was_given()
    {
        _context.Master.Answer = _ => MasterReply.Ok;
        var page = _context.Open<AgentPage>("ui/agents/m-S0", p => p.Add(a => a.Id, "m-S0"));
        page.FindAll("button").Single(button => button.TextContent.Contains("Drain", StringComparison.Ordinal)).Click();
        page.Find("input[type=number]").Change("30");
        page.Find("input[type=checkbox]").Change(true);
        page.FindAll(".modal button").Single(button => button.TextContent.Trim() == "Drain").Click();
        Assert.Equal(new MasterCommand.DrainAgent(new AgentId("m-S0"), TimeSpan.FromSeconds(30), MarkGone: true), await _context.Master.NextAsync());
    }

    [Fact]
    public async Task Quota_of_a_role_is_set_from_its_dialog_and_keeps_what_the_dialog_does_not_show()
    {
        _context.Master.Answer = _ => MasterReply.Ok;
        var quota = new Core.Contract.QuotaApi.QuotaConfig { Role = "web" };
        quota.Limits["ports"] = new Value.Types.Scalar { Value = 5 };
        var role = new RoleView("web", 1, [], Core.Resources.ResourceList.Empty, Core.Resources.ResourceList.Empty, Core.Resources.ResourceList.Empty) { Quota = quota };
        var dialog = _context.Render<RoleDialog>(p => p.Add(d => d.Role, role));
        dialog.Find("input[aria-label='CPU guaranteed']").Change("2");
        dialog.Find("input[aria-label='CPU at most']").Change("8");
        dialog.FindAll(".modal button").Single(button => button.TextContent.Trim() == "Save").Click();
        var config = Assert.Single(Assert.IsType<MasterCommand.UpdateQuota>(await _context.Master.NextAsync()).Configs);
        Assert.Equal((2.0, 8.0, 5.0), (config.Guarantees["cpus"].Value, config.Limits["cpus"].Value, config.Limits["ports"].Value));
    }

    [Theory]
    [InlineData(false, "Deactivate,Drain,Mark gone")]
    [InlineData(true, "Reactivate,Drain,Mark gone")]
    public void Agent_offers_what_can_be_done_with_it(bool deactivated, string expected)
    {
        var agents = Snapshots.Busy.Agents.ToBuilder();
        agents[0] = agents[0]! with { Active = !deactivated, Deactivated = deactivated };
        using var context = new ConsolePageContext(Snapshots.Busy with { Agents = agents.ToVector() });
        var page = context.Open<AgentPage>("ui/agents/m-S0", p => p.Add(a => a.Id, "m-S0"));
        string[] known = ["Deactivate", "Reactivate", "Drain", "Mark gone"];
        Assert.Equal(expected, string.Join(',', page.FindAll("button").Select(button => button.TextContent.Trim()).Where(known.Contains)));
    }

    [Fact]
    public void Framework_page_links_only_to_pages_that_a_browser_opens()
    {
        Assert.Empty(Framework("javascript:alert(1)").FindAll("a[target=_blank]"));
        Assert.Equal("http://f.example/", Framework("http://f.example/").Find("a[target=_blank]").GetAttribute("href"));

        static IRenderedComponent<Framework> Framework(string webUi)
        {
            var frameworks = Snapshots.Busy.Frameworks.ToBuilder();
            frameworks[0] = frameworks[0]! with { Info = new FrameworkInfo(frameworks[0]!.Info) { WebuiUrl = webUi } };
            var context = new ConsolePageContext(Snapshots.Busy with { Frameworks = frameworks.ToVector() });
            return context.Open<Framework>("ui/frameworks/m-0000", p => p.Add(f => f.Id, "m-0000"));
        }
    }

    [Fact]
    public async Task Framework_that_is_torn_down_asks_first_and_sends_the_command_of_the_api()
    {
        var page = _context.Open<Framework>("ui/frameworks/m-0000", p => p.Add(f => f.Id, "m-0000"));

        await page.FindAll("button").Single(button => button.TextContent.Contains("Tear down", StringComparison.Ordinal)).ClickAsync(new());
        Assert.Equal(0, _context.Master.Count);
        await page.Find("dialog button.danger").ClickAsync(new());

        Assert.Equal(new MasterCommand.TeardownFramework(new FrameworkId("m-0000")), await _context.Master.NextAsync());
        Assert.Empty(page.FindAll("dialog"));
    }

    [Fact]
    public async Task Framework_whose_tear_down_is_refused_shows_the_reason()
    {
        _context.Master.Answer = _ => new MasterReply(503, "The master is not ready");
        var page = _context.Open<Framework>("ui/frameworks/m-0000", p => p.Add(f => f.Id, "m-0000"));

        await page.FindAll("button").Single(button => button.TextContent.Contains("Tear down", StringComparison.Ordinal)).ClickAsync(new());
        await page.Find("dialog button.danger").ClickAsync(new());

        Assert.Equal("The master is not ready", page.Find("dialog [role=alert]").TextContent);
    }

    [Fact]
    public void Overview_counts_ports_of_many_agents_apart_though_their_numbers_are_the_same()
    {
        var agents = Snapshots.Busy.Agents.ToBuilder();
        agents[1] = agents[0]! with { Id = new AgentId("m-S1") };
        using var context = new ConsolePageContext(Snapshots.Busy with { Agents = agents.ToVector() });

        var tile = context.Open<Overview>("ui").FindAll(".resources > *")[^1];

        Assert.Contains("of 2\u00a0002", tile.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Overview_leads_to_the_filters_that_the_lists_know()
    {
        using var context = new ConsolePageContext(Snapshots.Busy, ServiceSnapshots.Busy);

        var links = context.Open<Overview>("ui").FindAll(".count-list a").Select(link => link.GetAttribute("href")).ToList();

        Assert.Contains("ui/tasks?state=running", links);
        Assert.Contains("ui/tasks?state=completed", links);
        Assert.Contains("ui/apps?status=Waiting", links);
        Assert.Contains("ui/agents", links);
    }

    [Theory]
    [InlineData(null, "/ui")]
    [InlineData("", "/ui")]
    [InlineData("/ui/apps?q=a", "/ui/apps?q=a")]
    [InlineData("/", "/ui")]
    [InlineData("https://evil.example/", "/ui")]
    [InlineData("//evil.example/", "/ui")]
    [InlineData("/\\evil.example/", "/ui")]
    [InlineData("/\t/evil.example/", "/ui")]
    [InlineData("/ui/sign-in", "/ui")]
    [InlineData("/ui/sign-out", "/ui")]
    public void Sign_in_leads_on_to_pages_of_this_host_only(string? asked, string target) =>
        Assert.Equal(target, SignIn.LocalTarget(asked));
}
