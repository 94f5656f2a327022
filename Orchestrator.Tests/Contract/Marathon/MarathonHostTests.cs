using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Hosting;
using static Orchestrator.Core.Contract.Link.AgentEvent;

namespace Orchestrator.Tests.Contract.Marathon;

/// <summary>Services on the real host with an agent on the wire: what a client of Marathon does, from its first call to its last.</summary>
[Trait("Category", "Contract")]
public sealed class MarathonHostTests
{
    // Null stands for what is not said, as clients write it that serialise whole objects.
    private const string App = """
        {"id":"/shop/web","cmd":"serve","cpus":0.5,"mem":64,"instances":1,"ports":null,"dependencies":null,"portDefinitions":[{"port":0,"name":"http"}],"labels":{"tier":"web"}}
        """;

    [Fact]
    public async Task App_is_created_launched_scaled_killed_and_deleted_as_a_client_does_it()
    {
        await using var host = await HostFixture.StartAsync();
        await using var client = new MarathonClient(host.Address);
        await using var agent = await WireAgent.RegisterAsync(host.Address, Scalar("cpus", 4), Scalar("mem", 1024), Ports(31000, 31009));

        var created = await client.SendAsync("POST", "/v2/apps", App, HttpStatusCode.Created);
        Assert.Equal("/shop/web", created.Json.GetProperty("id").GetString());
        Assert.Equal(created.Deployment, created.Json.GetProperty("deployments")[0].GetProperty("id").GetString());
        Assert.Equal([0, 0, 0, 0], new[] { "tasksStaged", "tasksRunning", "tasksHealthy", "tasksUnhealthy" }.Select(name => created.Json.GetProperty(name).GetInt32()));
        Assert.Equal("/shop/web", created.Location!.AbsolutePath);
        await client.SendAsync("POST", "/v2/apps", App, HttpStatusCode.Conflict);

        var run = (await agent.NextAsync(EventOneofCase.RunTask)).RunTask;
        Assert.Equal("web.shop", run.Task.Name);
        Assert.Equal("/shop/web", run.Task.Command.Environment.Variables.Single(variable => variable.Name == "MARATHON_APP_ID").Value);
        await agent.ReportAsync(run.FrameworkInfo.Id, run.Task, TaskState.TaskRunning);
        var app = await client.UntilAsync("/v2/apps//shop/web", answer => answer.GetProperty("app") is var one && one.GetProperty("tasksRunning").GetInt32() == 1 && one.GetProperty("deployments").GetArrayLength() == 0);
        var task = app.GetProperty("app").GetProperty("tasks")[0];
        Assert.Equal(run.Task.TaskId.Value, task.GetProperty("id").GetString());
        Assert.Equal(("wire", agent.Id), (task.GetProperty("host").GetString(), task.GetProperty("slaveId").GetString()));
        Assert.InRange(task.GetProperty("ports")[0].GetInt32(), 31000, 31009);

        var scaled = await client.SendAsync("PUT", "/v2/apps//shop/web", """{"instances":2}""", HttpStatusCode.OK);
        Assert.Equal(scaled.Deployment, scaled.Json.GetProperty("deploymentId").GetString());
        var second = (await agent.NextAsync(EventOneofCase.RunTask)).RunTask;
        await agent.ReportAsync(second.FrameworkInfo.Id, second.Task, TaskState.TaskRunning);
        await client.UntilAsync("/v2/deployments", answer => answer.GetArrayLength() == 0);
        Assert.Equal(2, (await client.GetAsync("/v2/apps/shop/web/versions")).GetProperty("versions").GetArrayLength());

        await client.SendAsync("DELETE", $"/v2/apps//shop/web/tasks/{run.Task.TaskId.Value}?scale=true", null, HttpStatusCode.OK);
        Assert.Equal(run.Task.TaskId, (await agent.NextAsync(EventOneofCase.KillTask)).KillTask.TaskId);
        await agent.ReportAsync(run.FrameworkInfo.Id, run.Task, TaskState.TaskKilled);
        await client.UntilAsync("/v2/apps//shop/web/tasks", answer => answer.GetProperty("tasks").GetArrayLength() == 1);

        await client.SendAsync("DELETE", "/v2/apps//shop/web", null, HttpStatusCode.OK);
        Assert.Equal(second.Task.TaskId, (await agent.NextAsync(EventOneofCase.KillTask)).KillTask.TaskId);
        await agent.ReportAsync(second.FrameworkInfo.Id, second.Task, TaskState.TaskKilled);
        await client.UntilAsync("/v2/apps", answer => answer.GetProperty("apps").GetArrayLength() == 0);
    }

