using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Core.Marathon;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Console.Feeds;
using AppsPage = Orchestrator.Web.Console.Pages.Apps;

namespace Orchestrator.Tests.Unit.Console.Pages;

public sealed class AppsPageTests : IAsyncLifetime
{
    private readonly ConsoleContext _console = new(Services.Snapshot(
        Services.App("/shop/web", 3, 3, healthy: 2, unhealthy: 1, more: "\"labels\": { \"team\": \"shop\" }"),
        Services.App("/shop/db", 1, 1),
        Services.App("/old", 0)));

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await _console.DisposeAsync();

    [Fact]
    public void Apps_of_an_address_with_filters_are_those_that_match()
    {
        var page = _console.Open<AppsPage>("ui/apps?health=unhealthy");
        Assert.Equal("/shop/web", Assert.Single(page.FindAll("tbody a")).TextContent);
        Assert.Contains("1 of 3", page.Find(".page-name").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Group_of_the_address_shows_the_way_to_it_and_what_is_in_it()
    {
        var page = _console.Open<AppsPage>("ui/apps?group=/shop&sort=-cpus");

        Assert.Equal(["/shop/db", "/shop/web"], page.FindAll("tbody a").Select(link => link.TextContent).Order());
        Assert.Equal(["All apps", "shop"], page.FindAll(".folders a").Select(link => link.TextContent));
        Assert.Equal("ui/apps?sort=-cpus", page.FindAll(".folders a")[0].GetAttribute("href"));
        Assert.Equal("ui/apps?group=%2Fshop", _console.Open<AppsPage>("ui/apps").Find(".folders .chip").GetAttribute("href"));
    }

    [Fact]
    public void Chip_of_a_status_when_pressed_is_kept_in_the_address()
    {
        var page = _console.Open<AppsPage>("ui/apps?sort=-cpus");
        page.FindAll(".chip").Single(chip => chip.TextContent.Contains("Suspended", StringComparison.Ordinal)).Click();
        Assert.Equal("ui/apps?status=suspended&sort=-cpus", _console.Address);
    }

    [Fact]
    public void Host_without_apps_says_what_one_is_and_leads_to_the_dialog()
    {
        _console.Engine.Current = Services.Snapshot();
        var page = _console.Open<AppsPage>("ui/apps");
        Assert.Contains("No apps yet", page.Markup, StringComparison.Ordinal);
        Assert.Contains("dialog=new", page.Find(".empty a").GetAttribute("href"), StringComparison.Ordinal);
    }

    [Fact]
    public void Destroy_in_the_menu_asks_first_and_shows_a_refusal()
    {
        _console.Engine.Answer = _ => ScriptedServices.Reply(409, """{"message":"App is locked","deployments":[{"id":"d"}]}""");
        var page = _console.Open<AppsPage>("ui/apps?q=db");
        Press(page, ".menu-items button", "Destroy");
        Assert.Empty(_console.Engine.Commands);
        Press(page, ".modal-foot button", "Destroy");
        Assert.Contains("App is locked", page.Find(".note").TextContent, StringComparison.Ordinal);

        _console.Engine.Answer = _ => ScriptedServices.Reply(200, "{}");
        Press(page, ".modal-foot button", "Destroy anyway");
        Assert.True(Assert.IsType<MarathonCommand.DeleteApp>(_console.Engine.Commands[1]) is { AppId: "/shop/db", Force: true });
        Assert.Empty(page.FindAll("dialog"));
    }

    [Theory]
    [InlineData("4", true)]
    [InlineData("", false)]
    [InlineData("-1", false)]
    public void Scale_takes_a_whole_number_only(string typed, bool isSent)
    {
        var page = _console.Open<AppsPage>("ui/apps?q=db");
        Press(page, ".menu-items button", "Scale");
        page.Find("dialog input").Input(typed);
        Press(page, ".modal-foot button", "Scale");

        Assert.Equal(isSent, _console.Engine.Commands.Count == 1);
        Assert.Equal(isSent, page.FindAll("dialog").Count == 0);
    }

    [Fact]
    public async Task Change_in_the_engine_shows_without_a_reload()
    {
        var feed = _console.Services.GetRequiredService<LiveFeed>();
        await feed.StartAsync(CancellationToken.None);
        var page = _console.Open<AppsPage>("ui/apps");
        Assert.Equal(3, page.FindAll("tbody a").Count);

        _console.Engine.Current = Services.Snapshot(Services.App("/new", 1, 1));
        using var deadline = new CancellationTokenSource(Until.Patience);
        while (page.FindAll("tbody a").Count != 1)
        {
            deadline.Token.ThrowIfCancellationRequested();
            _console.Time.Advance(LiveFeed.Pause);
            await Task.Delay(5, CancellationToken.None);
        }

        Assert.Equal("/new", page.Find("tbody a").TextContent);
        await feed.StopAsync(CancellationToken.None);
    }

    private static void Press(IRenderedComponent<AppsPage> page, string selector, string text) =>
        page.FindAll(selector).Single(button => button.TextContent.Trim() == text).Click();
}
