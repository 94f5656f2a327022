using Orchestrator.Core.Views.Services;

namespace Orchestrator.Web.Console.ViewModels.Apps;

/// <summary>How many instances are in each part of the health bar.</summary>
public sealed record HealthCounts(int Healthy, int Unhealthy, int Unknown, int Staged, int OverCapacity, int Unscheduled)
{
    // What needs somebody's eye stands first when sorted by health.
    private const int UnhealthyWeight = 32, OverCapacityWeight = 16, StagedWeight = 8, HealthyWeight = 4, UnknownWeight = 2, UnscheduledWeight = 1;

    /// <summary>The counts of an app.</summary>
    public static HealthCounts Of(AppView app)
    {
        var present = app.TasksRunning + app.TasksStaged;
        return new HealthCounts(
            app.TasksHealthy,
            app.TasksUnhealthy,
            Math.Max(0, app.TasksRunning - app.TasksHealthy - app.TasksUnhealthy),
            app.TasksStaged,
            Math.Max(0, present - app.Definition.Instances),
            Math.Max(0, app.Definition.Instances - present));
    }

    /// <summary>The parts that are not empty, in their order.</summary>
    public IEnumerable<(HealthPart Part, int Count)> Parts => Enum.GetValues<HealthPart>().Select(part => (part, this[part])).Where(part => part.Item2 > 0);

    /// <summary>How many are wanted.</summary>
    public int Wanted => Healthy + Unhealthy + Unknown + Staged + Unscheduled - OverCapacity;

    /// <summary>The length of the whole bar.</summary>
    public int Total => Healthy + Unhealthy + Unknown + Staged + OverCapacity + Unscheduled;

    /// <summary>The count of one part.</summary>
    public int this[HealthPart part] => part switch
    {
        HealthPart.Healthy => Healthy,
        HealthPart.Unhealthy => Unhealthy,
        HealthPart.Unknown => Unknown,
        HealthPart.Staged => Staged,
        HealthPart.OverCapacity => OverCapacity,
        _ => Unscheduled,
    };

    /// <summary>For sorting: the more urgent, the more.</summary>
    public int Weight =>
        (Unhealthy > 0 ? UnhealthyWeight : 0) + (OverCapacity > 0 ? OverCapacityWeight : 0) + (Staged > 0 ? StagedWeight : 0)
        + (Healthy > 0 ? HealthyWeight : 0) + (Unknown > 0 ? UnknownWeight : 0) + (Unscheduled > 0 ? UnscheduledWeight : 0);

    /// <summary>For people: <c>3 healthy, 1 staged</c>.</summary>
    public string Text => Total == 0 ? "no instances" : string.Join(", ", Parts.Select(part => $"{part.Count} {Name(part.Part)}"));

    /// <summary>A part for people.</summary>
    public static string Name(HealthPart part) => part == HealthPart.OverCapacity ? "over capacity" : part.ToString().ToLowerInvariant();
}