    [Fact]
    public async Task Event_stream_tells_of_a_deployment_from_its_call_to_its_success()
    {
        await using var host = await HostFixture.StartAsync();
        await using var client = new MarathonClient(host.Address);
        await using var agent = await WireAgent.RegisterAsync(host.Address, Scalar("cpus", 4), Scalar("mem", 1024), Ports(31000, 31009));
        using var events = new StreamReader(await client.OpenAsync("/v2/events"));
        await client.SendAsync("POST", "/v2/apps", App, HttpStatusCode.Created);
        var run = (await agent.NextAsync(EventOneofCase.RunTask)).RunTask;
        await agent.ReportAsync(run.FrameworkInfo.Id, run.Task, TaskState.TaskRunning);

        var heard = new List<string>();
        using var patience = new CancellationTokenSource(Until.Patience);
        while (heard.Count == 0 || heard[^1] != "deployment_success")
        {
            var line = await events.ReadLineAsync(patience.Token);
            if (line!.StartsWith("event: ", StringComparison.Ordinal))
            {
                heard.Add(line["event: ".Length..]);
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                var data = JsonDocument.Parse(line["data: ".Length..]).RootElement;
                Assert.Equal(heard[^1], data.GetProperty("eventType").GetString());
                Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", data.GetProperty("timestamp").GetString()!);
            }
        }

        Assert.Equal("event_stream_attached", heard[0]);
        Assert.Superset(new HashSet<string> { "api_post_event", "group_change_success", "deployment_info", "status_update_event", "instance_changed_event", "deployment_step_success" }, heard.ToHashSet());
        Assert.True(heard.IndexOf("api_post_event") < heard.IndexOf("deployment_info"));
    }

    [Fact]
    public async Task Waiting_app_says_which_requirement_of_which_offer_failed()
    {
        await using var host = await HostFixture.StartAsync();
        await using var client = new MarathonClient(host.Address);
        await using var agent = await WireAgent.RegisterAsync(host.Address, Scalar("cpus", 4), Scalar("mem", 1024));
        await client.SendAsync("POST", "/v2/apps", """{"id":"/huge","cmd":"x","cpus":64,"portDefinitions":[]}""", HttpStatusCode.Created);
        var queue = await client.UntilAsync("/v2/queue?embed=lastUnusedOffers", answer => answer.GetProperty("queue") is var items && items.GetArrayLength() == 1 && items[0].GetProperty("lastUnusedOffers").GetArrayLength() == 1);
        var unused = queue.GetProperty("queue")[0].GetProperty("lastUnusedOffers")[0];
        Assert.Equal("InsufficientCpus", unused.GetProperty("reason")[0].GetString());
        Assert.Equal(agent.Id, unused.GetProperty("offer").GetProperty("agentId").GetString());
        await client.SendAsync("DELETE", "/v2/queue//huge/delay", null, HttpStatusCode.NoContent);
        var deployment = (await client.GetAsync("/v2/deployments"))[0].GetProperty("id").GetString();
        Assert.NotNull((await client.SendAsync("DELETE", $"/v2/deployments/{deployment}", null, HttpStatusCode.OK)).Deployment);
        await client.UntilAsync("/v2/apps", answer => answer.GetProperty("apps").GetArrayLength() == 0);
    }

    [Fact]
    public async Task Services_that_were_torn_down_come_back_under_a_new_framework_id()
    {
        await using var host = await HostFixture.StartAsync();
        await using var client = new MarathonClient(host.Address);
        await using var agent = await WireAgent.RegisterAsync(host.Address, Scalar("cpus", 4), Scalar("mem", 1024), Ports(31000, 31009));
        await client.SendAsync("POST", "/v2/apps", App, HttpStatusCode.Created);
        var run = (await agent.NextAsync(EventOneofCase.RunTask)).RunTask;
        await agent.ReportAsync(run.FrameworkInfo.Id, run.Task, TaskState.TaskRunning);
        await client.UntilAsync("/v2/deployments", answer => answer.GetArrayLength() == 0);

        using (var torn = await client.Http.PostAsync("/teardown", new StringContent($"frameworkId={run.FrameworkInfo.Id.Value}")))
        {
            Assert.Equal(HttpStatusCode.OK, torn.StatusCode);
        }

        var again = (await agent.NextAsync(EventOneofCase.RunTask)).RunTask;
        Assert.NotEqual(run.FrameworkInfo.Id, again.FrameworkInfo.Id);
        Assert.NotEqual(run.Task.TaskId, again.Task.TaskId);
        await agent.ReportAsync(again.FrameworkInfo.Id, again.Task, TaskState.TaskRunning);
        await client.UntilAsync("/v2/apps//shop/web", answer => answer.GetProperty("app").GetProperty("tasksRunning").GetInt32() == 1);
        Assert.Equal(again.FrameworkInfo.Id.Value, (await client.GetAsync("/v2/info")).GetProperty("frameworkId").GetString());
    }

