namespace Orchestrator.Core.Contract.Apps;

/// <summary>
/// How the number of instances follows the load of an app. Field <c>autoscaling</c>, which Marathon does not have; what is
/// absent gets the default that stands here.
/// </summary>
public sealed record AutoscalingDefinition
{
    /// <summary>Fewest instances.</summary>
    public int Min { get; init; } = 1;

    /// <summary>Most instances.</summary>
    public int Max { get; init; }

    /// <summary><c>cpu</c> or <c>mem</c>: of which the use is looked at.</summary>
    public string Metric { get; init; } = "cpu";

    /// <summary>Wanted mean use of an instance as a share of what it asks for, for example 0.6.</summary>
    public double Target { get; init; }

    /// <summary>So far may the mean use be from the target, as a share of the target, before anything is done.</summary>
    public double Tolerance { get; init; } = 0.1;

    /// <summary>Shortest time from a change of the number to the next growth.</summary>
    public double CooldownSeconds { get; init; } = 60;

    /// <summary>So long must fewer have been enough, without a break, before the number shrinks.</summary>
    public double ScaleDownCooldownSeconds { get; init; } = 300;

    /// <summary>What an instance uses in this time after its start is not looked at.</summary>
    public double WarmUpSeconds { get; init; } = 30;

    /// <summary>Other bounds at some times.</summary>
    public IReadOnlyList<AutoscalingSchedule> Schedule { get; init; } = [];
}
