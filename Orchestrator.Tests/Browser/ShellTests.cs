using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Orchestrator.Tests.Browser.Support;
using Orchestrator.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Orchestrator.Tests.Browser;

/// <summary>What every page of the console has: navigation, keys, themes, a clean content security policy.</summary>
[Collection(BrowserCollection.Name)]
[Trait("Category", "Browser")]
public sealed class ShellTests(ChromiumFixture chromium)
{
    [Fact]
    public async Task Root_address_of_the_host_leads_to_a_live_overview()
    {
        await using var host = await HostFixture.StartAsync();
        await using var window = await ConsoleWindow.OpenAsync(chromium, host.Address);

        await window.GoAsync("/");

        Assert.Equal("/ui", window.Address);
        await Expect(window.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Overview");
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task Question_mark_on_any_page_opens_the_help_and_escape_closes_it()
    {
        await using var host = await HostFixture.StartAsync();
        await using var window = await ConsoleWindow.OpenAsync(chromium, host.Address);
        await window.GoAsync("/ui");
        var help = window.Page.GetByRole(AriaRole.Dialog, new() { Name = "Keyboard shortcuts" });

        await window.Page.Keyboard.PressAsync("?");
        await Expect(help).ToBeVisibleAsync();
        await window.Page.Keyboard.PressAsync("Escape");

        await Expect(help).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Theme_when_switched_stays_so_after_a_reload()
    {
        await using var host = await HostFixture.StartAsync();
        await using var window = await ConsoleWindow.OpenAsync(chromium, host.Address);
        await window.GoAsync("/ui");
        Assert.Equal("light", await SchemeAsync(window.Page));

        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Theme" }).ClickAsync();
        Assert.Equal("dark", await SchemeAsync(window.Page));
        await window.Page.ReloadAsync();

        Assert.Equal("dark", await SchemeAsync(window.Page));
    }

    [Fact]
    public async Task Theme_that_nobody_chose_follows_the_system()
    {
        await using var host = await HostFixture.StartAsync();
        await using var window = await ConsoleWindow.OpenAsync(chromium, host.Address, scheme: ColorScheme.Dark);
        await window.GoAsync("/ui");
        Assert.Equal("dark", await SchemeAsync(window.Page));

        await window.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });

        Assert.Equal("light", await SchemeAsync(window.Page));
    }

    [Fact]
    public async Task Unknown_address_below_ui_says_so_and_leads_back()
    {
        await using var host = await HostFixture.StartAsync();
        await using var window = await ConsoleWindow.OpenAsync(chromium, host.Address);
        await window.GoAsync("/ui/nothing/here");

        await Expect(window.Page.GetByRole(AriaRole.Heading, new() { Name = "There is no such page" })).ToBeVisibleAsync();
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "To the overview" }).ClickAsync();

        await Expect(window.Page).ToHaveURLAsync(new Regex("/ui$"));
    }

    /// <summary>What light-dark() resolves to: the background of the page is light or dark.</summary>
    private static Task<string> SchemeAsync(IPage page) =>
        page.EvaluateAsync<string>("() => { const c = document.createElement('canvas').getContext('2d', { willReadFrequently: true }); c.fillStyle = getComputedStyle(document.body).backgroundColor; c.fillRect(0, 0, 1, 1); return c.getImageData(0, 0, 1, 1).data[0] > 127 ? 'light' : 'dark'; }");
}
