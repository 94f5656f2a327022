using System.Net;
using System.Net.Sockets;
using Orchestrator.Core.Contract.MaintenanceApi;
using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.Core.Master.Maintenance;

/// <summary>What makes a schedule or a list of machines impossible.</summary>
internal static class MaintenanceValidation
{
    /// <summary>Most machines in a schedule.</summary>
    public const int MaxMachines = 100_000;

    /// <summary>What is wrong with a schedule; null when nothing is.</summary>
    public static string? Check(Schedule schedule)
    {
        foreach (var window in schedule.Windows)
        {
            if (window.MachineIds.Count == 0)
            {
                return "A window has no 'machine_ids'; name at least one machine";
            }

            if (window.Unavailability.Duration is { Nanoseconds: < 0 })
            {
                return "'unavailability.duration' of a window is negative";
            }
        }

        return Check([.. schedule.Windows.SelectMany(window => window.MachineIds)]);
    }

    /// <summary>What is wrong with machines; null when nothing is.</summary>
    public static string? Check(IReadOnlyList<MachineID> machines)
    {
        if (machines.Count > MaxMachines)
        {
            return $"There are more than {MaxMachines} machines";
        }

        var seen = new HashSet<MachineKey>();
        foreach (var machine in machines)
        {
            if (machine.Hostname.Length + machine.Ip.Length == 0)
            {
                return "A machine has neither 'hostname' nor 'ip'; give one or both";
            }

            if (machine.Ip.Length > 0 && !(IPAddress.TryParse(machine.Ip, out var ip) && ip.AddressFamily == AddressFamily.InterNetwork && ip.ToString() == machine.Ip))
            {
                return $"'{machine.Ip}' is no IPv4 address, for example 10.0.0.7";
            }

            if (!seen.Add(MachineKey.Of(machine)))
            {
                return $"Machine '{MachineKey.Of(machine)}' is there more than once";
            }
        }

        return null;
    }
}
