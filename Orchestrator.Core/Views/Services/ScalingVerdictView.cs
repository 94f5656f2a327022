namespace Orchestrator.Core.Views.Services;

/// <summary>The load of an app at a time, and what the autoscaler made of it.</summary>
public sealed record ScalingVerdictView
{
    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>ScaleUp, ScaleDown, InRange, AtMaximum, Waiting, NoFigures, Locked, Suspended or Refused.</summary>
    public required string Action { get; init; }

    /// <summary>Why, for people.</summary>
    public required string Reason { get; init; }

    /// <summary>Instances that were asked for.</summary>
    public required int Instances { get; init; }

    /// <summary>Instances that the load needs, within the bounds.</summary>
    public required int Wanted { get; init; }

    /// <summary>Fewest instances at that time, the schedule included.</summary>
    public required int Min { get; init; }

    /// <summary>Most instances at that time, the schedule included.</summary>
    public required int Max { get; init; }

    /// <summary>The cron expression of the schedule's entry that set the bounds; null when none did.</summary>
    public string? Schedule { get; init; }

    /// <summary>Mean use of a measured instance as a share of what it asks for; null without figures.</summary>
    public double? Utilization { get; init; }

    /// <summary>Instances with a figure.</summary>
    public required int Measured { get; init; }

    /// <summary>Instances that should have a figure and have none.</summary>
    public required int Missing { get; init; }

    /// <summary>Instances that do not yet run, or not for long.</summary>
    public required int Warming { get; init; }
}
