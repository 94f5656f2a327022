using System.Text.Json;
using Orchestrator.AgentService.Isolation;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Integration.AgentService;

/// <summary>A host in this process, a real agent in one of its own, and a framework over the wire.</summary>
internal sealed class AgentFixture : IAsyncDisposable
{
    private readonly HostFixture _host;
    private readonly string[] _flags;
    private readonly HttpClient _client = new();

    private AgentFixture(HostFixture host, string[] flags)
    {
        _host = host;
        _flags = ["--resources", "cpus:32;mem:16384;disk:10000;ports:[31000-32000]", .. flags];
    }

    internal ServiceProcess Agent { get; private set; } = null!;

    internal FrameworkDriver Framework { get; private set; } = null!;

    internal static async Task<AgentFixture> StartAsync(params string[] flags)
    {
        var host = await HostFixture.StartAsync();
        var fixture = new AgentFixture(host, flags);
        fixture.Agent = await ServiceProcess.StartAgentAsync(host.Address, null, null, fixture._flags);
        await Shell.RunAsync($"chmod 755 {fixture.Agent.Data}");
        fixture.Framework = await FrameworkDriver.SubscribeAsync(host.Address);
        return fixture;
    }

    /// <summary>Another framework.</summary>
    internal Task<FrameworkDriver> SubscribeAsync() => FrameworkDriver.SubscribeAsync(_host.Address);

    /// <summary>The same agent again, as after a crash.</summary>
    internal async Task RestartAsync() => Agent = await ServiceProcess.StartAgentAsync(_host.Address, Agent.Data, Agent.Port, _flags);

    /// <summary>An answer of the agent.</summary>
    internal async Task<JsonElement> AskAsync(string path)
    {
        using var answer = JsonDocument.Parse(await _client.GetStringAsync(new Uri(Agent.Url, path)));
        return answer.RootElement.Clone();
    }

    /// <summary>A file in the work directory, where tasks leave marks.</summary>
    internal string Mark(string name) => Path.Combine(Agent.Data, name);

    /// <summary>What the agent's containers still have on this machine: records, control groups, processes.</summary>
    internal async Task<string> LeftoversAsync() => await Shell.RunAsync($$"""
        ls {{Agent.Data}}/meta/containers 2>/dev/null
        for run in {{Agent.Data}}/slaves/*/frameworks/*/executors/*/runs/*; do
          [ -L "$run" ] || [ ! -d "$run" ] || ls -d /sys/fs/cgroup/mesos/${run##*/} /sys/fs/cgroup/*/mesos/${run##*/} 2>/dev/null
        done
        grep -lzas '^MESOS_SANDBOX={{Agent.Data}}/' /proc/[0-9]*/environ
        true
        """);

    /// <summary>The processes that a process is the parent of.</summary>
    internal static IEnumerable<ProcessStat> Children(int pid) => ProcessStat.ReadAll().Where(process => process.Parent == pid);

    public async ValueTask DisposeAsync()
    {
        await Framework.DisposeAsync();
        await Agent.DisposeAsync();
        _client.Dispose();
        await _host.DisposeAsync();
        if (_flags.Any(flag => flag.Contains("docker", StringComparison.Ordinal)))
        {
            await Leftovers.RemoveContainersAsync(Agent.Data);
        }

        await Leftovers.RemoveAsync(Agent.Data);
    }
}
