using Orchestrator.Core.Primitives;

namespace Orchestrator.Core.Allocator;

/// <summary>What of a framework decides which agents it may be offered.</summary>
/// <param name="GpuResources">It has GPU_RESOURCES.</param>
/// <param name="RegionAware">It has REGION_AWARE.</param>
/// <param name="Revocable">It has REVOCABLE_RESOURCES.</param>
/// <param name="Shared">It has SHARED_RESOURCES.</param>
/// <param name="Refinement">It has RESERVATION_REFINEMENT.</param>
public readonly record struct FrameworkTraits(bool GpuResources, bool RegionAware, bool Revocable, bool Shared, bool Refinement)
{
    /// <summary>Least quantities by role, where the framework set its own; an empty list means no least.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<IReadOnlyDictionary<string, Quantity>>>? MinAllocatable { get; init; }
}
