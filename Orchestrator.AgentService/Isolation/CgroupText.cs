using System.Globalization;

namespace Orchestrator.AgentService.Isolation;

/// <summary>What the files of control groups say.</summary>
internal static class CgroupText
{
    /// <summary>A number such as <c>67108864</c>; null for <c>max</c>, for version 1's "no limit" and for anything else.</summary>
    internal static long? Number(string? text) =>
        // Version 1 writes the highest multiple of the page size that fits for "no limit".
        long.TryParse(text?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < long.MaxValue - 1_000_000 ? number : null;

    /// <summary>The value behind a key in lines such as <c>oom_kill 3</c>; null when there is none.</summary>
    internal static long? Value(string? text, string key)
    {
        foreach (var line in (text ?? "").Split('\n'))
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            if (space > 0 && line.AsSpan(0, space).SequenceEqual(key))
            {
                return Number(line[(space + 1)..]);
            }
        }

        return null;
    }

    /// <summary>Process ids, one a line.</summary>
    internal static IReadOnlyList<int> Processes(string? text) =>
    [
        .. (text ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0),
    ];

    /// <summary>Version 2's weight (1 to 10000) for version 1's shares (2 to 262144): the same conversion as container runtimes make.</summary>
    internal static long WeightOf(long shares) => 1 + ((Math.Clamp(shares, 2, 262144) - 2) * 9999 / 262142);
}
