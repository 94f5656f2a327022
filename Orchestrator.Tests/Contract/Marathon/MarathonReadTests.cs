using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Contract.Marathon;

/// <summary>Every endpoint that reads, over a real server, from a snapshot that the test made.</summary>
[Trait("Category", "Contract")]
public sealed class MarathonReadTests : IAsyncLifetime
{
    // What Marathon's own objects have: clients build theirs from keyword arguments, to which any other key is an error.
    private const string AppKeys = "id cmd args user env instances cpus mem disk gpus resourceLimits executor constraints fetch backoffSeconds backoffFactor maxLaunchDelaySeconds container healthChecks readinessChecks dependencies upgradeStrategy labels acceptedResourceRoles role networks portDefinitions requirePorts killSelection unreachableStrategy taskKillGracePeriodSeconds residency secrets tty version versionInfo tasksStaged tasksRunning tasksHealthy tasksUnhealthy deployments tasks lastTaskFailure";
    private const string TaskKeys = "id appId host slaveId state ports servicePorts ipAddresses stagedAt startedAt version healthCheckResults checkResult localVolumes region zone role";
    private readonly ManualTimeProvider _time = new();
    private MarathonEdge _edge = null!;

    public async ValueTask InitializeAsync()
    {
        _time.Advance(ServiceSnapshots.Start.AddSeconds(11) - _time.GetUtcNow());
        _edge = await MarathonEdge.StartAsync(ServiceSnapshots.Busy, _time);
    }

    public ValueTask DisposeAsync() => _edge.DisposeAsync();

    [Theory]
    [InlineData("/v2/apps", "/batch,/shop/db,/shop/web")]
    [InlineData("/v2/apps/", "/batch,/shop/db,/shop/web")]
    [InlineData("/v2/apps//", "/batch,/shop/db,/shop/web")]
    [InlineData("/v2/apps?id=WEB", "/shop/web")]
    [InlineData("/v2/apps?cmd=report", "/batch")]
    [InlineData("/v2/apps?cmd=e&id=shop", "/shop/db,/shop/web")]
    [InlineData("/v2/apps?label=tier%3D%3Dweb", "/shop/web")]
    [InlineData("/v2/apps?label=tier%20in%20(web,data)", "/shop/db,/shop/web")]
    [InlineData("/v2/apps?label=tier!%3Dweb,stage", "")]
    public async Task App_list_with_filters_gives_those_apps(string path, string expected)
    {
        var apps = (await _edge.GetAsync(path)).GetProperty("apps").EnumerateArray();
        Assert.Equal(expected, string.Join(',', apps.Select(app => app.GetProperty("id").GetString())));
    }

    [Fact]
    public async Task App_list_always_counts_and_names_deployments_and_embeds_what_is_asked_for()
    {
        var plain = (await _edge.GetAsync("/v2/apps")).GetProperty("apps")[2];
        Assert.Equal([1, 2, 1, 0], new[] { "tasksStaged", "tasksRunning", "tasksHealthy", "tasksUnhealthy" }.Select(name => plain.GetProperty(name).GetInt32()));
        Assert.Equal("d-1", plain.GetProperty("deployments")[0].GetProperty("id").GetString());
        Assert.False(plain.TryGetProperty("tasks", out _));

        var full = (await _edge.GetAsync("/v2/apps/?embed=apps.tasks&embed=apps.lastTaskFailure&embed=apps.taskStats&embed=apps.readiness")).GetProperty("apps");
        Assert.Equal(3, full[2].GetProperty("tasks").GetArrayLength());
        Assert.Equal("exit 1", full[1].GetProperty("lastTaskFailure").GetProperty("message").GetString());
        Assert.Equal(0, full[2].GetProperty("readinessCheckResults").GetArrayLength());
        var stats = full[2].GetProperty("tasksStats");
        Assert.Equal(2, stats.GetProperty("withLatestConfig").GetProperty("stats").GetProperty("counts").GetProperty("running").GetInt32() + stats.GetProperty("withOutdatedConfig").GetProperty("stats").GetProperty("counts").GetProperty("running").GetInt32());
        Assert.Equal(10, stats.GetProperty("totalSummary").GetProperty("stats").GetProperty("lifeTime").GetProperty("medianSeconds").GetDouble());
        Assert.False(full[0].GetProperty("tasksStats").TryGetProperty("withOutdatedConfig", out _));
    }

