using System.Text;
using Microsoft.Playwright;
using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Resources;
using Orchestrator.Tests.Browser.Support;
using Orchestrator.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Orchestrator.Tests.Browser;

/// <summary>The panel that says why an app waits, on a real host with agents on the wire.</summary>
[Collection(BrowserCollection.Name)]
[Trait("Category", "Browser")]
public sealed class WhyWaitingTests(ChromiumFixture chromium)
{
    [Fact]
    public async Task Panel_names_what_each_agent_lacks_and_follows_the_cluster()
    {
        await using var host = await HostFixture.StartAsync();
        await using var small = await RegisterAsync(host, "node-1", "cpus:4;mem:4096;disk:1000;ports:[31000-31999]", "rack:r1");
        await using var bare = await RegisterAsync(host, "node-2", "cpus:4;mem:4096;disk:1000;ports:[31000-31999]", "");
        await using var poor = await RegisterAsync(host, "node-3", "cpus:4;mem:256;disk:1000;ports:[31000-31999]", "rack:r2");
        using var client = new HttpClient { BaseAddress = host.Address };
        await CreateAsync(client, """{"id":"/batch","cmd":"report","cpus":2.5,"mem":1024,"constraints":[["hostname","IS","node-1"]]}""");
        await small.NextAsync(AgentEvent.EventOneofCase.RunTask);
        await CreateAsync(client, """{"id":"/shop/web","cmd":"serve","cpus":2,"mem":512,"disk":100,"instances":2,"constraints":[["rack","UNIQUE"]]}""");
        await using var window = await ConsoleWindow.OpenAsync(chromium, host.Address);

        await window.GoAsync("/ui/apps/shop/web?view=waits");

        var page = window.Page;
        await Expect(page.GetByText("2 instances of /shop/web wait: none of 3 agents fits")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "free 0.5 cpus on node-1, or lower cpus to 1.5" })).ToBeVisibleAsync();
        await Expect(page.Locator("tbody tr", new() { HasText = "node-2" })).ToContainTextAsync("start the agent on node-2 with --attributes=rack:VALUE");
        await Expect(page.Locator("tbody tr", new() { HasText = "node-3" })).ToContainTextAsync("use a larger agent: node-3 has 256 MiB of memory in all");

        await using var ample = await RegisterAsync(host, "node-4", "cpus:8;mem:4096;disk:1000;ports:[31000-31999]", "rack:r4");
        await Expect(page.GetByText("1 instance of /shop/web waits: none of 4 agents fits")).ToBeVisibleAsync();
        await Expect(page.Locator("tbody tr", new() { HasText = "node-4" })).ToContainTextAsync("r4 has an instance already");
        Assert.Empty(window.Complaints);
    }

    private static async Task CreateAsync(HttpClient client, string app)
    {
        using var created = await client.PostAsync("/v2/apps", new StringContent(app, Encoding.UTF8, "application/json"));
        Assert.Equal(201, (int)created.StatusCode);
    }

    private static Task<WireAgent> RegisterAsync(HostFixture host, string hostname, string resources, string attributes)
    {
        var info = new AgentInfo { Hostname = hostname, Port = 5051 };
        info.Resources.AddRange(ResourceList.Parse(resources).ToProto(ResourceFormat.PreRefinement));
        info.Attributes.Add(AttributeList.Parse(attributes));
        return WireAgent.RegisterAsync(host.Address, info);
    }
}
