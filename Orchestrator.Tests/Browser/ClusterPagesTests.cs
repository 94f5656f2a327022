using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Tests.Browser.Support;
using Orchestrator.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Orchestrator.Tests.Browser;

/// <summary>The pages of the cluster over real and simulated agents.</summary>
[Collection(BrowserCollection.Name)]
[Trait("Category", "Browser")]
public sealed class ClusterPagesTests(ChromiumFixture chromium)
{
    [Fact]
    public async Task Agent_that_registers_is_on_the_page_within_a_second_without_a_reload()
    {
        await using var host = await HostFixture.StartAsync();
        await using var window = await ConsoleWindow.OpenAsync(chromium, host.Address);
        await window.GoAsync("/ui/agents");
        await Expect(window.Page.GetByRole(AriaRole.Heading, new() { Name = "No agent yet" })).ToBeVisibleAsync();
        await window.Page.EvaluateAsync("() => { window.notReloaded = true; }");

        await using var agent = await WireAgent.RegisterAsync(host.Address, new Resource { Name = "cpus", Type = Value.Types.Type.Scalar, Scalar = new Value.Types.Scalar { Value = 4 } });
        var registered = Stopwatch.GetTimestamp();
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "wire", Exact = true }).WaitForAsync();

        var latency = Stopwatch.GetElapsedTime(registered);
        Assert.True(latency < TimeSpan.FromSeconds(1), $"It took {latency.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture)} ms.");
        Assert.True(await window.Page.EvaluateAsync<bool>("() => window.notReloaded === true"));
    }

    [Fact]
    public async Task Filter_order_and_state_stand_in_the_address_and_come_back_with_it()
    {
        await using var host = await HostFixture.StartAsync("--simulate=30");
        await using var window = await ConsoleWindow.OpenAsync(chromium, host.Address);
        await window.GoAsync("/ui");
        await window.Page.Keyboard.PressAsync("g");
        await window.Page.Keyboard.PressAsync("n");
        await Expect(window.Page).ToHaveURLAsync(new Regex("/ui/agents$"));
        await Expect(Rows(window)).Not.ToHaveCountAsync(0);

        await window.Page.Keyboard.PressAsync("/");
        await window.Page.Keyboard.TypeAsync("small");
        await Expect(window.Page).ToHaveURLAsync(new Regex(@"\?q=small$"));
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "CPU" }).ClickAsync();
        await Expect(window.Page).ToHaveURLAsync(new Regex(@"\?q=small&sort=-cpus$"));
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Active" }).ClickAsync();
        await Expect(window.Page).ToHaveURLAsync(new Regex(@"state=active$"));

        await window.Page.ReloadAsync();
        await window.LiveAsync();
        await Expect(window.Page.GetByRole(AriaRole.Searchbox)).ToHaveValueAsync("small");
        await Expect(window.Page.GetByRole(AriaRole.Columnheader, new() { Name = "CPU" })).ToHaveAttributeAsync("aria-sort", "descending");
        await Expect(window.Page.GetByRole(AriaRole.Button, new() { Name = "Active" })).ToHaveAttributeAsync("aria-pressed", "true");
        Assert.All(await Rows(window).AllInnerTextsAsync(), name => Assert.StartsWith("small", name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_page_of_the_cluster_keeps_to_the_content_security_policy_at_both_widths()
    {
        await using var host = await HostFixture.StartAsync("--simulate=10");
        foreach (var width in new[] { 1440, 390 })
        {
            await using var window = await ConsoleWindow.OpenAsync(chromium, host.Address, width);
            await window.GoAsync("/ui");
            await Expect(window.Page.Locator(".chart-plot canvas")).ToHaveCountAsync(3);
            foreach (var path in new[] { "/ui/agents", "/ui/frameworks", "/ui/roles", "/ui/offers" })
            {
                await window.GoAsync(path);
                Assert.True(await window.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), $"{path} is wider than {width} pixels.");
            }

            await window.GoAsync("/ui/agents");
            await Rows(window).First.ClickAsync();
            await Expect(window.Page).ToHaveURLAsync(new Regex("/ui/agents/.+-S"));
            await window.Page.GetByRole(AriaRole.Link, new() { Name = "Details" }).ClickAsync();
            await Expect(window.Page.GetByRole(AriaRole.Heading, new() { Name = "Attributes" })).ToBeVisibleAsync();
            Assert.Empty(window.Complaints);
        }
    }

    [Fact]
    public async Task Tear_down_that_is_confirmed_removes_the_framework_from_the_page()
    {
        await using var host = await HostFixture.StartAsync();
        await using var framework = new WireFramework(host.Address, protobuf: false);
        await framework.SubscribeAsync("""{"type":"SUBSCRIBE","subscribe":{"framework_info":{"user":"root","name":"doomed"}}}""");
        await framework.NextAsync("SUBSCRIBED");
        await using var window = await ConsoleWindow.OpenAsync(chromium, host.Address);
        await window.GoAsync("/ui/frameworks?q=doomed");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "doomed" }).ClickAsync();

        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Tear down" }).ClickAsync();
        var dialog = window.Page.GetByRole(AriaRole.Dialog, new() { Name = "Tear down doomed?" });
        await Expect(dialog).ToBeVisibleAsync();
        await window.Page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToBeHiddenAsync();
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Tear down" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Tear down" }).ClickAsync();

        await Expect(window.Page.Locator(".page-name .badge")).ToHaveTextAsync("Completed");
        await Expect(dialog).ToBeHiddenAsync();
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task Page_whose_host_restarts_says_so_and_comes_back_by_itself()
    {
        var host = await HostFixture.StartAsync();
        await using var window = await ConsoleWindow.OpenAsync(chromium, host.Address);
        await window.GoAsync("/ui/agents?q=x");
        await window.Page.EvaluateAsync("() => { window.notReloaded = true; }");
        var port = host.Address.Port.ToString(CultureInfo.InvariantCulture);

        await host.DisposeAsync();
        await Expect(window.Page.GetByText("Connection lost")).ToBeVisibleAsync();
        await using var again = await HostFixture.StartAsync($"--port={port}");

        await window.Page.WaitForFunctionAsync("() => window.notReloaded === undefined", null, new() { Timeout = 30_000 });
        await window.LiveAsync();
        Assert.Equal("/ui/agents?q=x", window.Address);
    }

    [Fact]
    public async Task Host_that_is_open_to_everybody_says_so_on_every_page()
    {
        await using var host = await HostFixture.StartAsync("--ip=0.0.0.0", "--insecure");
        await using var window = await ConsoleWindow.OpenAsync(chromium, new Uri($"http://127.0.0.1:{host.Address.Port.ToString(CultureInfo.InvariantCulture)}"));
        foreach (var path in new[] { "/ui", "/ui/agents", "/ui/nothing" })
        {
            await window.GoAsync(path);
            await Expect(window.Page.GetByRole(AriaRole.Alert).First).ToContainTextAsync("Open to everybody.");
        }
    }

    private static ILocator Rows(ConsoleWindow window) => window.Page.Locator(".data-table tbody td:first-child > a");
}
