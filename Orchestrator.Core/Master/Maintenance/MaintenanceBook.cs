using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using Orchestrator.Core.Contract.MaintenanceApi;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.Store;
using Orchestrator.Core.Master.Agents;
using Orchestrator.Core.Master.Offers;
using Orchestrator.Core.Views;

namespace Orchestrator.Core.Master.Maintenance;

/// <summary>
/// Machines and their maintenance. Durable: key <c>maintenance</c>.
/// <code>
/// UP ─ in the schedule ─► DRAINING ─ START ─► DOWN ─ STOP ─► UP
///  ▲  └ out of the schedule ──┘ (inverse offers)  (agents removed and refused)
/// </code>
/// A machine of the schedule is an agent's when what it says (host name, address or both) is the agent's.
/// </summary>
internal sealed partial class MaintenanceBook(ClusterState state, OfferBook offers)
{
    private readonly Dictionary<MachineKey, Unavailability> _windows = [];
    private readonly HashSet<MachineKey> _down = [];
    private Schedule _schedule = new();

    /// <summary>Puts back what the journal holds.</summary>
    public void Restore(StoredMaintenance stored)
    {
        _schedule = stored.Schedule;
        Index();
        _down.UnionWith(stored.Down.Select(MachineKey.Of));
        Publish();
    }

    /// <summary>Whether agents of this machine are to stay away.</summary>
    public bool IsDown(string hostname, string ip) => _down.Count > 0 && _down.Overlaps(KeysOf(hostname, ip));

    /// <summary>Whether the machine is in the schedule.</summary>
    public bool IsScheduled(string hostname, string ip) => _windows.Count > 0 && KeysOf(hostname, ip).Any(_windows.ContainsKey);

    /// <summary>An agent linked: it is unavailable when its machine will be.</summary>
    public void Note(AgentState agent) => agent.Unavailability = UnavailabilityOf(agent);

    /// <summary>UPDATE_MAINTENANCE_SCHEDULE.</summary>
    public MasterReply Update(Turn turn, Schedule schedule)
    {
        if (MaintenanceValidation.Check(schedule) is { } problem)
        {
            return new MasterReply(400, problem);
        }

        var scheduled = schedule.Windows.SelectMany(window => window.MachineIds).Select(MachineKey.Of).ToHashSet();
        if (_down.FirstOrDefault(key => !scheduled.Contains(key)) is { Hostname: not null } down)
        {
            return new MasterReply(400, $"Machine '{down}' is down and cannot leave the schedule; bring it up first");
        }

        _schedule = schedule;
        Index();
        ReachAgents(turn);
        Store(turn);
        state.Tell(turn, "maintenance-scheduled", "", $"{scheduled.Count} machines are in the maintenance schedule");
        return MasterReply.Ok;
    }

    /// <summary>START_MAINTENANCE; the agents of the machines are to be removed by the caller.</summary>
    public MasterReply Start(Turn turn, IReadOnlyList<MachineID> machines, List<AgentState> agents)
    {
        if (MaintenanceValidation.Check(machines) is { } problem)
        {
            return new MasterReply(400, problem);
        }

        foreach (var key in machines.Select(MachineKey.Of))
        {
            if (!_windows.ContainsKey(key))
            {
                return new MasterReply(400, $"Machine '{key}' is not part of a maintenance schedule; schedule it first");
            }

            if (_down.Contains(key))
            {
                return new MasterReply(400, $"Machine '{key}' is not in DRAINING mode: it is down already");
            }
        }

        _down.UnionWith(machines.Select(MachineKey.Of));
        agents.AddRange(state.AgentsById.Values.Where(agent => IsDown(agent.Info.Hostname, agent.Ip)));
        Store(turn);
        state.Tell(turn, "machines-down", "", $"Down for maintenance: {string.Join(", ", machines.Take(10).Select(MachineKey.Of))}");
        return MasterReply.Ok;
    }

    /// <summary>STOP_MAINTENANCE: the machines leave the schedule.</summary>
    public MasterReply Stop(Turn turn, IReadOnlyList<MachineID> machines)
    {
        if (MaintenanceValidation.Check(machines) is { } problem)
        {
            return new MasterReply(400, problem);
        }

        var up = machines.Select(MachineKey.Of).ToHashSet();
        if (up.FirstOrDefault(key => !_down.Contains(key)) is { Hostname: not null } wrong)
        {
            return new MasterReply(400, $"Machine '{wrong}' is not in DOWN mode and cannot be brought up");
        }

        _down.ExceptWith(up);
        var rest = new Schedule();
        foreach (var window in _schedule.Windows)
        {
            var left = new Window { Unavailability = window.Unavailability, MachineIds = { window.MachineIds.Where(machine => !up.Contains(MachineKey.Of(machine))) } };
            if (left.MachineIds.Count > 0)
            {
                rest.Windows.Add(left);
            }
        }

        _schedule = rest;
        Index();
        ReachAgents(turn);
        Store(turn);
        state.Tell(turn, "machines-up", "", $"Up after maintenance: {string.Join(", ", machines.Take(10).Select(MachineKey.Of))}");
        return MasterReply.Ok;
    }

    [SuppressMessage("Globalization", "CA1308", Justification = "Host names are written in lower case.")]
    private static MachineKey[] KeysOf(string hostname, string ip)
    {
        var name = hostname.ToLowerInvariant();
        return [new MachineKey(name, ip), new MachineKey(name, ""), new MachineKey("", ip)];
    }

    private Unavailability? UnavailabilityOf(AgentState agent)
    {
        if (_windows.Count > 0)
        {
            foreach (var key in KeysOf(agent.Info.Hostname, agent.Ip))
            {
                if (_windows.TryGetValue(key, out var unavailability))
                {
                    return unavailability;
                }
            }
        }

        return null;
    }

    private void Index()
    {
        _windows.Clear();
        foreach (var window in _schedule.Windows)
        {
            foreach (var machine in window.MachineIds)
            {
                _windows[MachineKey.Of(machine)] = window.Unavailability;
            }
        }
    }

    /// <summary>Agents of which it changed when they are unavailable are offered anew, so that frameworks see it.</summary>
    private void ReachAgents(Turn turn)
    {
        foreach (var agent in state.AgentsById.Values)
        {
            var before = agent.Unavailability;
            Note(agent);
            if (!Equals(before, agent.Unavailability))
            {
                offers.RescindAll(turn, agent);
                Withdraw(turn, agent);
            }
        }
    }

    private void Store(Turn turn)
    {
        turn.Effects.Store("maintenance", _windows.Count == 0 ? null : new StoredMaintenance { Schedule = _schedule, Down = { _down.Select(key => key.ToProto()) } }.ToByteArray());
        Publish();
    }

    private void Publish()
    {
        var status = new ClusterStatus();
        foreach (var key in _schedule.Windows.SelectMany(window => window.MachineIds).Select(MachineKey.Of))
        {
            if (_down.Contains(key))
            {
                status.DownMachines.Add(key.ToProto());
            }
            else
            {
                status.DrainingMachines.Add(new ClusterStatus.Types.DrainingMachine { Id = key.ToProto(), Statuses = { AnswersOf(key) } });
            }
        }

        state.Maintenance = _windows.Count == 0 ? MaintenanceView.None : new MaintenanceView(_schedule, status);
        state.ListsChanged = true;
    }
}
