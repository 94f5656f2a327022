using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Master.Agents;
using Orchestrator.Core.Master.Frameworks;
using Orchestrator.Core.Master.Offers;
using Orchestrator.Core.Master.Operations;
using Orchestrator.Core.Master.Tasks;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;
using Orchestrator.Core.Views;

namespace Orchestrator.Core.Master;

/// <summary>Publishes the state: only rows that changed get new views, everything else is shared with the snapshot before.</summary>
internal sealed class SnapshotBuilder(ClusterState state, OperationBook operations, DateTimeOffset startedAt)
{
    private readonly MasterView _master = new()
    {
        Id = state.Options.Id,
        Hostname = state.Options.Hostname,
        Ip = state.Options.Ip,
        Port = state.Options.Port,
        Cluster = state.Options.Cluster,
        StartedAt = startedAt,
        ElectedAt = startedAt,
    };

    private readonly Dictionary<TaskState, long> _active = [];
    private ResourceList _used = ResourceList.Empty;
    private ResourceList _offered = ResourceList.Empty;
    private UsageView _measured = new(0, 0, 0);
    private int _activeAgents;
    private ClusterSnapshot? _last;

    /// <summary>The snapshot after this turn; the previous object when nothing changed.</summary>
    public ClusterSnapshot Publish(DateTimeOffset now)
    {
        if (_last is not null && !state.ListsChanged && !state.OperationsChanged && state.Agents.Changed.Count + state.Frameworks.Changed.Count + state.Tasks.Changed.Count == 0)
        {
            return _last;
        }

        var lists = state.ListsChanged || _last is null;
        var changedOperations = state.OperationsChanged || _last is null;
        state.ListsChanged = false;
        state.OperationsChanged = false;
        var agents = Rebuild(state.Agents, _last?.Agents ?? PagedVector<AgentView?>.Empty, ViewOf, CountAgent);
        var roles = state.Frameworks.Changed.Count > 0 || lists;
        var frameworks = Rebuild(state.Frameworks, _last?.Frameworks ?? PagedVector<FrameworkView?>.Empty, ViewOf, (_, _) => { });
        var tasks = Rebuild(state.Tasks, _last?.Tasks ?? PagedVector<TaskView?>.Empty, task => task.ToView(), CountTask);
        return _last = new ClusterSnapshot
        {
            Version = (_last?.Version ?? 0) + 1,
            At = now,
            Master = _master,
            Agents = agents,
            Frameworks = frameworks,
            Tasks = tasks,
            CompletedFrameworks = lists ? [.. state.CompletedFrameworks] : _last!.CompletedFrameworks,
            RecoveredAgents = lists ? [.. state.RecoveredAgents.Select(row => new RecoveredAgentView(row.Key, row.Value.Stored.Info, row.Value.Since))] : _last!.RecoveredAgents,
            UnreachableAgents = lists ? [.. state.UnreachableAgents.Select(row => new RecoveredAgentView(row.Key, row.Value.Stored.Info, row.Value.Since))] : _last!.UnreachableAgents,
            Roles = roles ? new LazyRoles(frameworks, state.Weights, state.Quotas) : _last!.Roles,
            Operations = changedOperations ? [.. operations.All.Select(record => record.ToProto())] : _last!.Operations,
            Quotas = state.Quotas,
            Weights = state.Weights,
            Maintenance = state.Maintenance,
            Totals = Totals(),
            Counters = new MasterCounters(new Dictionary<string, long>(state.Counters)),
            RecentEvents = lists ? [.. state.Events] : _last!.RecentEvents,
        };
    }

    /// <summary>An agent as readers see it.</summary>
    public static AgentView ViewOf(AgentState agent) => new()
    {
        Id = agent.Id,
        Info = agent.Info,
        Pid = agent.Pid,
        Version = agent.Version,
        Capabilities = agent.Capabilities,
        Connected = agent.IsConnected,
        Active = agent.IsActive,
        Deactivated = agent.IsDeactivated,
        Drain = agent.Drain,
        DrainStartedAt = agent.DrainStartedAt,
        RegisteredAt = agent.RegisteredAt,
        ReregisteredAt = agent.ReregisteredAt,
        Total = agent.Total,
        Used = agent.Used,
        Offered = agent.Offered,
        ActiveTasks = agent.Tasks.Count,
        Usage = agent.Usage,
    };

