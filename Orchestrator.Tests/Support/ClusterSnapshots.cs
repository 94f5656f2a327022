using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;
using Orchestrator.Core.Views;

namespace Orchestrator.Tests.Support;

/// <summary>Clusters of agents for tests of what reads them.</summary>
internal static class ClusterSnapshots
{
    public const string Ample = "cpus:4;mem:1000;disk:1000;ports:[31000-31009]";

    /// <summary>A cluster of these agents.</summary>
    public static ClusterSnapshot Of(params AgentView[] agents)
    {
        var vector = PagedVector<AgentView?>.Empty.ToBuilder();
        vector.Add(null);
        foreach (var agent in agents)
        {
            vector.Add(agent);
        }

        return Snapshots.Empty with { Agents = vector.ToVector() };
    }

    /// <summary>An agent <c>S1</c> on <c>host-S1</c>.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="used">What tasks hold of it.</param>
    /// <param name="total">What it has.</param>
    /// <param name="attributes">As on the command line.</param>
    public static AgentView Node(string id, string used = "", string total = Ample, string attributes = "")
    {
        var info = new AgentInfo { Hostname = $"host-{id}", Port = 5051 };
        info.Attributes.Add(AttributeList.Parse(attributes));
        return new AgentView
        {
            Id = new AgentId(id),
            Info = info,
            Pid = "slave(1)@127.0.0.1:5051",
            Version = "1.11.0",
            Capabilities = [],
            Connected = true,
            Active = true,
            RegisteredAt = Snapshots.Start,
            Total = ResourceList.Parse(total),
            Used = used.Length == 0 ? ResourceList.Empty : ResourceList.Parse(used),
            Offered = ResourceList.Empty,
            ActiveTasks = 0,
        };
    }

    /// <summary>An agent that is known and away.</summary>
    public static RecoveredAgentView Away(string id) => new(new AgentId(id), new AgentInfo { Hostname = $"host-{id}" }, Snapshots.Start);

    /// <summary>A framework that is being offered something of an agent.</summary>
    public static ClusterSnapshot WithOffer(this ClusterSnapshot cluster, string framework, string agent, string resources)
    {
        var offered = ResourceList.Parse(resources);
        var frameworks = PagedVector<FrameworkView?>.Empty.ToBuilder();
        frameworks.Add(Snapshots.Busy.Frameworks[0]! with
        {
            Id = new FrameworkId(framework),
            Info = new FrameworkInfo { Name = framework },
            Offers = [new OfferView(new OfferId("O"), new FrameworkId(framework), new AgentId(agent), "*", offered, Snapshots.Start)],
        });
        return cluster with { Frameworks = frameworks.ToVector() };
    }
}