    [Theory]
    [InlineData("/v2/apps/shop/web")]
    [InlineData("/v2/apps//shop/web")]
    [InlineData("/v2/apps//shop/web/")]
    [InlineData("/v2/apps/%2Fshop%2Fweb")]
    [InlineData("/v2/apps//shop/web?embed=app.tasks")]
    public async Task App_under_any_spelling_of_its_id_comes_with_tasks_and_counts(string path)
    {
        var app = (await _edge.GetAsync(path)).GetProperty("app");
        Assert.Equal("/shop/web", app.GetProperty("id").GetString());
        Assert.Equal(2, app.GetProperty("tasksRunning").GetInt32());
        var task = app.GetProperty("tasks")[0];
        Assert.Equal("shop_web.instance-1._app.1", task.GetProperty("id").GetString());
        Assert.Equal("TASK_RUNNING", task.GetProperty("state").GetString());
        Assert.Equal([31000, 31001], task.GetProperty("ports").EnumerateArray().Select(port => port.GetInt32()));
        Assert.Equal("2026-01-31T12:00:01.000Z", task.GetProperty("startedAt").GetString());
        Assert.True(task.GetProperty("healthCheckResults")[0].GetProperty("alive").GetBoolean());
        Assert.False(task.TryGetProperty("servicePorts", out _));
    }

    [Fact]
    public async Task App_object_has_only_keys_that_clients_know()
    {
        var answer = await _edge.GetAsync("/v2/apps/?embed=apps.failures");
        var paths = JsonShape.Of(answer).Select(line => line.Split(' ')[0].Replace("[]", "", StringComparison.Ordinal)).ToList();
        Assert.Empty(paths.Where(path => path.Count(letter => letter == '.') == 2).Select(path => path[".apps.".Length..]).Except(AppKeys.Split(' ')));
        Assert.Empty(paths.Where(path => path.StartsWith(".apps.tasks.", StringComparison.Ordinal)).Select(path => path[".apps.tasks.".Length..].Split('.')[0]).Except(TaskKeys.Split(' ')));
    }

    [Fact]
    public async Task Group_wildcard_gives_apps_and_tasks_below_it()
    {
        Assert.Equal(["/shop/db", "/shop/web"], (await _edge.GetAsync("/v2/apps/shop/*")).GetProperty("*").EnumerateArray().Select(app => app.GetProperty("id").GetString()));
        Assert.Equal(3, (await _edge.GetAsync("/v2/apps//*")).GetProperty("*").GetArrayLength());
        Assert.Equal(3, (await _edge.GetAsync("/v2/apps//shop/*/tasks")).GetProperty("tasks").GetArrayLength());
        Assert.Equal(0, (await _edge.GetAsync("/v2/apps/nothing/*")).GetProperty("*").GetArrayLength());
    }

    [Fact]
    public async Task Tasks_of_an_app_are_a_list_that_may_be_empty()
    {
        Assert.Equal(3, (await _edge.GetAsync("/v2/apps//shop/web/tasks")).GetProperty("tasks").GetArrayLength());
        Assert.Equal(0, (await _edge.GetAsync("/v2/apps/batch/tasks/")).GetProperty("tasks").GetArrayLength());
    }

