using Orchestrator.Core.Primitives;

namespace Orchestrator.Core.Allocator;

/// <summary>How resources are shared out. Names and defaults after Mesos' master flags.</summary>
public sealed record AllocatorOptions
{
    /// <summary>Alternatives of least quantities worth offering; one fulfilled is enough. Flag min_allocatable_resources.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, Quantity>> MinAllocatable { get; init; } =
    [
        new Dictionary<string, Quantity> { ["cpus"] = Quantity.FromDouble(0.01) },
        new Dictionary<string, Quantity> { ["mem"] = Quantity.FromDouble(32) },
    ];

    /// <summary>Whether agents with GPUs are offered only to frameworks with GPU_RESOURCES. Flag filter_gpu_resources.</summary>
    public bool FilterGpuResources { get; init; } = true;

    /// <summary>Scalars that do not count for fairness. Flag fair_sharing_excluded_resource_names.</summary>
    public IReadOnlySet<string> ExcludedFromFairness { get; init; } = new HashSet<string>();

    /// <summary>Weights of roles; 1 where absent. Flag weights.</summary>
    public IReadOnlyDictionary<string, double> Weights { get; init; } = new Dictionary<string, double>();

    /// <summary>The region of the master; null without fault domains.</summary>
    public string? Region { get; init; }
}
