using Orchestrator.AgentService.Execution;
using Orchestrator.AgentService.Hosting;

namespace Orchestrator.Tests.Support;

/// <summary>Makes agents for tests: on a free port, in a directory of the test, with containers of the test.</summary>
internal static class TestAgent
{
    private static readonly Dictionary<string, string> s_nothing = [];

    internal static async Task<AgentHost> StartAsync(string workDirectory, LinkMaster master, IContainerizer containerizer, params string[] flags)
    {
        var host = AgentHost.Create(
            [$"--master={master.HostAndPort}", $"--work_dir={workDirectory}", "--port=0", "--resources=cpus:2;mem:512", "--no-switch_user", .. flags],
            s_nothing,
            (_, _) => [containerizer]);
        await host.StartAsync(CancellationToken.None);
        return host;
    }
}
