using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Tests.Support;
using static Orchestrator.Core.Contract.Link.AgentEvent;

namespace Orchestrator.Tests.Contract.Marathon;

/// <summary><c>GET /v2/apps/{id}/explain</c> on the real host with an agent on the wire, for each kind of obstacle.</summary>
[Trait("Category", "Contract")]
public sealed class ExplainTests : IAsyncLifetime
{
    private static readonly Resource s_ports = MakePorts();
    private HostFixture _host = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await HostFixture.StartAsync();
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = _host.Address };
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Every_kind_of_obstacle_is_explained_with_what_is_needed_and_what_is_there()
    {
        await CreateAsync("{'id':'/early','cmd':'x','portDefinitions':[]}");
        Assert.Equal("readiness", (await ExplainAsync("/early")).GetProperty("obstacles")[0].GetProperty("kind").GetString());
        await using var agent = await WireAgent.RegisterAsync(_host.Address, Scalar("cpus", 4), Scalar("mem", 1024), Scalar("disk", 1000), s_ports);
        await agent.NextAsync(EventOneofCase.RunTask);

        (string Kind, string Fields, string Needed, string Available)[] cases =
        [
            ("cpus", "'cpus':64", "64 cpus", "3 cpus"),
            ("mem", "'mem':5000", "5000 MiB of memory", "896 MiB of memory"),
            ("disk", "'disk':5000", "5000 MiB of disk", "1000 MiB of disk"),
            ("gpus", "'gpus':1", "1 gpus", "0 gpus"),
            ("ports", "'portDefinitions':[{'port':80}],'requirePorts':true", "port 80", "ports 31000-31009"),
            ("role", "'acceptedResourceRoles':['ops']", "resources of role ops", "only of role *"),
            ("attribute", "'constraints':[['rack','LIKE','r1']]", "rack LIKE r1", "rack is not set"),
            ("constraint", "'constraints':[['hostname','UNLIKE','wire']]", "hostname UNLIKE wire", "hostname is wire"),
        ];
        foreach (var (kind, fields, needed, available) in cases)
        {
            await CreateAsync($"{{'id':'/{kind}','cmd':'x',{fields}}}");
            var explanation = await UntilAsync($"/{kind}", answer => answer.GetProperty("agentCount").GetInt32() == 1);
            Assert.Equal((kind, 1), (explanation.GetProperty("verdicts")[0].GetProperty("verdict").GetString(), explanation.GetProperty("verdicts")[0].GetProperty("only").GetInt32()));
            var node = explanation.GetProperty("agents")[0];
            Assert.Equal((agent.Id, "wire", kind), (node.GetProperty("id").GetString(), node.GetProperty("hostname").GetString(), node.GetProperty("verdict").GetString()));
            var unmet = node.GetProperty("requirements").EnumerateArray().Single(check => !check.GetProperty("met").GetBoolean());
            Assert.Equal((kind, needed, available), (unmet.GetProperty("kind").GetString(), unmet.GetProperty("needed").GetString(), unmet.GetProperty("available").GetString()));
            Assert.Contains(unmet.GetProperty("advice").GetString()!, explanation.GetProperty("advice")[0].GetString()!, StringComparison.Ordinal);
            Assert.Equal(1, explanation.GetProperty("waiting").GetArrayLength());
        }
    }

    [Fact]
    public async Task Backoff_dependency_and_deployment_are_explained()
    {
        await using var agent = await WireAgent.RegisterAsync(_host.Address, Scalar("cpus", 4), Scalar("mem", 1024), s_ports);
        await CreateAsync("{'id':'/failing','cmd':'x','backoffSeconds':100}");
        var run = (await agent.NextAsync(EventOneofCase.RunTask)).RunTask;
        await agent.ReportAsync(run.FrameworkInfo.Id, run.Task, TaskState.TaskFailed);
        var backoff = (await UntilAsync("/failing", answer => answer.GetProperty("obstacles").GetArrayLength() > 0 && answer.GetProperty("obstacles")[0].GetProperty("kind").GetString() == "backoff")).GetProperty("obstacles")[0];
        Assert.True(backoff.GetProperty("blocks").GetBoolean());
        Assert.True(backoff.TryGetProperty("until", out _));

        using var answer = await _client.PutAsync("/v2/apps", Body("[{'id':'/db','cmd':'x','cpus':64},{'id':'/front','cmd':'x','dependencies':['/db']}]"));
        Assert.Equal(200, (int)answer.StatusCode);
        var front = await ExplainAsync("/front");
        Assert.Equal((0, 1), (front.GetProperty("instances").GetProperty("waiting").GetInt32(), front.GetProperty("instances").GetProperty("held").GetInt32()));
        Assert.Equal(("dependency", "1 healthy instance of /db", "0"), (Obstacle(front, "kind"), Obstacle(front, "needed"), Obstacle(front, "offered")));
        var db = await ExplainAsync("/db");
        Assert.Equal("deployment", Obstacle(db, "kind"));
        Assert.Equal(Obstacle(front, "deploymentId"), Obstacle(db, "deploymentId"));
    }

    [Fact]
    public async Task Change_of_the_cluster_shows_within_two_seconds()
    {
        await using var small = await WireAgent.RegisterAsync(_host.Address, Scalar("cpus", 1), Scalar("mem", 1024), s_ports);
        await CreateAsync("{'id':'/big','cmd':'x','cpus':4}");
        await UntilAsync("/big", answer => answer.GetProperty("verdicts") is var verdicts && verdicts.GetArrayLength() > 0 && verdicts[0].GetProperty("verdict").GetString() == "cpus");

        await using var large = await WireAgent.RegisterAsync(_host.Address, Scalar("cpus", 8), Scalar("mem", 1024), s_ports);
        var run = (await large.NextAsync(EventOneofCase.RunTask)).RunTask;
        await large.ReportAsync(run.FrameworkInfo.Id, run.Task, TaskState.TaskRunning);

        var after = await UntilAsync("/big", answer => answer.GetProperty("instances").GetProperty("waiting").GetInt32() == 0);
        Assert.Equal("Nothing waits: every wanted instance of /big was launched.", after.GetProperty("summary").GetString());
    }

    [Theory]
    [InlineData("/v2/apps/none/explain", 404, "App '/none' does not exist")]
    [InlineData("/v2/apps/some/explain?limit=x", 400, "The query parameter 'limit' is 'x'; write a number of agents from 0 to 10000")]
    [InlineData("/v2/apps/some/explain?limit=10001", 400, "The query parameter 'limit' is '10001'; write a number of agents from 0 to 10000")]
    public async Task Question_that_makes_no_sense_is_refused_with_the_reason(string path, int status, string message)
    {
        await CreateAsync("{'id':'/some','cmd':'x'}");

        using var answer = await _client.GetAsync(path);

        Assert.Equal((status, message), ((int)answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("message").GetString()));
    }

    [Fact]
    public async Task App_whose_id_ends_in_the_word_is_an_app()
    {
        await CreateAsync("{'id':'/please/explain','cmd':'x'}");

        Assert.Equal("/please/explain", (await _client.GetFromJsonAsync<JsonElement>("/v2/apps/please/explain")).GetProperty("app").GetProperty("id").GetString());
        using var answer = await _client.DeleteAsync("/v2/apps/please/explain");
        Assert.Equal(200, (int)answer.StatusCode);
    }

    private static string? Obstacle(JsonElement explanation, string field) => explanation.GetProperty("obstacles")[0].GetProperty(field).GetString();

    private async Task CreateAsync(string app)
    {
        using var answer = await _client.PostAsync("/v2/apps", Body(app));
        Assert.Equal(201, (int)answer.StatusCode);
    }

    private Task<JsonElement> ExplainAsync(string id) => _client.GetFromJsonAsync<JsonElement>($"/v2/apps{id}/explain");

    private async Task<JsonElement> UntilAsync(string id, Func<JsonElement, bool> isSo)
    {
        for (var started = Stopwatch.GetTimestamp(); ; await Task.Delay(20))
        {
            var explanation = await ExplainAsync(id);
            if (isSo(explanation))
            {
                return explanation;
            }

            Assert.True(Stopwatch.GetElapsedTime(started) < Until.Patience, $"{id} is explained only so: {explanation}");
        }
    }

    private static StringContent Body(string json) => new(json.Replace('\'', '"'), Encoding.UTF8, "application/json");

    private static Resource Scalar(string name, double value) => new() { Name = name, Type = Value.Types.Type.Scalar, Scalar = new Value.Types.Scalar { Value = value } };

    private static Resource MakePorts()
    {
        var ports = new Resource { Name = "ports", Type = Value.Types.Type.Ranges, Ranges = new Value.Types.Ranges() };
        ports.Ranges.Range.Add(new Value.Types.Range { Begin = 31000, End = 31009 });
        return ports;
    }
}
