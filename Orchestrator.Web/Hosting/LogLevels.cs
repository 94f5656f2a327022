using System.Collections.Concurrent;

namespace Orchestrator.Web.Hosting;

/// <summary>
/// From which level on each logger writes; it can be changed while the host runs, also for a while only. A logger without a
/// level of its own has that of the nearest name above it.
/// </summary>
/// <param name="root">Level of loggers that have none.</param>
/// <param name="time">The clock of changes that end.</param>
public sealed class LogLevels(LogLevel root, TimeProvider time)
{
    /// <summary>Name of the level that all others fall back to.</summary>
    public const string Root = "ROOT";

    /// <summary>Most loggers with a level of their own.</summary>
    public const int MaxLoggers = 256;

    private readonly ConcurrentDictionary<string, Entry> _levels = new(StringComparer.Ordinal) { [Root] = new Entry(root) };

    /// <summary>Logger to level.</summary>
    public IReadOnlyDictionary<string, LogLevel> All => _levels.ToDictionary(entry => entry.Key, entry => entry.Value.Level);

    /// <summary>Whether a message of a logger is written.</summary>
    public bool IsEnabled(string? logger, LogLevel level)
    {
        var name = logger ?? "";
        while (name.Length > 0)
        {
            if (_levels.TryGetValue(name, out var own))
            {
                return level >= own.Level;
            }

            name = name[..Math.Max(0, name.LastIndexOf('.'))];
        }

        return level >= _levels[Root].Level;
    }

    /// <summary>Sets the level of a logger; for a duration, after which it is again as it was before.</summary>
    /// <returns>False when there are too many loggers with a level of their own.</returns>
    public bool Set(string logger, LogLevel level, TimeSpan? duration)
    {
        var isOwn = _levels.TryGetValue(logger, out var before);
        if (!isOwn && _levels.Count >= MaxLoggers)
        {
            return false;
        }

        before?.Revert?.Dispose();
        if (duration is null)
        {
            _levels[logger] = new Entry(level);
            return true;
        }

        var entry = new Entry(level) { Lasting = before is { Revert: not null } ? before.Lasting : before?.Level };
        _levels[logger] = entry;
        entry.Revert = time.CreateTimer(_ => End(logger, entry), null, duration.Value, Timeout.InfiniteTimeSpan);
        return true;
    }

    private void End(string logger, Entry entry)
    {
        entry.Revert?.Dispose();
        if (entry.Lasting is { } lasting)
        {
            _levels.TryUpdate(logger, new Entry(lasting), entry);
        }
        else
        {
            _levels.TryRemove(new KeyValuePair<string, Entry>(logger, entry));
        }
    }

    private sealed class Entry(LogLevel level)
    {
        public LogLevel Level => level;

        /// <summary>What comes back after a level that holds for a while; null for none of its own.</summary>
        public LogLevel? Lasting { get; init; }

        /// <summary>Runs while it holds for a while.</summary>
        public ITimer? Revert { get; set; }
    }
}
