using System.Globalization;

namespace Orchestrator.Core.Simulation.Cluster;

/// <summary>What happened last, for people: a failing run shows it.</summary>
internal sealed class SimulationTrace(SimulationQueue queue)
{
    /// <summary>Lines that are kept.</summary>
    public const int MaxLines = 4000;

    private readonly DateTimeOffset _start = queue.Now;
    private readonly Queue<(TimeSpan At, string Who, string What)> _lines = new();

    public void Add(string who, string what)
    {
        _lines.Enqueue((queue.Now - _start, who, what));
        if (_lines.Count > MaxLines)
        {
            _lines.Dequeue();
        }
    }

    /// <summary>The lines that name any of the subjects, or the last ones without subjects.</summary>
    public string Text(int lines, params string[] subjects) => string.Join('\n', _lines
        .Where(line => subjects.Length == 0 || Array.Exists(subjects, subject => line.Who == subject || line.What.Contains(subject, StringComparison.Ordinal)))
        .TakeLast(lines)
        .Select(line => string.Create(CultureInfo.InvariantCulture, $"{line.At.TotalSeconds,9:0.000} {line.Who,-12} {line.What}")));
}
