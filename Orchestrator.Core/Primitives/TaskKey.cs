namespace Orchestrator.Core.Primitives;

/// <summary>A task within the whole cluster: task ids are unique only within their framework.</summary>
public readonly record struct TaskKey(FrameworkId FrameworkId, TaskId TaskId)
{
    /// <inheritdoc/>
    public override string ToString() => $"{FrameworkId.Value}/{TaskId.Value}";
}
