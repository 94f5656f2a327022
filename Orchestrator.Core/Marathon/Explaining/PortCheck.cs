using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Resources;

namespace Orchestrator.Core.Marathon.Explaining;

/// <summary>The host ports of an app against those of an agent.</summary>
internal static class PortCheck
{
    /// <param name="ports">Ports that take one of the host.</param>
    /// <param name="host">The machine.</param>
    /// <param name="total">The agent's ports.</param>
    /// <param name="used">Those that tasks hold.</param>
    /// <param name="elsewhere">Those that others are being offered.</param>
    public static RequirementCheck Of(IReadOnlyList<ServicePort> ports, string host, IReadOnlyList<ValueRange> total, IReadOnlyList<ValueRange> used, IReadOnlyList<ValueRange> elsewhere)
    {
        var all = RangeArithmetic.Normalise(total);
        var free = RangeArithmetic.Subtract(RangeArithmetic.Subtract(all, RangeArithmetic.Normalise(used)), RangeArithmetic.Normalise(elsewhere));
        var wanted = ports.Where(port => port.Host > 0).Select(port => (long)port.Host!.Value).ToList();
        var any = ports.Count - wanted.Count;
        var strange = wanted.Where(port => !IsIn(all, port)).ToList();
        var taken = wanted.Where(port => IsIn(all, port) && !IsIn(free, port)).ToList();
        var freeCount = free.Sum(range => range.Length);
        var left = freeCount - (wanted.Count - strange.Count - taken.Count);
        var missing = strange.Count + taken.Count + Math.Max(0, any - left);
        var needed = string.Join(" and ", Parts(wanted, any));
        return new RequirementCheck(WaitReason.Ports, needed, Amounts.Of(all), $"{all.Sum(range => range.Length) - freeCount} ports", Amounts.Of(free), missing == 0)
        {
            Shortfall = missing,
            Advice = missing == 0 ? null
                : strange.Count > 0 ? $"let the agent on {host} offer port {string.Join(", ", strange)} (it has {Amounts.Of(all)}), or let the app take any port"
                : taken.Count > 0 ? $"free port {string.Join(", ", taken)} on {host}, or let the app take any port"
                : $"free {Amounts.Count((int)(any - left), "port")} on {host}, or widen its ports",
        };
    }

    private static IEnumerable<string> Parts(List<long> wanted, int any)
    {
        if (wanted.Count > 0)
        {
            yield return $"port{(wanted.Count == 1 ? "" : "s")} {string.Join(", ", wanted)}";
        }

        if (any > 0)
        {
            yield return $"any {Amounts.Count(any, "port")}";
        }
    }

    private static bool IsIn(ValueRange[] ranges, long port) => Array.Exists(ranges, range => range.Begin <= port && port <= range.End);
}
