using System.Globalization;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Runtime.Flags;

namespace Orchestrator.Core.Simulation;

/// <summary>
/// What a simulated container does, read from the label <c>simulation</c> of its task, for example
/// <c>start=2secs run=20secs-3mins fail=5% exit=1 health=flapping</c>. Without the label it starts within about a second,
/// runs until it is killed and is healthy.
/// </summary>
public sealed record SimulatedProgram
{
    /// <summary>The label that holds it.</summary>
    public const string Label = "simulation";

    /// <summary>What is done without a label.</summary>
    public static SimulatedProgram Default { get; } = new();

    /// <summary>Shortest and longest time until it runs.</summary>
    public (TimeSpan Least, TimeSpan Most) StartsAfter { get; init; } = (TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(1200));

    /// <summary>Shortest and longest time until it ends by itself; null for never.</summary>
    public (TimeSpan Least, TimeSpan Most)? RunsFor { get; init; }

    /// <summary>Share of runs that end early with exit code 1, from 0 to 1.</summary>
    public double Fails { get; init; }

    /// <summary>Exit code of the others.</summary>
    public int ExitCode { get; init; }

    /// <summary>What health checks find.</summary>
    public SimulatedHealth Health { get; init; }

    /// <summary>The program of a task.</summary>
    /// <exception cref="FormatException">The label cannot be read; the message says which word and what is expected.</exception>
    public static SimulatedProgram Of(TaskInfo task)
    {
        foreach (var label in task.Labels?.Labels_ ?? [])
        {
            if (label.Key == Label)
            {
                return Parse(label.Value);
            }
        }

        return Default;
    }

    /// <summary>Reads the text of a label.</summary>
    /// <exception cref="FormatException">A word is not known or its value is wrong.</exception>
    public static SimulatedProgram Parse(string text)
    {
        var program = Default;
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            var value = word[(equals + 1)..];
            program = (equals < 0 ? "" : word[..equals]) switch
            {
                "start" when Span(value) is { } span => program with { StartsAfter = span },
                "run" when Span(value) is { } span => program with { RunsFor = span },
                "fail" when Percent(value) is { } share => program with { Fails = share },
                "exit" when byte.TryParse(value, CultureInfo.InvariantCulture, out var code) => program with { ExitCode = code },
                "health" when Enum.TryParse<SimulatedHealth>(value, ignoreCase: true, out var health) => program with { Health = health },
                _ => throw new FormatException($"label {Label}: '{word}' is none of start=TIME, run=TIME, fail=PERCENT, exit=CODE, health=healthy|failing|flapping; a TIME is 30secs or 20secs-3mins"),
            };
        }

        return program;
    }

    private static (TimeSpan Least, TimeSpan Most)? Span(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var least = DurationText.Parse(dash < 0 ? text : text[..dash]);
        var most = dash < 0 ? least : DurationText.Parse(text[(dash + 1)..]);
        return least is { } from && most is { } to && from <= to && to <= TimeSpan.FromDays(365) ? (from, to) : null;
    }

    private static double? Percent(string text) =>
        text.EndsWith('%') && double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var percent) && percent is >= 0 and <= 100
            ? percent / 100 : null;
}
