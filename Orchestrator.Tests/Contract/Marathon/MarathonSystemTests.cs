using System.Net;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Contract.Marathon;

/// <summary>What the services engine says of itself, and the headers of all its answers.</summary>
[Trait("Category", "Contract")]
public sealed class MarathonSystemTests : IAsyncLifetime
{
    private MarathonEdge _edge = null!;

    public async ValueTask InitializeAsync() => _edge = await MarathonEdge.StartAsync(ServiceSnapshots.Busy, null, "https://ops.example", "https://other.example");

    public ValueTask DisposeAsync() => _edge.DisposeAsync();

    [Fact]
    public async Task Info_has_the_blocks_of_the_reference()
    {
        var info = await _edge.GetAsync("/v2/info");
        Assert.Equal("marathon", info.GetProperty("name").GetString());
        Assert.Equal("f-1", info.GetProperty("frameworkId").GetString());
        Assert.Equal("master.example:8080", info.GetProperty("leader").GetString());
        Assert.True(info.GetProperty("elected").GetBoolean());
        Assert.Equal(3, info.GetProperty("version").GetString()!.Split('.').Length);
        Assert.Equal("ops", info.GetProperty("marathon_config").GetProperty("mesos_role").GetString());
        Assert.Equal(10000, info.GetProperty("marathon_config").GetProperty("local_port_min").GetInt32());
        Assert.Equal("http://master.example:5050/", info.GetProperty("marathon_config").GetProperty("mesos_leader_ui_url").GetString());
        Assert.Equal(8080, info.GetProperty("http_config").GetProperty("http_port").GetInt32());
        Assert.Equal(50, info.GetProperty("zookeeper_config").GetProperty("zk_max_versions").GetInt32());
    }

    [Fact]
    public async Task Leader_and_plugins_and_pods_are_as_clients_compare_them()
    {
        Assert.Equal("""{"leader":"master.example:8080"}""", (await _edge.GetAsync("/v2/leader")).GetRawText());
        Assert.Equal("""{"plugins":[]}""", (await _edge.GetAsync("/v2/plugins")).GetRawText());
        Assert.Equal("[]", (await _edge.GetAsync("/v2/pods")).GetRawText());
        Assert.Equal(200, (await _edge.SendAsync("HEAD", "/v2/pods")).Status);
    }

    [Theory]
    [InlineData(null, 200, "pong", "text/plain")]
    [InlineData("*/*", 200, "pong", "text/plain")]
    [InlineData("application/json", 200, "\"pong\"", "application/json")]
    [InlineData("image/png", 204, "", null)]
    public async Task Ping_answers_in_the_form_that_is_taken(string? accept, int status, string body, string? type)
    {
        var (got, _, answer) = await _edge.SendAsync("GET", "/ping", accept: accept);
        Assert.Equal(status, got);
        Assert.Equal(body, await answer.Content.ReadAsStringAsync());
        Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Metrics_have_the_layout_that_exporters_read()
    {
        var metrics = await _edge.GetAsync("/metrics");
        Assert.Equal("4.0.0", metrics.GetProperty("version").GetString());
        foreach (var kind in new[] { "gauges", "counters", "histograms", "meters", "timers" })
        {
            Assert.Equal(System.Text.Json.JsonValueKind.Object, metrics.GetProperty(kind).ValueKind);
        }

        double Gauge(string name) => metrics.GetProperty("gauges").GetProperty(name).GetProperty("value").GetDouble();
        Assert.Equal(3, Gauge("marathon.apps.active.gauge"));
        Assert.Equal(2, Gauge("service.mesosphere.marathon.task.running.count"));
        Assert.Equal(2, Gauge("marathon.groups.active.gauge"));
        Assert.Equal(1, Gauge("marathon.deployments.active.gauge"));
    }

    [Fact]
    public async Task Config_shows_the_flags_in_effect()
    {
        Assert.Equal("8080", (await _edge.GetAsync("/config")).GetProperty("http_port").GetString());
    }

    [Fact]
    public async Task Logging_shows_the_level_of_each_logger_and_changes_it()
    {
        Assert.Equal("""{"ROOT":"info"}""", (await _edge.GetAsync("/logging")).GetRawText());
        var (status, json, _) = await _edge.SendAsync("POST", "/logging", """{"logger":"Orchestrator.Core","level":"debug","durationSeconds":60}""");
        Assert.Equal(200, status);
        Assert.Equal("debug", json.GetProperty("Orchestrator.Core").GetString());
        Assert.Equal("debug", (await _edge.GetAsync("/logging")).GetProperty("Orchestrator.Core").GetString());
    }

    [Theory]
    [InlineData("[]", "\"logger\"")]
    [InlineData("""{"level":"debug"}""", "'logger'")]
    [InlineData("""{"logger":"a","level":"loud"}""", "'level'")]
    [InlineData("""{"logger":"a","level":7}""", "/level")]
    [InlineData("""{"logger":"a","level":"debug","durationSeconds":0}""", "'durationSeconds'")]
    public async Task Logging_that_is_malformed_names_the_field(string body, string named)
    {
        var (status, json, _) = await _edge.SendAsync("POST", "/logging", body);
        Assert.Equal(422, status);
        Assert.Contains(named, json.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v2/apps")]
    [InlineData("/v2/nothing")]
    [InlineData("/ping")]
    public async Task Answer_of_any_kind_says_not_to_keep_it_and_who_leads(string path)
    {
        var (_, _, answer) = await _edge.SendAsync("GET", path);
        Assert.Equal("no-cache, no-store, must-revalidate", answer.Headers.NonValidated["Cache-Control"].ToString());
        Assert.Equal("no-cache", answer.Headers.GetValues("Pragma").Single());
        Assert.Equal("0", answer.Content.Headers.GetValues("Expires").Single());
        Assert.Equal("http://master.example:8080", answer.Headers.GetValues("X-Marathon-Leader").Single());
        Assert.Equal("1; mode=block", answer.Headers.GetValues("X-XSS-Protection").Single());
    }

    [Theory]
    [InlineData("https://ops.example", "https://ops.example")]
    [InlineData("https://other.example", "https://other.example")]
    [InlineData("https://evil.example", null)]
    public async Task Web_page_of_a_configured_origin_may_read(string origin, string? allowed)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "/v2/apps");
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Headers", "x-one, x-two");
        using var answer = await _edge.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(allowed, answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var values) ? values.Single() : null);
        Assert.Equal("GET, HEAD, OPTIONS", answer.Headers.GetValues("Access-Control-Allow-Methods").Single());
        Assert.Equal("x-one, x-two", string.Join(", ", answer.Headers.GetValues("Access-Control-Allow-Headers")));
        Assert.Equal("86400", answer.Headers.GetValues("Access-Control-Max-Age").Single());
    }

    [Fact]
    public async Task Web_pages_without_a_configured_origin_get_no_such_header()
    {
        await using var closed = await MarathonEdge.StartAsync(ServiceSnapshots.Empty);
        using var answer = await closed.Client.GetAsync("/v2/apps");
        Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }
}
