using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Core.Master;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Views;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Api.Operator;

namespace Orchestrator.Tests.Contract.Operator;

/// <summary>The read-only endpoints over a real server, from snapshots that the test made.</summary>
[Trait("Category", "Contract")]
public sealed class OperatorApiTests : IAsyncLifetime
{
    private readonly ScriptedMaster _master = new(Snapshots.Busy);
    private EdgeHost _host = null!;

    public async ValueTask InitializeAsync() =>
        _host = await EdgeHost.StartAsync(_master, TimeProvider.System, services => services.AddSingleton(new MasterFlags(new Dictionary<string, string> { ["port"] = "5050" })).AddOperatorApi(), routes =>
        {
            routes.MapOperatorApi();
            routes.MapOperatorActions();
        });

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("/state", OperatorShapes.State)]
    [InlineData("/state", OperatorShapes.Frameworks)]
    [InlineData("/slaves", OperatorShapes.Slaves)]
    [InlineData("/frameworks", OperatorShapes.Frameworks)]
    [InlineData("/tasks", OperatorShapes.Tasks)]
    [InlineData("/roles", OperatorShapes.Roles)]
    [InlineData("/state-summary", OperatorShapes.StateSummary)]
    public async Task Document_has_every_key_of_the_reference_with_its_type(string path, string expected)
    {
        var shape = JsonShape.Of(await GetAsync(path));
        var missing = expected.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !shape.Contains(line)).ToList();
        Assert.True(missing.Count == 0, $"{path} lacks {missing.Count}:\n{string.Join('\n', missing)}");
    }

    [Theory]
    [InlineData("/state")]
    [InlineData("/slaves")]
    [InlineData("/frameworks")]
    [InlineData("/tasks")]
    [InlineData("/roles")]
    [InlineData("/state-summary")]
    [InlineData("/version")]
    [InlineData("/flags")]
    [InlineData("/health")]
    public async Task Path_answers_bare_below_master_with_slash_and_by_prefix(string path)
    {
        foreach (var alias in new[] { path, path + "/", "/master" + path, "/master" + path + "/", path + "/more" })
        {
            using var answer = await _host.Client.GetAsync(alias);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, alias);
            Assert.Equal(path == "/health" ? null : "application/json", answer.Content.Headers.ContentType?.ToString());
        }
    }

    [Theory]
    [InlineData("/state.json")]
    [InlineData("/master/state.json")]
    [InlineData("/tasks.json")]
    [InlineData("/nonexistent")]
    [InlineData("/redirect/more")]
    public async Task Unknown_path_gets_404(string path) => Assert.Equal(HttpStatusCode.NotFound, (await _host.Client.GetAsync(path)).StatusCode);

    [Fact]
    public async Task Agent_names_its_process_as_clients_parse_it_and_framework_has_no_pid()
    {
        var state = await GetAsync("/state");
        Assert.Equal("slave(1)@127.0.0.1:5051", state.GetProperty("slaves")[0].GetProperty("pid").GetString());
        Assert.False(state.GetProperty("frameworks")[0].TryGetProperty("pid", out _));
        Assert.Equal("master@127.0.0.1:5050", state.GetProperty("leader").GetString());
        Assert.Equal("5050", state.GetProperty("flags").GetProperty("port").GetString());
        Assert.Equal("[31000-32000]", state.GetProperty("slaves")[0].GetProperty("resources").GetProperty("ports").GetString());
        Assert.Equal("r1", state.GetProperty("slaves")[0].GetProperty("attributes").GetProperty("rack").GetString());
        Assert.Equal(10, state.GetProperty("slaves")[0].GetProperty("attributes").GetProperty("level").GetDouble());
    }

    [Fact]
    public async Task Version_is_three_integers_and_ours_stands_beside_it()
    {
        var version = await GetAsync("/version");
        Assert.All(version.GetProperty("version").GetString()!.Split('.'), part => int.Parse(part, NumberStyles.None, CultureInfo.InvariantCulture));
        Assert.NotEmpty(version.GetProperty("orchestrator_version").GetString()!);
    }

    [Theory]
    [InlineData("", "t1,done,t-old")]
    [InlineData("?order=asc", "t-old,done,t1")]
    [InlineData("?order=other", "t1,done,t-old")]
    [InlineData("?limit=1", "t1")]
    [InlineData("?limit=1&offset=1", "done")]
    [InlineData("?limit=-1", "t1,done,t-old")]
    [InlineData("?offset=3", "")]
    [InlineData("?offset=2147483647&limit=2147483647", "")]
    [InlineData("?framework_id=m-0001", "t-old")]
    [InlineData("?framework_id=m-0000&order=asc", "done,t1")]
    [InlineData("?task_id=done", "done")]
    [InlineData("?task_id=none", "")]
    public async Task Tasks_are_paged_sorted_and_filtered(string query, string ids)
    {
        var tasks = await GetAsync("/tasks" + query);
        Assert.Equal(ids, string.Join(',', tasks.GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("id").GetString())));
    }

    [Theory]
    [InlineData("?limit=many", "Failed to parse 'limit': expecting a whole number")]
    [InlineData("?offset=1.5", "Failed to parse 'offset': expecting a whole number")]
    public async Task Tasks_with_a_malformed_parameter_get_400_that_names_it(string query, string text)
    {
        using var answer = await _host.Client.GetAsync("/tasks" + query);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(text, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Slaves_and_frameworks_can_be_asked_for_one()
    {
        Assert.Equal(1, (await GetAsync("/slaves?slave_id=m-S0")).GetProperty("slaves").GetArrayLength());
        Assert.Equal(0, (await GetAsync("/slaves?slave_id=other")).GetProperty("slaves").GetArrayLength());
        var one = await GetAsync("/frameworks?framework_id=m-0001");
        Assert.Equal(0, one.GetProperty("frameworks").GetArrayLength());
        Assert.Equal(1, one.GetProperty("completed_frameworks").GetArrayLength());
    }

    [Fact]
    public async Task Summary_counts_tasks_by_state_and_names_the_others()
    {
        var summary = await GetAsync("/state-summary");
        var agent = summary.GetProperty("slaves")[0];
        Assert.Equal((1, 1, 1), (agent.GetProperty("TASK_RUNNING").GetInt32(), agent.GetProperty("TASK_FINISHED").GetInt32(), agent.GetProperty("TASK_FAILED").GetInt32()));
        Assert.Equal(["m-0000", "m-0001"], agent.GetProperty("framework_ids").EnumerateArray().Select(id => id.GetString()));
        Assert.Equal("m-S0", summary.GetProperty("frameworks")[0].GetProperty("slave_ids")[0].GetString());
    }

    [Fact]
    public async Task Jsonp_wraps_the_document_in_the_callback()
    {
        using var answer = await _host.Client.GetAsync("/state?jsonp=angular.callbacks._0");
        Assert.Equal("text/javascript", answer.Content.Headers.ContentType?.ToString());
        var text = await answer.Content.ReadAsStringAsync();
        Assert.StartsWith("angular.callbacks._0({\"version\":", text, StringComparison.Ordinal);
        Assert.EndsWith("});", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("alert(1)//")]
    [InlineData("a b")]
    [InlineData("<script>")]
    public async Task Jsonp_callback_that_is_no_name_gets_400(string callback) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await _host.Client.GetAsync("/state?jsonp=" + Uri.EscapeDataString(callback))).StatusCode);

    [Theory]
    [InlineData("/state", "gzip", true)]
    [InlineData("/state", "deflate, gzip;q=0.5", true)]
    [InlineData("/state", "gzip;q=0", false)]
    [InlineData("/state", "identity", false)]
    [InlineData("/version", "gzip", false)]
    public async Task Body_from_1024_bytes_on_is_compressed_for_who_can_read_it(string path, string accepted, bool compressed)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        using var answer = await _host.Client.SendAsync(request);
        Assert.Equal(compressed, answer.Content.Headers.ContentEncoding.Contains("gzip"));
        var body = await answer.Content.ReadAsStreamAsync();
        using var read = await JsonDocument.ParseAsync(compressed ? new GZipStream(body, CompressionMode.Decompress) : body);
        Assert.Equal("1.11.0", read.RootElement.GetProperty("version").GetString());
    }

    [Fact]
    public async Task Document_that_the_client_has_gets_304_until_the_cluster_changes()
    {
        using var first = await _host.Client.GetAsync("/state");
        var etag = first.Headers.ETag!.ToString();
        Assert.Equal(HttpStatusCode.NotModified, await StatusWithAsync(etag));
        Assert.Equal(HttpStatusCode.NotModified, await StatusWithAsync($"\"x\", {etag}"));
        _master.Current = Snapshots.Busy with { Version = 3 };
        Assert.Equal(HttpStatusCode.OK, await StatusWithAsync(etag));
    }

    [Fact]
    public async Task Document_of_one_version_is_written_once_and_shared()
    {
        var cache = new DocumentCache();
        var written = 0;
        var documents = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => cache.Get(Snapshots.Busy, "k", (writer, _) =>
        {
            Interlocked.Increment(ref written);
            writer.WriteStartObject();
            writer.WriteEndObject();
        }))));
        Assert.Equal(1, written);
        Assert.All(documents, document => Assert.Same(documents[0], document));
        Assert.Equal(15, cache.Hits);
    }

    [Fact]
    public void Document_of_an_older_snapshot_does_not_replace_the_newer_one()
    {
        var cache = new DocumentCache();
        Write(Snapshots.Busy);
        Assert.Equal("1", Write(Snapshots.Empty));
        Assert.Equal("2", Write(Snapshots.Busy));
        Assert.Equal(1, cache.Hits);

        string Write(ClusterSnapshot snapshot) =>
            System.Text.Encoding.UTF8.GetString(cache.Get(snapshot, "k", (writer, shown) => writer.WriteNumberValue(shown.Version)).Json.Span);
    }

    [Fact]
    public async Task Redirect_names_the_leader_without_a_scheme()
    {
        await using var raw = await RawHttp.ConnectAsync(_host.Address);
        await raw.SendAsync($"GET http://{_host.Address.Authority}/redirect HTTP/1.1\r\nHost: {_host.Address.Authority}\r\n\r\n");
        var head = await raw.ReadHeadAsync();
        Assert.Equal(307, head.Status);
        Assert.Equal("//localhost:5050", head.Headers["Location"]);
    }

    [Fact]
    public async Task Metrics_are_flat_numbers_of_the_snapshot()
    {
        var metrics = await GetAsync("/metrics/snapshot?timeout=5secs");
        Assert.All(metrics.EnumerateObject(), metric => Assert.Equal(JsonValueKind.Number, metric.Value.ValueKind));
        Assert.Equal(1, metrics.GetProperty("master/elected").GetDouble());
        Assert.Equal(1, metrics.GetProperty("master/tasks_running").GetDouble());
        Assert.Equal(1, metrics.GetProperty("master/slave_registrations").GetDouble());
        Assert.Equal(0, metrics.GetProperty("master/messages_kill_task").GetDouble());
        Assert.Equal(3, metrics.GetProperty("master/task_failed/source_executor/reason_command_executor_failed").GetDouble());
        Assert.Equal(4, metrics.GetProperty("master/cpus_total").GetDouble());
        Assert.Equal(0.1 / 4, metrics.GetProperty("master/cpus_percent").GetDouble(), 6);
        Assert.Equal(1, metrics.GetProperty("master/outstanding_offers").GetDouble());
        Assert.Equal(1, metrics.GetProperty("master/frameworks/cap%20fw/m-0000/tasks/active/task_running").GetDouble());
        Assert.True(metrics.GetProperty("system/mem_total_bytes").GetDouble() > 0);
        Assert.Equal(HttpStatusCode.BadRequest, (await _host.Client.GetAsync("/metrics/snapshot?timeout=soon")).StatusCode);
    }

    [Fact]
    public async Task Machine_figures_are_there()
    {
        var stats = await GetAsync("/system/stats.json");
        Assert.True(stats.GetProperty("cpus_total").GetDouble() >= 1);
        Assert.True(stats.GetProperty("mem_free_bytes").GetDouble() > 0);
    }

    [Fact]
    public async Task Teardown_reaches_the_master_and_its_answer_the_caller()
    {
        _master.Answer = command => command == new MasterCommand.TeardownFramework(new FrameworkId("m-0000")) ? MasterReply.Ok : new MasterReply(400, "No framework found with specified ID");
        Assert.Equal((200, ""), await TeardownAsync("frameworkId=m-0000"));
        Assert.Equal((400, "No framework found with specified ID"), await TeardownAsync("frameworkId=x"));
        Assert.Equal((400, "Missing 'frameworkId'; send a form, for example frameworkId=3f2a…-0001"), await TeardownAsync("framework=x"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await _host.Client.GetAsync("/teardown")).StatusCode);
        _master.Answer = _ => throw new EngineOverloadedException();
        Assert.Equal(429, (await TeardownAsync("frameworkId=x")).Status);
    }

    private async Task<(int Status, string Text)> TeardownAsync(string form)
    {
        using var answer = await _host.Client.PostAsync("/master/teardown", new StringContent(form));
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task<HttpStatusCode> StatusWithAsync(string etag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/state");
        request.Headers.TryAddWithoutValidation("If-None-Match", etag);
        using var answer = await _host.Client.SendAsync(request);
        return answer.StatusCode;
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await _host.Client.GetAsync(path);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement;
    }
}
