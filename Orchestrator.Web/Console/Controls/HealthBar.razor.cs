using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace Orchestrator.Web.Console.Controls;

/// <summary>
/// How an app stands, as one bar: healthy, unhealthy, running without a verdict, staged, more than wanted, missing.
/// </summary>
public sealed partial class HealthBar
{
    /// <summary>Running and healthy.</summary>
    [Parameter]
    public int Healthy { get; set; }

    /// <summary>Running and unhealthy.</summary>
    [Parameter]
    public int Unhealthy { get; set; }

    /// <summary>All that run.</summary>
    [Parameter]
    public int Running { get; set; }

    /// <summary>On their way to run.</summary>
    [Parameter]
    public int Staged { get; set; }

    /// <summary>How many are wanted.</summary>
    [Parameter]
    public int Instances { get; set; }

    /// <summary>Whether a deployment is changing it.</summary>
    [Parameter]
    public bool Moving { get; set; }

    private IEnumerable<(string Kind, int Count)> Parts
    {
        get
        {
            var unknown = Math.Max(0, Running - Healthy - Unhealthy);
            var sum = Healthy + Unhealthy + unknown + Staged;
            return
            [
                ("healthy", Healthy),
                ("unhealthy", Unhealthy),
                ("unknown", unknown),
                ("staged", Staged),
                ("overcapacity", Math.Max(0, sum - Instances)),
                ("unscheduled", Math.Max(0, Instances - sum)),
            ];
        }
    }

    private string Label
    {
        get
        {
            var parts = Parts.Where(part => part.Count > 0).Select(part => $"{part.Count.ToString(CultureInfo.InvariantCulture)} {(part.Kind == "overcapacity" ? "over capacity" : part.Kind)}").ToList();
            return parts.Count == 0 ? "no instance wanted" : string.Join(", ", parts);
        }
    }
}
