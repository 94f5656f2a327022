using Orchestrator.Core.Primitives;
using Orchestrator.Core.Views;

namespace Orchestrator.Web.Console.ViewModels.Cluster;

/// <summary>Names of agents and frameworks by their ids, for tables that hold ids; unknown ids name themselves.</summary>
public sealed class ClusterNames
{
    private readonly Dictionary<string, string> _hosts;
    private readonly Dictionary<string, string> _frameworks;

    /// <summary>Reads a snapshot once.</summary>
    public ClusterNames(ClusterSnapshot cluster)
    {
        _hosts = AgentList.All(cluster).ToDictionary(row => row.Id, row => row.Hostname);
        _frameworks = FrameworkList.All(cluster).ToDictionary(row => row.Id, row => row.Name);
    }

    /// <summary>The host name of an agent.</summary>
    public string HostOf(AgentId id) => _hosts.GetValueOrDefault(id.Value, id.Value);

    /// <summary>The name of a framework.</summary>
    public string FrameworkOf(FrameworkId id) => _frameworks.GetValueOrDefault(id.Value, id.Value);
}