    [Fact]
    public async Task Host_that_starts_again_on_its_data_has_the_same_framework_and_apps()
    {
        using var data = new TemporaryDirectory();
        string?[] ids = new string?[2];
        for (var run = 0; run < 2; run++)
        {
            await using var host = OrchestratorHost.Create(["--port=0", "--http_port=0", $"--work_dir={data.Path}", "--logging_level=ERROR"]);
            await host.StartAsync(CancellationToken.None);
            await using var client = new MarathonClient(host.Addresses[0]);
            ids[run] = (await client.UntilAsync("/v2/info", answer => answer.GetProperty("frameworkId").ValueKind == JsonValueKind.String)).GetProperty("frameworkId").GetString();
            if (run == 0)
            {
                await client.SendAsync("POST", "/v2/apps", App, HttpStatusCode.Created);
            }

            Assert.Equal("/shop/web", (await client.GetAsync("/v2/apps")).GetProperty("apps")[0].GetProperty("id").GetString());
            using var patience = new CancellationTokenSource(Until.Patience);
            await host.StopAsync(patience.Token);
        }

        Assert.Equal(ids[0], ids[1]);
    }

    [Fact]
    public async Task Marathon_port_serves_the_same_and_the_metrics_of_old_exporters()
    {
        var port = ServiceProcess.FreePort();
        await using var host = await HostFixture.StartAsync($"--http_port={port}", "--hostname=leader.example");
        await using var main = new MarathonClient(host.Address);
        await using var client = new MarathonClient(new Uri($"http://127.0.0.1:{port}"));
        Assert.Equal(port, host.Host.Addresses[1].Port);
        foreach (var each in new[] { main, client })
        {
            Assert.Equal($"leader.example:{port}", (await each.GetAsync("/v2/leader")).GetProperty("leader").GetString());
            Assert.Equal(0, (await each.GetAsync("/v2/apps")).GetProperty("apps").GetArrayLength());
        }

        Assert.Equal(0, (await client.GetAsync("/metrics")).GetProperty("gauges").GetProperty("marathon.apps.active.gauge").GetProperty("value").GetDouble());
        await main.SendAsync("GET", "/metrics", null, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Account_is_asked_for_in_the_realm_of_the_reference_and_ping_needs_none()
    {
        await using var host = await HostFixture.StartAsync("""--credentials={"credentials":[{"principal":"ops","secret":"hush"}]}""");
        await using var client = new MarathonClient(host.Address);
        using (var refused = await client.Http.GetAsync("/v2/apps"))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            Assert.Equal("Basic realm=\"Mesosphere\"", refused.Headers.WwwAuthenticate.ToString());
        }

        Assert.Equal("pong", await client.Http.GetStringAsync("/ping"));
        client.Http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String("ops:hush"u8));
        Assert.Equal(0, (await client.GetAsync("/v2/apps")).GetProperty("apps").GetArrayLength());
        Assert.DoesNotContain("hush", (await client.GetAsync("/config")).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"id":"/A","cmd":"x"}""", 422, "/id")]
    [InlineData("""{"id":"/a"}""", 422, "/")]
    [InlineData("""{"id":"/a","cmd":"x","cpus":"many"}""", 422, "/cpus")]
    [InlineData("""{"id":"/a","cmd":"x","healthChecks":[{"portIndex":7}]}""", 422, "/healthChecks(0)/portIndex")]
    [InlineData("""{"id":"/a","container":{"type":"DOCKER","docker":{"image":"x","privileged":true}}}""", 422, "/container/docker/privileged")]
    public async Task Definition_that_is_wrong_is_refused_by_field(string definition, int status, string path)
    {
        await using var host = await HostFixture.StartAsync();
        await using var client = new MarathonClient(host.Address);
        var answer = await client.SendAsync("POST", "/v2/apps", definition, (HttpStatusCode)status);
        Assert.Contains(path, answer.Json.GetProperty("details").EnumerateArray().Select(detail => detail.GetProperty("path").GetString()));
        Assert.Equal(0, (await client.GetAsync("/v2/apps")).GetProperty("apps").GetArrayLength());
    }

    [Fact]
    public async Task Body_beyond_the_limit_is_refused_as_json()
    {
        await using var host = await HostFixture.StartAsync();
        await using var raw = await RawHttp.ConnectAsync(host.Address);
        await raw.SendAsync("POST /v2/apps HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000\r\n\r\n{");
        var head = await raw.ReadHeadAsync();
        Assert.Equal((413, "application/json"), (head.Status, head.Headers["Content-Type"]));
        var body = await raw.ReadBytesAsync(int.Parse(head.Headers["Content-Length"], CultureInfo.InvariantCulture));
        Assert.NotEmpty(JsonDocument.Parse(body).RootElement.GetProperty("message").GetString()!);
    }

    [Fact]
    public async Task Page_of_another_site_cannot_change_services()
    {
        await using var host = await HostFixture.StartAsync("--access_control_allow_origin=https://ops.example");
        await using var client = new MarathonClient(host.Address);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/apps") { Content = new StringContent(App, Encoding.UTF8, "text/plain") };
        request.Headers.Add("Origin", "https://ops.example");
        using var answer = await client.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal(0, (await client.GetAsync("/v2/apps")).GetProperty("apps").GetArrayLength());
    }

    [Theory]
    [InlineData("--access_control_allow_origin=ops.example", "--access_control_allow_origin")]
    [InlineData("--local_port_min=20000 --local_port_max=10000", "--local_port_min")]
    [InlineData("--volume_roots=srv", "--volume_roots")]
    [InlineData("--mesos_role=", "--mesos_role")]
    [InlineData("--framework_name=", "--framework_name")]
    [InlineData("--failover_timeout=long", "--failover_timeout")]
    public void Flag_of_services_that_is_wrong_stops_the_start_and_is_named(string flags, string named)
    {
        using var data = new TemporaryDirectory();
        var error = Assert.Throws<Core.Runtime.Flags.FlagException>(() => OrchestratorHost.Create(["--port=0", "--http_port=0", $"--work_dir={data.Path}", .. flags.Split(' ')]));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    private static Resource Scalar(string name, double value) => new() { Name = name, Type = Value.Types.Type.Scalar, Scalar = new Value.Types.Scalar { Value = value } };

    private static Resource Ports(ulong first, ulong last) => new() { Name = "ports", Type = Value.Types.Type.Ranges, Ranges = new Value.Types.Ranges { Range = { new Value.Types.Range { Begin = first, End = last } } } };

    /// <summary>A client as users have it: calls, answers, and asking again until something is so.</summary>
    private sealed class MarathonClient(Uri address) : IAsyncDisposable
    {
        public HttpClient Http { get; } = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };

        public async Task<JsonElement> GetAsync(string path) => await Http.GetFromJsonAsync<JsonElement>(path);

        public async Task<Stream> OpenAsync(string path)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Accept.ParseAdd("text/event-stream");
            var answer = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return await answer.Content.ReadAsStreamAsync();
        }

        public async Task<(JsonElement Json, string? Deployment, Uri? Location)> SendAsync(string method, string path, string? body, HttpStatusCode expected)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
            using var answer = await Http.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.StatusCode == expected, $"{method} {path}: {(int)answer.StatusCode} {text}");
            return (text.Length == 0 ? default : JsonDocument.Parse(text).RootElement, answer.Headers.TryGetValues("Marathon-Deployment-Id", out var ids) ? ids.Single() : null, answer.Headers.Location);
        }

        public async Task<JsonElement> UntilAsync(string path, Func<JsonElement, bool> condition)
        {
            using var patience = new CancellationTokenSource(Until.Patience);
            while (true)
            {
                var answer = await GetAsync(path);
                if (condition(answer))
                {
                    return answer;
                }

                Assert.False(patience.IsCancellationRequested, $"{path} stays {answer}");
                await Task.Delay(20);
            }
        }

        public ValueTask DisposeAsync()
        {
            Http.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
