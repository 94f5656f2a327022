using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;
using Orchestrator.Core.Views;

namespace Orchestrator.Tests.Support;

/// <summary>Snapshots for tests of what reads them.</summary>
internal static class Snapshots
{
    public static readonly DateTimeOffset Start = new(2026, 11, 22, 10, 30, 1, 223, 823, TimeSpan.Zero);

    /// <summary>A master with nothing.</summary>
    public static ClusterSnapshot Empty { get; } = new()
    {
        Version = 1,
        At = Start,
        Master = new MasterView { Id = "395ed48f-cb25-438b-a85d-d0becfb800e5", Hostname = "localhost", Ip = "127.0.0.1", Port = 5050, StartedAt = Start, ElectedAt = Start.AddSeconds(1) },
        Agents = PagedVector<AgentView?>.Empty,
        Frameworks = PagedVector<FrameworkView?>.Empty,
        Tasks = PagedVector<TaskView?>.Empty,
        CompletedFrameworks = [],
        RecoveredAgents = [],
        UnreachableAgents = [],
        Roles = [],
        Totals = new ClusterTotals
        {
            Total = ResourceList.Empty,
            Used = ResourceList.Empty,
            Offered = ResourceList.Empty,
            Measured = new UsageView(0, 0, 0),
            TasksByState = new Dictionary<TaskState, long>(),
            ActiveAgents = 0,
            InactiveAgents = 0,
            ConnectedFrameworks = 0,
        },
        Counters = new MasterCounters(new Dictionary<string, long>()),
        RecentEvents = [],
    };
}