    /// <summary>A framework as readers see it.</summary>
    public static FrameworkView ViewOf(FrameworkState framework)
    {
        if (framework.HistoryChanged)
        {
            framework.HistoryChanged = false;
            framework.CompletedView = [.. framework.Completed];
            framework.UnreachableView = [.. framework.Unreachable.Values.Select(task => task.ToView())];
        }

        return new FrameworkView
        {
            Id = framework.Id,
            Info = framework.Info,
            Roles = framework.Roles,
            Active = framework.IsConnected,
            Connected = framework.IsConnected,
            Recovered = framework.IsRecovered,
            RegisteredAt = framework.RegisteredAt,
            ReregisteredAt = framework.ReregisteredAt,
            Used = framework.Used,
            Offered = framework.Offered,
            Offers = OffersOf(framework),
            CompletedTasks = framework.CompletedView,
            UnreachableTasks = framework.UnreachableView,
            Executors = framework.ExecutorsView,
            ActiveTasks = framework.Tasks.Count,
        };
    }

    private static OfferList OffersOf(FrameworkState framework)
    {
        if (framework.OfferSlots.Changed.Count > 0)
        {
            framework.OffersView = new OfferList(Rebuild(framework.OfferSlots, framework.OffersView.Slots, ViewOf, (_, _) => { }), framework.Offers.Count);
        }

        return framework.OffersView;
    }

    private static OfferView ViewOf(OfferState offer) => new(offer.Id, offer.Framework.Id, offer.Agent.Id, offer.Role, offer.Resources, offer.MadeAt);

    private static PagedVector<TView?> Rebuild<TRow, TView>(SlotTable<TRow> table, PagedVector<TView?> last, Func<TRow, TView> view, Action<TView?, TView?> count)
        where TRow : class
        where TView : class
    {
        if (table.Changed.Count == 0)
        {
            return last;
        }

        var builder = last.ToBuilder();
        while (builder.Count < table.Slots)
        {
            builder.Add(null);
        }

        foreach (var slot in table.Changed)
        {
            var next = table[slot] is { } row ? view(row) : null;
            count(builder[slot], next);
            builder[slot] = next;
        }

        table.ForgetChanges();
        return builder.ToVector();
    }

    private void CountAgent(AgentView? before, AgentView? after)
    {
        _used = _used - (before?.Used ?? ResourceList.Empty) + (after?.Used ?? ResourceList.Empty);
        _offered = _offered - (before?.Offered ?? ResourceList.Empty) + (after?.Offered ?? ResourceList.Empty);
        _activeAgents += (after is { Active: true } ? 1 : 0) - (before is { Active: true } ? 1 : 0);
        _measured = Plus(Plus(_measured, before?.Usage, -1), after?.Usage, 1);
    }

    private static UsageView Plus(UsageView sum, UsageView? usage, int sign) =>
        usage is null ? sum : new UsageView(sum.Cpus + (sign * usage.Cpus), sum.MemMiB + (sign * usage.MemMiB), sum.DiskMiB + (sign * usage.DiskMiB));

    private void CountTask(TaskView? before, TaskView? after)
    {
        if (before is not null)
        {
            _active[before.State]--;
        }

        if (after is not null)
        {
            _active[after.State] = _active.GetValueOrDefault(after.State) + 1;
        }
    }

    private ClusterTotals Totals()
    {
        var byState = new Dictionary<TaskState, long>(state.EndedTasks);
        foreach (var (taskState, count) in _active)
        {
            if (!TaskStates.IsTerminal(taskState))
            {
                byState[taskState] = count;
            }
        }

        var unreachable = 0L;
        foreach (var framework in state.FrameworksById.Values)
        {
            unreachable += framework.Unreachable.Count;
        }

        byState[TaskState.TaskUnreachable] = unreachable;
        return new ClusterTotals
        {
            Total = state.Total,
            Used = _used,
            Offered = _offered,
            Measured = _measured,
            TasksByState = byState,
            ActiveAgents = _activeAgents,
            InactiveAgents = state.AgentsById.Count - _activeAgents,
            ConnectedFrameworks = state.FrameworksByStream.Count,
        };
    }
}
