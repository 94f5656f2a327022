using System.Text;
using System.Text.Json;
using Orchestrator.AgentService.Hosting;
using Orchestrator.Tests.Integration.EndToEnd;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Integration.Execution.Docker;

/// <summary>Docker tasks as a framework sees them: a real host, a real agent, a real daemon, and the wire.</summary>
[Trait("Category", "Integration")]
public sealed class DockerTaskTests : IClassFixture<BusyboxFixture>, IAsyncLifetime
{
    private static readonly Dictionary<string, string> s_nothing = [];
    private readonly TemporaryDirectory _directory = new();
    private HostFixture _host = null!;
    private AgentHost _agent = null!;
    private WireFramework _framework = null!;
    private string _offer = "";
    private string _agentId = "";

    public async ValueTask InitializeAsync()
    {
        _host = await HostFixture.StartAsync();
        _agent = await StartAgentAsync();
        _framework = new WireFramework(_host.Address, protobuf: false);
        await _framework.SubscribeAsync(
            """{"type":"SUBSCRIBE","framework_id":{"value":"F"},"subscribe":{"framework_info":{"user":"root","name":"docker","id":{"value":"F"},"failover_timeout":60,"capabilities":[{"type":"TASK_KILLING_STATE"}]}}}""");
        await TakeOfferAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _framework.DisposeAsync();
        await _agent.DisposeAsync();
        await _host.DisposeAsync();
        await Shell.RunAsync($"docker ps -aq --filter label=orchestrator.work_dir={_directory.Path} | xargs -r docker rm -fv >/dev/null");
        _directory.Dispose();
    }

    [Fact]
    public async Task Task_runs_is_checked_from_inside_and_is_killed()
    {
        await LaunchAsync("exec sleep 1000", """ "health_check":{"type":"COMMAND","delay_seconds":0,"interval_seconds":0.1,"grace_period_seconds":0,"command":{"value":"test $COLOUR = blue"}}, """);

        Assert.Equal("TASK_STARTING", (await UpdateAsync()).GetProperty("state").GetString());
        var running = await UpdateAsync();
        Assert.Equal("TASK_RUNNING", running.GetProperty("state").GetString());
        using var inspection = JsonDocument.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(running.GetProperty("data").GetString()!)));
        Assert.StartsWith("/mesos-", inspection.RootElement[0].GetProperty("Name").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("172.", running.GetProperty("container_status").GetProperty("network_infos")[0].GetProperty("ip_addresses")[0].GetProperty("ip_address").GetString(), StringComparison.Ordinal);
        Assert.True((await UpdateAsync()).GetProperty("healthy").GetBoolean());

        await _framework.CallAsync("""{"type":"KILL","framework_id":{"value":"F"},"kill":{"task_id":{"value":"t"},"kill_policy":{"grace_period":{"nanoseconds":500000000}}}}""");

        Assert.Equal("TASK_KILLING", (await UpdateAsync()).GetProperty("state").GetString());
        var killed = await UpdateAsync();
        Assert.Equal(("TASK_KILLED", "Container exited with status 137"), (killed.GetProperty("state").GetString(), killed.GetProperty("message").GetString()));
    }

    [Fact]
    public async Task Task_beyond_its_memory_fails_with_the_reason()
    {
        await LaunchAsync("x=$(cat /dev/zero | tr '\\\\0' a)");

        var failed = await UntilAsync("TASK_FAILED");

        Assert.Equal("REASON_CONTAINER_LIMITATION_MEMORY", failed.GetProperty("reason").GetString());
        Assert.Equal("mem", failed.GetProperty("limitation").GetProperty("resources")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task Image_that_is_nowhere_fails_once_without_starting()
    {
        await LaunchAsync("true", image: "127.0.0.1:1/nowhere:1");

        var failed = await UpdateAsync();

        Assert.Equal(("TASK_FAILED", "REASON_CONTAINER_LAUNCH_FAILED", "SOURCE_AGENT"), (failed.GetProperty("state").GetString(), failed.GetProperty("reason").GetString(), failed.GetProperty("source").GetString()));
        Assert.Contains("pull 127.0.0.1:1/nowhere:1': exited with status 1", failed.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Task_that_ends_while_the_agent_is_away_is_told_about_by_the_next_run()
    {
        await LaunchAsync("while ! test -e /mnt/mesos/sandbox/go; do sleep 0.05; done; echo done; exit 7");
        await UntilAsync("TASK_RUNNING");
        var sandbox = Directory.GetFiles(_directory.Path, "stdout", SearchOption.AllDirectories).Select(path => Path.GetDirectoryName(path)!).First();

        await _agent.DisposeAsync();
        await File.WriteAllTextAsync(Path.Combine(sandbox, "go"), "");
        await Shell.RunAsync($"docker wait $(docker ps -aq --filter label=orchestrator.work_dir={_directory.Path})");
        _agent = await StartAgentAsync();

        Assert.Equal("Container exited with status 7", (await UntilAsync("TASK_FAILED")).GetProperty("message").GetString());
        Assert.Equal("done\n", await File.ReadAllTextAsync(Path.Combine(sandbox, "stdout")));
    }

    private async Task<AgentHost> StartAgentAsync()
    {
        var agent = AgentHost.Create(
            [$"--master={_host.Address.Authority}", $"--work_dir={_directory.Path}", "--port=0", "--containerizers=docker", "--resources=cpus:2;mem:512;disk:100;ports:[31000-31010]", "--logging_level=ERROR"],
            s_nothing);
        await agent.StartAsync(CancellationToken.None);
        return agent;
    }

    private async Task TakeOfferAsync()
    {
        var offer = (await _framework.NextAsync("OFFERS")).GetProperty("offers")[0];
        _offer = offer.GetProperty("id").GetProperty("value").GetString()!;
        _agentId = offer.GetProperty("agent_id").GetProperty("value").GetString()!;
    }

    private async Task LaunchAsync(string command, string more = "", string image = BusyboxFixture.Image)
    {
        var task = $$$"""
            {{{more}}} "name":"t","task_id":{"value":"t"},"agent_id":{"value":"{{{_agentId}}}"},
            "command":{"value":"{{{command}}}","environment":{"variables":[{"name":"COLOUR","value":"blue"}]}},
            "container":{"type":"DOCKER","docker":{"image":"{{{image}}}","network":"BRIDGE"}},
            "resources":[{"name":"cpus","type":"SCALAR","scalar":{"value":0.1}},{"name":"mem","type":"SCALAR","scalar":{"value":32}}]
            """;
        var call = $$$"""{"type":"ACCEPT","framework_id":{"value":"F"},"accept":{"offer_ids":[{"value":"{{{_offer}}}"}],"operations":[{"type":"LAUNCH","launch":{"task_infos":[ { {{{task}}} } ]}}]}}""";
        Assert.Equal((202, ""), await _framework.CallAsync(call));
    }

    private async Task<JsonElement> UpdateAsync()
    {
        var status = (await _framework.NextAsync("UPDATE")).GetProperty("status");
        if (status.TryGetProperty("uuid", out var uuid))
        {
            await _framework.CallAsync(
                $$$"""{"type":"ACKNOWLEDGE","framework_id":{"value":"F"},"acknowledge":{"agent_id":{"value":"{{{_agentId}}}"},"task_id":{"value":"t"},"uuid":"{{{uuid.GetString()}}}"}}""");
        }

        return status;
    }

    private async Task<JsonElement> UntilAsync(string state)
    {
        while (true)
        {
            var status = await UpdateAsync();
            if (status.GetProperty("state").GetString() == state)
            {
                return status;
            }
        }
    }
}
