using System.Diagnostics.CodeAnalysis;
using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.Core.Master.Maintenance;

/// <summary>A machine by host name (in lower case) and address; what is empty was not given.</summary>
internal readonly record struct MachineKey(string Hostname, string Ip)
{
    [SuppressMessage("Globalization", "CA1308", Justification = "Host names are written in lower case.")]
    public static MachineKey Of(MachineID machine) => new(machine.Hostname.ToLowerInvariant(), machine.Ip);

    public MachineID ToProto()
    {
        var machine = new MachineID();
        if (Hostname.Length > 0)
        {
            machine.Hostname = Hostname;
        }

        if (Ip.Length > 0)
        {
            machine.Ip = Ip;
        }

        return machine;
    }

    public override string ToString() => Hostname.Length == 0 ? Ip : Ip.Length == 0 ? Hostname : $"{Hostname} ({Ip})";
}
