using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Orchestrator.AgentService.Hosting;
using Orchestrator.Core.Contract.Link;
using Orchestrator.Tests.Support;
using static Orchestrator.Tests.Support.AgentEngineHarness;

namespace Orchestrator.Tests.Contract.Agents;

[Trait("Category", "Contract")]
public sealed class AgentApiTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FakeContainerizer _containers = new();
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(30));
    private LinkMaster _master = null!;
    private AgentHost _agent = null!;
    private HttpClient _client = null!;
    private string _sandbox = "";

    public async ValueTask InitializeAsync()
    {
        _master = await LinkMaster.StartAsync();
        _agent = await TestAgent.StartAsync(_directory.Path, _master, _containers, "--attributes=rack:r1", """--credential={"principal":"p","secret":"hush"}""");
        _client = new HttpClient { BaseAddress = _agent.Address };
        await _master.NextSubscriptionAsync(_patience.Token);
        _master.Send(new AgentEvent { RunTask = new() { FrameworkInfo = Framework(), Task = AgentEngineHarness.Task() } });
        await _master.NextUpdateAsync(_patience.Token);
        await _master.NextUpdateAsync(_patience.Token);
        _sandbox = _containers.Launches.Single().SandboxDirectory;
        await File.WriteAllTextAsync(Path.Combine(_sandbox, "stdout"), "0123456789");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _agent.DisposeAsync();
        await _master.DisposeAsync();
        _directory.Dispose();
        _patience.Dispose();
    }

    private async Task<JsonElement> JsonAsync(string path)
    {
        using var response = await _client.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.ToString());
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }

    private string Stdout => Uri.EscapeDataString(_sandbox + "/stdout");

    [Theory]
    [InlineData("/state")]
    [InlineData("/slave(1)/state")]
    [InlineData("/state/")]
    public async Task State_under_each_path_has_the_shape_of_the_reference(string path)
    {
        var state = await JsonAsync(path);

        Assert.Equal("cluster-S1", state.GetProperty("id").GetString());
        Assert.Equal(2, state.GetProperty("resources").GetProperty("cpus").GetDouble());
        Assert.Equal("[31000-32000]", state.GetProperty("resources").GetProperty("ports").GetString());
        Assert.Equal("r1", state.GetProperty("attributes").GetProperty("rack").GetString());
        Assert.StartsWith("slave(1)@127.0.0.1:", state.GetProperty("pid").GetString(), StringComparison.Ordinal);
        var executor = state.GetProperty("frameworks")[0].GetProperty("executors")[0];
        Assert.Equal("t1", executor.GetProperty("id").GetString());
        Assert.Equal(_sandbox, executor.GetProperty("directory").GetString());
        var task = executor.GetProperty("tasks")[0];
        Assert.Equal("TASK_RUNNING", task.GetProperty("state").GetString());
        Assert.Equal(["TASK_STARTING", "TASK_RUNNING"], task.GetProperty("statuses").EnumerateArray().Select(status => status.GetProperty("state").GetString()));
        Assert.DoesNotContain("hush", state.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Containers_and_statistics_name_the_running_task()
    {
        var container = (await JsonAsync("/containers"))[0];
        Assert.Equal("t1", container.GetProperty("executor_id").GetString());
        Assert.Equal("Command Executor (Task: t1) (Command: sh -c 'sleep 100')", container.GetProperty("executor_name").GetString());
        Assert.Equal(container.GetProperty("container_id").GetString(), container.GetProperty("status").GetProperty("container_id").GetProperty("value").GetString());
        Assert.Equal(0, (await JsonAsync("/containers?container_id=other")).GetArrayLength());
        Assert.Equal("t1", (await JsonAsync("/monitor/statistics"))[0].GetProperty("source").GetString());
    }

    [Fact]
    public async Task Metrics_flags_version_and_health_answer()
    {
        var metrics = await JsonAsync("/metrics/snapshot");
        Assert.Equal(1, metrics.GetProperty("slave/tasks_running").GetDouble());
        Assert.Equal(1, metrics.GetProperty("slave/registered").GetDouble());
        Assert.All(metrics.EnumerateObject(), metric => Assert.Equal(JsonValueKind.Number, metric.Value.ValueKind));
        Assert.Equal("mesos", (await JsonAsync("/flags")).GetProperty("flags").GetProperty("containerizers").GetString());
        Assert.Equal("1.11.0", (await JsonAsync("/version")).GetProperty("version").GetString());
        Assert.Equal(HttpStatusCode.OK, (await _client.GetAsync("/health")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _client.GetAsync("/nonsense")).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await _client.PostAsync("/state", null)).StatusCode);
    }

    [Fact]
    public async Task Sandbox_is_browsed_under_the_name_that_was_asked()
    {
        foreach (var name in new[] { _sandbox, "/frameworks/fw-0001/executors/t1/runs/latest" })
        {
            var file = (await JsonAsync($"/files/browse?path={Uri.EscapeDataString(name)}"))[0];
            Assert.Equal(name + "/stdout", file.GetProperty("path").GetString());
            Assert.Equal(10, file.GetProperty("size").GetInt64());
            Assert.StartsWith("-rw", file.GetProperty("mode").GetString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("offset=-1", "", 10)]
    [InlineData("offset=3&length=4", "3456", 3)]
    [InlineData("offset=8", "89", 8)]
    [InlineData("offset=99", "", 99)]
    [InlineData("", "", 10)]
    public async Task File_is_read_in_parts(string query, string data, long offset)
    {
        var read = await JsonAsync($"/files/read?path={Stdout}&{query}");
        Assert.Equal((data, offset), (read.GetProperty("data").GetString(), read.GetProperty("offset").GetInt64()));
    }

    [Fact]
    public async Task Read_is_bounded_and_cuts_no_character()
    {
        await File.WriteAllTextAsync(Path.Combine(_sandbox, "stdout"), "x" + new string('é', 100_000));
        var data = (await JsonAsync($"/files/read?path={Stdout}&offset=0")).GetProperty("data").GetString()!;
        Assert.Equal((64 * 1024) - 1, Encoding.UTF8.GetByteCount(data));
        Assert.DoesNotContain('\uFFFD', data);
    }

    [Theory]
    [InlineData("read?path=/etc/passwd&offset=0", HttpStatusCode.NotFound)]
    [InlineData("browse?path=/", HttpStatusCode.NotFound)]
    [InlineData("download?path=/frameworks/fw-0001/executors/t1/runs/latest/../../../../../../meta/boot_id", HttpStatusCode.NotFound)]
    [InlineData("download?path=/frameworks/fw-0001/executors/t1/runs/latest/evil", HttpStatusCode.BadRequest)]
    [InlineData("read?path=/frameworks/fw-0001/executors/t1/runs/latest&offset=0", HttpStatusCode.BadRequest)]
    [InlineData("read?path=/frameworks/fw-0001/executors/t1/runs/latest/stdout&offset=x", HttpStatusCode.BadRequest)]
    [InlineData("read?offset=0", HttpStatusCode.BadRequest)]
    public async Task File_that_may_not_be_read_is_refused(string query, HttpStatusCode expected)
    {
        File.CreateSymbolicLink(Path.Combine(_sandbox, "evil"), "/etc/passwd");
        using var response = await _client.GetAsync("/files/" + query);
        Assert.Equal(expected, response.StatusCode);
        Assert.DoesNotContain("root:", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Download_answers_whole_and_by_range()
    {
        using var whole = await _client.GetAsync($"/files/download?path={Stdout}");
        Assert.Equal("0123456789", await whole.Content.ReadAsStringAsync());
        Assert.Equal("attachment; filename=stdout", whole.Content.Headers.ContentDisposition!.ToString().Split("; filename*")[0]);

        using var request = new HttpRequestMessage(HttpMethod.Get, $"/files/download?path={Stdout}") { Headers = { Range = new RangeHeaderValue(2, 4) } };
        using var part = await _client.SendAsync(request);
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal("234", await part.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Jsonp_wraps_the_answer_and_takes_only_names()
    {
        using var response = await _client.GetAsync($"/files/read?path={Stdout}&offset=0&length=2&jsonp=cb");
        Assert.Equal("""cb({"data":"01","offset":0})""", await response.Content.ReadAsStringAsync());
        Assert.Equal("text/javascript", response.Content.Headers.ContentType!.ToString());
        Assert.Equal(HttpStatusCode.BadRequest, (await _client.GetAsync("/state?jsonp=alert(1)")).StatusCode);
    }

    [Fact]
    public async Task Endpoints_with_authentication_ask_for_it()
    {
        using var directory = new TemporaryDirectory();
        await using var agent = await TestAgent.StartAsync(
            directory.Path, _master, _containers, "--authenticate_http_readonly", "--authenticate_http_readwrite", """--http_credentials={"credentials":[{"principal":"reader","secret":"s3cret"}]}""");
        using var client = new HttpClient { BaseAddress = agent.Address };
        using var refused = await client.GetAsync("/state");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal("Basic realm=\"mesos-agent-readonly\"", refused.Headers.WwwAuthenticate.ToString());
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health")).StatusCode);

        foreach (var (secret, expected) in new[] { ("s3cret", HttpStatusCode.OK), ("wrong", HttpStatusCode.Unauthorized) })
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("reader:" + secret)));
            Assert.Equal(expected, (await client.GetAsync("/state")).StatusCode);
        }
    }
}
