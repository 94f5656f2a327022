using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Web.Hosting.Probing;

/// <summary>Whom one health check asks, and how.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="CheckIndex">Index of the check in the app's healthChecks.</param>
/// <param name="Check">The check.</param>
/// <param name="Host">Name or address.</param>
/// <param name="Port">TCP port.</param>
public sealed record ProbeTarget(string TaskId, int CheckIndex, HealthCheckDefinition Check, string Host, int Port)
{
    private const double DefaultTimeoutSeconds = 20;

    /// <summary>The readiness check that is made; null for a health check.</summary>
    public ReadinessCheckDefinition? Readiness { get; init; }

    /// <summary>Shortest pause, so that an interval of 0 is no busy loop.</summary>
    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan s_longest = TimeSpan.FromDays(1);

    /// <summary>Pause from the end of a check to the next.</summary>
    public TimeSpan Interval => Span(Check.IntervalSeconds);

    /// <summary>Longest wait for an answer; no wait at all could never succeed and counts as not said.</summary>
    public TimeSpan Timeout => Span(Check.TimeoutSeconds > 0 ? Check.TimeoutSeconds : DefaultTimeoutSeconds);

    /// <summary>
    /// Where a check of an instance goes: to the port on its host; on a container network to the container's own address
    /// where the port is not published. Null when there is no such address or port.
    /// </summary>
    public static ProbeTarget? Of(AppDefinition spec, InstanceView instance, int checkIndex)
    {
        var check = spec.HealthChecks[checkIndex];
        var inside = instance.IpAddresses.Count > 0 ? instance.IpAddresses[0] : null;
        if (check.Port is { } port)
        {
            var isOwnAddress = !spec.IsHostNetworking && spec.Networks[0].Mode == NetworkMode.Container;
            return Make(isOwnAddress ? inside : instance.Host, port);
        }

        var index = check.PortIndex ?? 0;
        var ports = spec.Ports;
        if (index >= ports.Count)
        {
            return null;
        }

        if (ports[index].Host is not null)
        {
            return Make(instance.Host, PortAt(instance, index));
        }

        return Make(inside, ports[index].Container is > 0 and var container ? container : PortAt(instance, index));

        ProbeTarget? Make(string? host, int number) => string.IsNullOrEmpty(host) || number is < 1 or > 65535 ? null : new ProbeTarget(instance.TaskId, checkIndex, check, host, number);
    }

    /// <summary>Where a readiness check goes: to the port that it names. Null when there is no such address or port.</summary>
    public static ProbeTarget? OfReadiness(AppDefinition spec, InstanceView instance, int checkIndex)
    {
        var check = spec.ReadinessChecks[checkIndex];
        var index = spec.Ports.Select((port, i) => port.Name == check.PortName ? i : -1).Max();
        if (index < 0)
        {
            return null;
        }

        var asHealth = new HealthCheckDefinition { Protocol = check.Protocol, Path = check.Path, PortIndex = index, IntervalSeconds = check.IntervalSeconds, TimeoutSeconds = check.TimeoutSeconds };
        return Of(spec with { HealthChecks = [asHealth] }, instance, 0) is { } target ? target with { CheckIndex = checkIndex, Readiness = check } : null;
    }

    private static int PortAt(InstanceView instance, int index) => index < instance.Ports.Count ? instance.Ports[index] : 0;

    private static TimeSpan Span(double seconds)
    {
        var span = double.IsFinite(seconds) && seconds < s_longest.TotalSeconds ? TimeSpan.FromSeconds(Math.Max(0, seconds)) : s_longest;
        return span > s_shortest ? span : s_shortest;
    }
}
