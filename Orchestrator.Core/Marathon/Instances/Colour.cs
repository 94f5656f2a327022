namespace Orchestrator.Core.Marathon.Instances;

/// <summary>Which of two sets of instances one belongs to in blue-green upgrades; one of them carries the traffic.</summary>
internal enum Colour
{
    /// <summary>The first.</summary>
    Blue,

    /// <summary>The other.</summary>
    Green,
}
