using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;

namespace Orchestrator.Core.Marathon.Explaining;

/// <summary>Amounts in words.</summary>
internal static class Amounts
{
    private const int RangesShown = 4;

    /// <summary>For example <c>0.5 cpus</c>, <c>128 MiB of memory</c>.</summary>
    public static string Of(WaitReason kind, Quantity amount) => $"{amount} {UnitOf(kind)}";

    /// <summary>The app's field of the requirement.</summary>
    public static string FieldOf(WaitReason kind) => kind.ToString().ToLowerInvariant();

    /// <summary>For example <c>1 agent</c>, <c>3 agents</c>.</summary>
    public static string Count(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>Ranges of ports, the first few.</summary>
    public static string Of(IReadOnlyList<ValueRange> ranges) => ranges.Count == 0
        ? "no ports"
        : $"ports {string.Join(", ", ranges.Take(RangesShown).Select(range => range.Length == 1 ? $"{range.Begin}" : $"{range}"))}{(ranges.Count > RangesShown ? ", …" : "")}";

    private static string UnitOf(WaitReason kind) => kind switch
    {
        WaitReason.Mem => "MiB of memory",
        WaitReason.Disk => "MiB of disk",
        _ => FieldOf(kind),
    };
}