    [Fact]
    public async Task Versions_are_listed_and_one_is_given_unwrapped()
    {
        Assert.Equal(["2026-01-31T12:00:00.000Z", "2026-01-30T12:00:00.000Z"], (await _edge.GetAsync("/v2/apps//shop/web/versions")).GetProperty("versions").EnumerateArray().Select(version => version.GetString()));
        Assert.Equal(2, (await _edge.GetAsync("/v2/apps//shop/web/versions/2026-01-30T12:00:00.000Z")).GetProperty("instances").GetInt32());
        Assert.Equal(2, (await _edge.GetAsync("/v2/apps//shop/web/versions/2026-01-30T13:00:00.000+01:00")).GetProperty("instances").GetInt32());
    }

    [Theory]
    [InlineData("/v2/apps/nothing", 404, "App '/nothing' does not exist")]
    [InlineData("/v2/apps/a/b/tasks", 404, "App '/a/b' does not exist")]
    [InlineData("/v2/apps/a/versions", 404, "App '/a' does not exist")]
    [InlineData("/v2/apps/batch/versions/2020-01-01T00:00:00.000Z", 404, "App '/batch' does not exist in version 2020-01-01T00:00:00.000Z")]
    [InlineData("/v2/apps/batch/versions/yesterday", 422, "'yesterday' is not a time")]
    [InlineData("/v2/apps?label=a%3D%3D", 422, "label selector")]
    [InlineData("/v2/groups/nothing", 404, "Group '/nothing' does not exist")]
    [InlineData("/v2/pods/nothing", 404, "Pod '/nothing' does not exist")]
    [InlineData("/v2/nothing/at/all", 404, "URI not found: /v2/nothing/at/all")]
    [InlineData("/v2/", 404, "URI not found")]
    [InlineData("/v2/queue/batch", 404, "URI not found")]
    [InlineData("/v2/artifacts", 404, "URI not found")]
    public async Task Question_without_an_answer_is_told_so_as_json(string path, int status, string message)
    {
        var (got, json, answer) = await _edge.SendAsync("GET", path);
        Assert.Equal(status, got);
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.ToString());
        Assert.Contains(message, json.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_tasks_come_with_service_ports_and_can_be_filtered_by_state()
    {
        var all = (await _edge.GetAsync("/v2/tasks")).GetProperty("tasks");
        Assert.Equal(3, all.GetArrayLength());
        Assert.Equal([10000, 10001], all[0].GetProperty("servicePorts").EnumerateArray().Select(port => port.GetInt32()));
        Assert.Equal(2, (await _edge.GetAsync("/v2/tasks?status=running")).GetProperty("tasks").GetArrayLength());
        Assert.Equal(1, (await _edge.GetAsync("/v2/tasks?status%5B%5D=staging")).GetProperty("tasks").GetArrayLength());
        Assert.Equal(3, (await _edge.GetAsync("/v2/tasks?status=unheard")).GetProperty("tasks").GetArrayLength());
    }

    [Theory]
    [InlineData("text/plain", true)]
    [InlineData("text/plain;q=0.9", true)]
    [InlineData("application/json, text/plain, */*", false)]
    [InlineData("*/*", false)]
    public async Task All_tasks_as_text_are_lines_of_tabs_for_who_asks_for_text(string accept, bool isText)
    {
        var (_, _, answer) = await _edge.SendAsync("GET", "/v2/tasks", accept: accept);
        Assert.Equal(isText ? "text/plain" : "application/json", answer.Content.Headers.ContentType!.ToString());
        if (isText)
        {
            Assert.Equal("batch\t \t\nshop_db\t \t\nshop_web\t10000\tone:31000\ttwo:31005\t\nshop_web\t10001\tone:31001\ttwo:31006\t\n", await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task Deployments_are_an_array_with_steps_and_what_is_done_now()
    {
        var deployment = Assert.Single((await _edge.GetAsync("/v2/deployments")).EnumerateArray());
        Assert.Equal("d-1", deployment.GetProperty("id").GetString());
        Assert.Equal("2026-01-31T12:00:00.000Z", deployment.GetProperty("version").GetString());
        Assert.Equal("/shop/web", deployment.GetProperty("affectedApps")[0].GetString());
        Assert.Equal(0, deployment.GetProperty("affectedPods").GetArrayLength());
        Assert.Equal("StartApplication", deployment.GetProperty("steps")[0].GetProperty("actions")[0].GetProperty("action").GetString());
        Assert.Equal("ScaleApplication", deployment.GetProperty("currentActions")[0].GetProperty("action").GetString());
        Assert.Equal(0, deployment.GetProperty("currentActions")[0].GetProperty("readinessCheckResults").GetArrayLength());
        Assert.Equal(2, deployment.GetProperty("currentStep").GetInt32());
        Assert.Equal(2, deployment.GetProperty("totalSteps").GetInt32());
    }

    [Fact]
    public async Task Queue_says_what_waits_how_long_and_which_offers_failed_where()
    {
        var item = Assert.Single((await _edge.GetAsync("/v2/queue")).GetProperty("queue").EnumerateArray());
        Assert.Equal("/shop/db", item.GetProperty("app").GetProperty("id").GetString());
        Assert.Equal(1, item.GetProperty("count").GetInt32());
        Assert.Equal("ops", item.GetProperty("role").GetString());
        Assert.Equal(19, item.GetProperty("delay").GetProperty("timeLeftSeconds").GetInt32());
        Assert.False(item.GetProperty("delay").GetProperty("overdue").GetBoolean());
        Assert.False(item.TryGetProperty("lastUnusedOffers", out _));
        var summary = item.GetProperty("processedOffersSummary");
        Assert.Equal(3, summary.GetProperty("processedOffersCount").GetInt32());
        Assert.Equal("2026-01-31T12:00:05.000Z", summary.GetProperty("lastUnusedOfferAt").GetString());
        var funnel = summary.GetProperty("rejectSummaryLastOffers").EnumerateArray().ToDictionary(row => row.GetProperty("reason").GetString()!, row => (row.GetProperty("declined").GetInt32(), row.GetProperty("processed").GetInt32()));
        Assert.Equal((0, 2), funnel["UnfulfilledRole"]);
        Assert.Equal((1, 2), funnel["InsufficientCpus"]);
        Assert.Equal((1, 1), funnel["InsufficientPorts"]);
        Assert.Equal((0, 0), funnel["DeclinedScarceResources"]);

        _time.Advance(TimeSpan.FromSeconds(20));
        var offers = (await _edge.GetAsync("/v2/queue?embed=lastUnusedOffers")).GetProperty("queue")[0];
        Assert.True(offers.GetProperty("delay").GetProperty("overdue").GetBoolean());
        var offer = offers.GetProperty("lastUnusedOffers")[0];
        Assert.Equal("InsufficientCpus", offer.GetProperty("reason")[0].GetString());
        Assert.Equal("one", offer.GetProperty("offer").GetProperty("hostname").GetString());
        Assert.Equal(4, offer.GetProperty("offer").GetProperty("resources")[0].GetProperty("scalar").GetDouble());
        Assert.Equal(31000, offer.GetProperty("offer").GetProperty("resources")[1].GetProperty("ranges")[0].GetProperty("begin").GetInt32());
        Assert.Equal("r1", offer.GetProperty("offer").GetProperty("attributes")[0].GetProperty("text").GetString());
        Assert.Equal(2, offer.GetProperty("offer").GetProperty("attributes")[1].GetProperty("scalar").GetDouble());
    }

    [Theory]
    [InlineData("/v2/groups")]
    [InlineData("/v2/groups/")]
    [InlineData("/v2/groups//")]
    public async Task Root_group_holds_the_groups_that_ids_make(string path)
    {
        var root = await _edge.GetAsync(path);
        Assert.Equal("/", root.GetProperty("id").GetString());
        Assert.Equal(["/batch"], root.GetProperty("apps").EnumerateArray().Select(app => app.GetProperty("id").GetString()));
        var shop = Assert.Single(root.GetProperty("groups").EnumerateArray());
        Assert.Equal("/shop", shop.GetProperty("id").GetString());
        Assert.Equal(["/shop/db", "/shop/web"], shop.GetProperty("apps").EnumerateArray().Select(app => app.GetProperty("id").GetString()));
        Assert.Equal(0, shop.GetProperty("groups").GetArrayLength());
        Assert.Equal("2026-01-31T12:00:00.000Z", root.GetProperty("version").GetString());
        Assert.Equal(0, root.GetProperty("pods").GetArrayLength());
        Assert.Equal(0, root.GetProperty("dependencies").GetArrayLength());
        Assert.False(root.GetProperty("enforceRole").GetBoolean());
    }

    [Fact]
    public async Task Group_endpoints_give_parts_apps_and_versions()
    {
        var partial = await _edge.GetAsync("/v2/groups/shop?embed=group.apps&embed=group.apps.counts");
        Assert.False(partial.TryGetProperty("groups", out _));
        Assert.Equal(2, partial.GetProperty("apps")[1].GetProperty("tasksRunning").GetInt32());
        Assert.Equal(2, (await _edge.GetAsync("/v2/groups//shop/apps")).GetProperty("apps").GetArrayLength());
        Assert.Equal("2026-01-31T12:00:00.000Z", (await _edge.GetAsync("/v2/groups/versions"))[0].GetString());
        Assert.Equal("/shop", (await _edge.GetAsync("/v2/groups/shop/versions/2026-01-31T12:00:00.000Z")).GetProperty("id").GetString());
    }

    [Fact]
    public async Task List_answer_is_written_once_for_a_snapshot_and_anew_for_the_next()
    {
        var before = (await _edge.GetAsync("/v2/apps")).GetRawText();
        Assert.Equal(before, (await _edge.GetAsync("/v2/apps")).GetRawText());
        _edge.Engine.Publish(ServiceSnapshots.Busy with { Version = 3, Apps = [ServiceSnapshots.App(ServiceSnapshots.Batch with { Cmd = "other" })] });
        Assert.Equal("other", Assert.Single((await _edge.GetAsync("/v2/apps")).GetProperty("apps").EnumerateArray()).GetProperty("cmd").GetString());
    }

    [Fact]
    public async Task Long_answer_is_gzipped_for_who_takes_it_and_short_ones_are_not()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v2/apps");
        request.Headers.Add("Accept-Encoding", "gzip");
        using var answer = await _edge.Client.SendAsync(request);
        Assert.Equal("gzip", Assert.Single(answer.Content.Headers.ContentEncoding));
        await using var gzip = new GZipStream(await answer.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        Assert.Equal(3, JsonDocument.Parse(gzip).RootElement.GetProperty("apps").GetArrayLength());
        using var plain = await _edge.Client.GetAsync("/v2/plugins");
        Assert.Empty(plain.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task Empty_services_are_empty_lists_and_info_without_a_framework_id()
    {
        _edge.Engine.Publish(ServiceSnapshots.Empty with { Version = 9 });
        Assert.Equal("""{"apps":[]}""", (await _edge.GetAsync("/v2/apps")).GetRawText());
        Assert.Equal("""{"tasks":[]}""", (await _edge.GetAsync("/v2/tasks")).GetRawText());
        Assert.Equal("""{"queue":[]}""", (await _edge.GetAsync("/v2/queue")).GetRawText());
        Assert.Equal("[]", (await _edge.GetAsync("/v2/deployments")).GetRawText());
        Assert.Equal(JsonValueKind.Null, (await _edge.GetAsync("/v2/info")).GetProperty("frameworkId").ValueKind);
        Assert.Equal("/", (await _edge.GetAsync("/v2/groups")).GetProperty("id").GetString());
    }

    [Fact]
    public async Task Get_with_a_body_of_two_quotes_is_answered_as_if_it_had_none()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v2/apps") { Content = new StringContent("\"\"", Encoding.UTF8, "application/json") };
        using var answer = await _edge.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
