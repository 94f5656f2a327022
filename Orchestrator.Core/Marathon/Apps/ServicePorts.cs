using Orchestrator.Core.Contract.Apps;

namespace Orchestrator.Core.Marathon.Apps;

/// <summary>Gives every port that asked for any service port one that no app has.</summary>
public static class ServicePorts
{
    /// <summary>
    /// The definition with its service ports; those that the app had before are kept first. Null when the range is exhausted.
    /// </summary>
    public static AppDefinition? Assign(AppDefinition app, AppDefinition? before, Func<int, bool> isTaken, int lowest, int highest)
    {
        var own = app.Ports.Select(port => port.Service).Where(port => port != 0).ToHashSet();
        var kept = new Queue<int>((before?.Ports ?? []).Select(port => port.Service).Where(port => port != 0 && !own.Contains(port)));
        var next = lowest;
        var exhausted = false;
        int Take(int wanted)
        {
            if (wanted != 0)
            {
                return wanted;
            }

            if (kept.TryDequeue(out var port))
            {
                return port;
            }

            while (next <= highest && (isTaken(next) || own.Contains(next)))
            {
                next++;
            }

            exhausted |= next > highest;
            return next++;
        }

        var assigned = app.IsHostNetworking
            ? app with { PortDefinitions = [.. app.PortDefinitions.Select(port => port with { Port = Take(port.Port) })] }
            : app with { Container = app.Container is null ? null : app.Container with { PortMappings = [.. (app.Container.PortMappings ?? []).Select(port => port with { ServicePort = Take(port.ServicePort) })] } };
        return exhausted ? null : assigned;
    }
}
