namespace Orchestrator.Core.Primitives;

/// <summary>Names a task within its framework.</summary>
public readonly record struct TaskId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}
