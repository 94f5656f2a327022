using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Orchestrator.Tests.Browser.Support;
using Orchestrator.Tests.Integration.EndToEnd;
using Orchestrator.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Orchestrator.Tests.Browser;

/// <summary>An app from its creation to its end by clicking, on a real host, a real agent and real Docker containers.</summary>
[Collection(BrowserCollection.Name)]
[Trait("Category", "Browser")]
public sealed class AppLifeTests(ChromiumFixture chromium) : IClassFixture<BusyboxFixture>
{
    private const string Command = "echo \"<b>hello</b> from $MESOS_TASK_ID\"; i=0; while true; do i=$((i+1)); echo \"tick $i\"; sleep 0.5; done & exec httpd -f -p 8080 -h /www";
    private static readonly LocatorAssertionsToBeVisibleOptions s_patient = new() { Timeout = 60_000 };

    [Fact]
    public async Task App_by_clicking_is_created_becomes_healthy_logs_heals_scales_and_is_destroyed()
    {
        await using var cluster = await Cluster.StartAsync();
        await using var window = await ConsoleWindow.OpenAsync(chromium, cluster.Host.Url);
        var page = window.Page;

        await CreateAsync(window);
        await Expect(page).ToHaveURLAsync(new Regex("/ui/apps/webapp$"));
        await Expect(page.GetByText("2 healthy", new() { Exact = true })).ToBeVisibleAsync(s_patient);
        Assert.Equal(2, (await ContainersAsync(cluster)).Count);

        await ReadLogAsync(page);
        await KillOneAsync(page);

        await page.GetByRole(AriaRole.Button, new() { Name = "Scale", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Instances").FillAsync("3");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.GetByText("3 healthy", new() { Exact = true })).ToBeVisibleAsync(s_patient);
        await Expect(page.Locator("tbody input[type=checkbox]")).ToHaveCountAsync(3);

        await page.GetByRole(AriaRole.Button, new() { Name = "More actions of /webapp" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Destroy" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Destroy" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "This app is gone" })).ToBeVisibleAsync(s_patient);
        await cluster.UntilAsync("no container is left", async () => (await ContainersAsync(cluster)).Count == 0);
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task Dialog_shows_what_the_engine_refuses_at_its_field_and_deploys_when_it_is_mended()
    {
        await using var cluster = await Cluster.StartAsync();
        await using var window = await ConsoleWindow.OpenAsync(chromium, cluster.Host.Url);
        var page = window.Page;
        await window.GoAsync("/ui/apps?dialog=new");
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Switch, new() { Name = "JSON" }).ClickAsync();
        await dialog.GetByLabel("Definition as JSON", new() { Exact = true }).FillAsync("""{ "id": "/mounts", "cmd": "sleep 1000", "cpus": 0.1, "mem": 32, "container": { "type": "MESOS", "volumes": [{ "containerPath": "/d", "hostPath": "/etc", "mode": "RO" }] } }""");
        await Expect(dialog.GetByLabel("ID", new() { Exact = true })).ToHaveValueAsync("/mounts");
        await page.Keyboard.PressAsync("Control+Enter");

        await Expect(dialog.Locator(".field", new() { HasText = "Host path" }).Locator(".error")).ToContainTextAsync("--policy=baseline");
        await dialog.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Remove volume") }).ClickAsync();
        await page.Keyboard.PressAsync("Control+Enter");

        await Expect(page).ToHaveURLAsync(new Regex("/ui/apps/mounts$"));
        await cluster.UntilRunningAsync("/mounts", 1);
        await page.Keyboard.PressAsync("e");
        await Expect(dialog.GetByLabel("Command", new() { Exact = true })).ToHaveValueAsync("sleep 1000");
        await page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToHaveCountAsync(0);
    }

    private static async Task CreateAsync(ConsoleWindow window)
    {
        await window.GoAsync("/ui/apps");
        await window.Page.Keyboard.PressAsync("c");
        var dialog = window.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("ID", new() { Exact = true }).FillAsync("/webapp");
        await dialog.GetByLabel("CPUs", new() { Exact = true }).FillAsync("0.1");
        await dialog.GetByLabel("Memory (MiB)", new() { Exact = true }).FillAsync("32");
        await dialog.GetByLabel("Instances", new() { Exact = true }).FillAsync("2");
        await dialog.GetByLabel("Command", new() { Exact = true }).FillAsync(Command);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Container", Exact = true }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Docker", Exact = true }).ClickAsync();
        await dialog.GetByLabel("Image", new() { Exact = true }).FillAsync(BusyboxFixture.Image);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Network and ports" }).ClickAsync();
        await dialog.GetByLabel("Container port", new() { Exact = true }).FillAsync("8080");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Health checks" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add health check" }).ClickAsync();
        await dialog.GetByLabel("Interval (s)", new() { Exact = true }).FillAsync("1");
        await window.Page.Keyboard.PressAsync("Control+Enter");
    }

    /// <summary>The output is text, and what is printed is on the page within a second or so.</summary>
    private static async Task ReadLogAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Log", Exact = true }).First.ClickAsync();
        var log = page.GetByRole(AriaRole.Log);
        await Expect(log).ToContainTextAsync("<b>hello</b> from webapp.instance-");
        var first = await LastTickAsync(log);
        await page.WaitForFunctionAsync("tick => Number([...document.querySelectorAll('.log-line')].at(-1)?.textContent.split(' ')[1]) > tick + 1", first, new() { Timeout = 5_000 });

        await page.GetByPlaceholder("Search").FillAsync("hello");
        await Expect(page.Locator("[data-log-hits]")).ToHaveTextAsync("1 of 1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Expect(page.GetByText("Paused")).ToBeVisibleAsync();

        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Download" }).ClickAsync());
        Assert.Equal("stdout", download.SuggestedFilename);
        Assert.StartsWith("<b>hello</b>", await File.ReadAllTextAsync(await download.PathAsync()), StringComparison.Ordinal);

        await page.GetByRole(AriaRole.Link, new() { Name = "Files" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "stdout", Exact = true }).ClickAsync();
        await Expect(page.Locator("pre")).ToContainTextAsync("<b>hello</b>");
        await page.GetByRole(AriaRole.Link, new() { Name = "/webapp" }).ClickAsync();
    }

    /// <summary>A killed instance goes, and another takes its place without a reload.</summary>
    private static async Task KillOneAsync(IPage page)
    {
        var victim = await page.Locator("tbody a.mono").First.TextContentAsync();
        await page.Locator("tbody input[type=checkbox]").First.CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Kill", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Kill", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = victim!, Exact = true })).ToHaveCountAsync(0, new() { Timeout = 60_000 });
        await Expect(page.GetByText("2 healthy", new() { Exact = true })).ToBeVisibleAsync(s_patient);
    }

    private static async Task<int> LastTickAsync(ILocator log)
    {
        await Expect(log).ToContainTextAsync("tick");
        return int.Parse(Regex.Match(await log.Locator(".log-line").Last.TextContentAsync() ?? "", @"\d+$").Value, System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task<List<string>> ContainersAsync(Cluster cluster) =>
        [.. (await Shell.RunAsync($"docker ps -q --filter label=orchestrator.work_dir={cluster.Agent.Data}")).Split('\n', StringSplitOptions.RemoveEmptyEntries)];
}
