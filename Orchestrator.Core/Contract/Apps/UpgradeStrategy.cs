namespace Orchestrator.Core.Contract.Apps;

/// <summary>How a new configuration replaces the old one.</summary>
/// <param name="MinimumHealthCapacity">Share of the instances that must stay healthy, 0 to 1.</param>
/// <param name="MaximumOverCapacity">Extra share that may run meanwhile, 0 to 1.</param>
public sealed record UpgradeStrategy(double MinimumHealthCapacity, double MaximumOverCapacity);
