using System.Text.Json;
using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Marathon.Pods;
using Orchestrator.Core.Views.Services;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Contract.Marathon;

/// <summary>Every endpoint that changes groups, and the conditions of writes and reads, as they come over the wire.</summary>
[Trait("Category", "Contract")]
public sealed class GroupWriteTests : IAsyncLifetime
{
    private const string Version = "2026-01-31T12:00:00.000Z";
    private MarathonEdge _edge = null!;

    public async ValueTask InitializeAsync() => _edge = await MarathonEdge.StartAsync(ServiceSnapshots.Busy with
    {
        Groups = [new GroupView("/", [], false, ServiceSnapshots.Start), new GroupView("/empty", ["/shop"], false, ServiceSnapshots.Start), new GroupView("/shop", [], false, ServiceSnapshots.Start)],
    });

    public ValueTask DisposeAsync() => _edge.DisposeAsync();

    [Theory]
    [InlineData("/v2/groups", "/", false)]
    [InlineData("/v2/groups/a/b?force=true", "/a/b", true)]
    [InlineData("/v2/groups//a/", "/a", false)]
    public async Task Post_of_a_group_is_a_creation(string path, string id, bool force)
    {
        await _edge.SendAsync("POST", path, """{"id":"c"}""");
        var command = await _edge.Engine.NextAsync<MarathonCommand.CreateGroup>();
        Assert.Equal((id, force, "c"), (command.GroupId, command.Force, command.Body.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task Put_may_create_and_a_merge_patch_may_not()
    {
        await _edge.SendAsync("PUT", "/v2/groups/a?dryRun=true&strict=true", "{}");
        var put = await _edge.Engine.NextAsync<MarathonCommand.UpdateGroup>();
        Assert.Equal(("/a", true, false), (put.GroupId, put.MayCreate, put.Force));
        Assert.Equal((true, true, false), (put.Terms.DryRun, put.Terms.Strict, put.Terms.MergePatch));

        await SendAsync("PATCH", "/v2/groups/a", "application/merge-patch+json; charset=utf-8");
        var patch = await _edge.Engine.NextAsync<MarathonCommand.UpdateGroup>();
        Assert.Equal((false, true), (patch.MayCreate, patch.Terms.MergePatch));

        await SendAsync("PATCH", "/v2/groups/a");
        Assert.Equal("/a", (await _edge.Engine.NextAsync<MarathonCommand.PatchGroup>()).GroupId);
    }

    [Theory]
    [InlineData("/v2/groups", "/", false)]
    [InlineData("/v2/groups/a?force=true", "/a", true)]
    public async Task Delete_of_a_group_forces_only_when_told_to(string path, string id, bool force)
    {
        await _edge.SendAsync("DELETE", path);
        var command = await _edge.Engine.NextAsync<MarathonCommand.DeleteGroup>();
        Assert.Equal((id, force), (command.GroupId, command.Force));
    }

    [Theory]
    [InlineData("POST", "/v2/apps")]
    [InlineData("PUT", "/v2/apps")]
    [InlineData("PATCH", "/v2/apps/shop/web")]
    [InlineData("DELETE", "/v2/apps/shop/web")]
    [InlineData("POST", "/v2/apps/shop/web/restart")]
    [InlineData("DELETE", "/v2/apps/shop/web/tasks")]
    [InlineData("DELETE", "/v2/apps/shop/web/tasks/shop_web.1")]
    [InlineData("POST", "/v2/groups")]
    [InlineData("DELETE", "/v2/groups/shop")]
    [InlineData("DELETE", "/v2/deployments/d-1")]
    public async Task Dry_run_reaches_the_engine_from_every_write(string method, string path)
    {
        await _edge.SendAsync(method, path + "?dryRun=true", "{}");
        Assert.True((await _edge.Engine.Commands.ReadAsync(new CancellationTokenSource(Until.Patience).Token)).Terms.DryRun);
        var (status, json, _) = await _edge.SendAsync(method, path + "?dryRun=perhaps", "{}");
        Assert.Equal(400, status);
        Assert.Contains("dryRun", json.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Conditions_are_versions_however_they_are_written()
    {
        await SendAsync("PUT", "/v2/apps/shop/web", ("If-Match", $"\"{Version}/abc\", W/\"{Version}/x\", \"*\""));
        Assert.Equal([Version, Version, "*"], (await _edge.Engine.NextAsync<MarathonCommand.UpdateApps>()).Terms.IfMatch!);

        await SendAsync("PUT", "/v2/apps/shop/web", ("If-None-Match", "*"));
        var created = await _edge.Engine.NextAsync<MarathonCommand.UpdateApps>();
        Assert.True(created.Terms.MustBeNew);
        Assert.Null(created.Terms.IfMatch);

        using var refused = await SendAsync("PUT", "/v2/apps/shop/web", ("If-None-Match", "\"x\""));
        Assert.Equal(400, (int)refused.StatusCode);
    }

    [Theory]
    [InlineData("/v2/apps")]
    [InlineData("/v2/apps/shop/web")]
    [InlineData("/v2/groups")]
    [InlineData("/v2/groups/shop")]
    public async Task Read_of_what_is_known_already_answers_304(string path)
    {
        using var first = await SendAsync("GET", path);
        var etag = first.Headers.ETag!.Tag;
        Assert.StartsWith($"\"{Version}/", etag, StringComparison.Ordinal);

        using var second = await SendAsync("GET", path, ("If-None-Match", etag));
        Assert.Equal((304, 0), ((int)second.StatusCode, (await second.Content.ReadAsByteArrayAsync()).Length));

        _edge.Engine.Publish(ServiceSnapshots.Busy with { Version = 9, Apps = [ServiceSnapshots.App(ServiceSnapshots.Batch), ServiceSnapshots.App(ServiceSnapshots.Batch with { Id = "/shop/web" })] });
        using var third = await SendAsync("GET", path, ("If-None-Match", etag));
        Assert.Equal(200, (int)third.StatusCode);
    }

    [Fact]
    public async Task Group_without_apps_is_shown_with_what_it_depends_on()
    {
        var empty = await _edge.GetAsync("/v2/groups/empty");
        Assert.Equal(["id", "apps", "groups", "pods", "dependencies", "version", "enforceRole"], empty.EnumerateObject().Select(field => field.Name));
        Assert.Equal("/shop", empty.GetProperty("dependencies")[0].GetString());
        Assert.Equal(["/empty", "/shop"], (await _edge.GetAsync("/v2/groups")).GetProperty("groups").EnumerateArray().Select(group => group.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task Pods_of_a_group_are_shown_as_they_are_by_themselves()
    {
        Publish(Pod("/shop/pair"), Pod("/far/below/pair"), Pod("/shop/gone") with { IsRemoved = true });
        var own = (await _edge.GetAsync("/v2/pods/shop/pair")).GetRawText();
        var shop = await _edge.GetAsync("/v2/groups/shop");
        Assert.Equal(own, Assert.Single(shop.GetProperty("pods").EnumerateArray()).GetRawText());
        Assert.DoesNotContain("/shop/pair", Ids(shop, "apps"));

        var root = await _edge.GetAsync("/v2/groups");
        Assert.Empty(Ids(root, "pods"));
        var far = root.GetProperty("groups").EnumerateArray().Single(group => group.GetProperty("id").GetString() == "/far");
        Assert.Equal(["/far/below/pair"], Ids(far.GetProperty("groups")[0], "pods"));
    }

    [Theory]
    [InlineData("group.pods", "id pods dependencies version enforceRole")]
    [InlineData("group.apps", "id apps dependencies version enforceRole")]
    [InlineData("group.groups&embed=group.pods", "id groups pods dependencies version enforceRole")]
    public async Task Pods_of_a_group_are_shown_when_they_are_asked_for(string embed, string fields)
    {
        Publish(Pod("/shop/pair"));
        var shop = await _edge.GetAsync("/v2/groups/shop?embed=" + embed);
        Assert.Equal(fields, string.Join(' ', shop.EnumerateObject().Select(field => field.Name)));
        Assert.Equal(fields.Contains("pods", StringComparison.Ordinal), shop.GetRawText().Contains("/shop/pair", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Group_with_a_pod_that_came_or_went_is_read_anew()
    {
        using var before = await SendAsync("GET", "/v2/groups/shop");
        Publish(Pod("/shop/pair"));
        using var with = await SendAsync("GET", "/v2/groups/shop", ("If-None-Match", before.Headers.ETag!.Tag));
        Assert.Equal(200, (int)with.StatusCode);
        Publish();
        Assert.Empty(Ids(await _edge.GetAsync("/v2/groups/shop"), "pods"));
    }

    [Fact]
    public async Task Earlier_version_of_a_group_tells_its_pods_from_its_apps()
    {
        var second = ServiceSnapshots.Start.AddHours(1);
        _edge.Engine.Publish(_edge.Engine.Current with
        {
            Version = 9,
            Pods = [Pod("/shop/pair"), Pod("/shop/young")],
            TreeHistory =
            [
                new TreeChangeView(ServiceSnapshots.Start, new Dictionary<string, AppDefinition?>(), new Dictionary<string, GroupView?>()),
                new TreeChangeView(second, new Dictionary<string, AppDefinition?> { ["/shop/young"] = null, ["/shop/old"] = Pod("/shop/old").Definition }, new Dictionary<string, GroupView?> { ["/shop"] = new GroupView("/shop", [], false, ServiceSnapshots.Start) }),
            ],
            Groups = [new GroupView("/", [], false, second), new GroupView("/shop", [], false, second)],
        });

        var then = await _edge.GetAsync($"/v2/groups/shop/versions/{Version}");
        Assert.Equal(["/shop/old", "/shop/pair"], Ids(then, "pods"));
        Assert.Equal(["/shop/db", "/shop/web"], Ids(then, "apps"));
    }

    [Fact]
    public async Task Earlier_version_of_a_group_shows_what_was_there()
    {
        var second = ServiceSnapshots.Start.AddHours(1);
        _edge.Engine.Publish(_edge.Engine.Current with
        {
            Version = 9,
            Groups = [new GroupView("/", [], false, second), new GroupView("/shop", ["/x"], false, second)],
            TreeHistory =
            [
                new TreeChangeView(ServiceSnapshots.Start, new Dictionary<string, AppDefinition?>(), new Dictionary<string, GroupView?> { ["/"] = null }),
                new TreeChangeView(second, new Dictionary<string, AppDefinition?> { ["/shop/web"] = null, ["/shop/old"] = ServiceSnapshots.Batch with { Id = "/shop/old" } }, new Dictionary<string, GroupView?> { ["/shop"] = new GroupView("/shop", [], false, ServiceSnapshots.Start) }),
            ],
        });

        var then = await _edge.GetAsync($"/v2/groups/shop/versions/{Version}");
        Assert.Equal(["/shop/db", "/shop/old"], then.GetProperty("apps").EnumerateArray().Select(app => app.GetProperty("id").GetString()));
        Assert.Equal(0, then.GetProperty("dependencies").GetArrayLength());
        Assert.Equal(["2026-01-31T13:00:00.000Z"], (await _edge.GetAsync("/v2/groups/shop/versions")).EnumerateArray().Select(version => version.GetString()));
        Assert.Equal(404, (await _edge.SendAsync("GET", "/v2/groups/shop/versions/2001-01-31T12:00:00.000Z")).Status);
        Assert.Equal(422, (await _edge.SendAsync("GET", "/v2/groups/shop/versions/then")).Status);
    }

    private void Publish(params AppView[] pods) => _edge.Engine.Publish(_edge.Engine.Current with { Version = _edge.Engine.Current.Version + 1, Pods = pods });

    private static string[] Ids(JsonElement group, string kind) => [.. group.GetProperty(kind).EnumerateArray().Select(item => item.GetProperty("id").GetString()!)];

    private static AppView Pod(string id) =>
        ServiceSnapshots.App(PodParser.Parse(ServicesHarness.Json($"{{'id':'{id}','containers':[{{'name':'one','image':{{'id':'x'}}}}]}}"), new FieldErrors()) with { Version = ServiceSnapshots.Start });

    private Task<HttpResponseMessage> SendAsync(string method, string path, params (string Name, string Value)[] headers) => SendAsync(method, path, "application/json", headers);

    private async Task<HttpResponseMessage> SendAsync(string method, string path, string content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method != "GET")
        {
            request.Content = new StringContent("{}");
            request.Content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(content);
        }

        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        return await _edge.Client.SendAsync(request);
    }
}
