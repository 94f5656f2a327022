using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Marathon.Launching;

namespace Orchestrator.Core.Marathon;

/// <summary>An agent of the cluster as the services see it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="IsActive">Registered, connected and not deactivated: it takes new instances.</param>
/// <param name="Fields">What placement rules can ask of it: host name, attributes, region, zone.</param>
public sealed record ClusterAgent(string Id, bool IsActive, IReadOnlyDictionary<string, string> Fields)
{
    /// <summary>From what an agent registered with.</summary>
    public static ClusterAgent Of(string id, bool isActive, AgentInfo info) => new(id, isActive, MachineFields.Of(info));
}
