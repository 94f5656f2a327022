namespace Orchestrator.Core.Marathon.Autoscaling;

/// <summary>What is known of the load of an app's instances at a time.</summary>
/// <param name="Load">Sum of what the measured instances use, each as a share of what it asks for.</param>
/// <param name="Measured">Instances with a figure.</param>
/// <param name="Missing">Instances that should have a figure and have none.</param>
/// <param name="Warming">Instances that are wanted and do not yet run, or have not run for long.</param>
internal readonly record struct ScalingFigures(double Load, int Measured, int Missing, int Warming)
{
    /// <summary>Mean use of a measured instance; null without any.</summary>
    public double? Utilization => Measured == 0 ? null : Load / Measured;
}
