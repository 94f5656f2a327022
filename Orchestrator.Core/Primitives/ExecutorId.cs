namespace Orchestrator.Core.Primitives;

/// <summary>Names an executor within its framework and agent.</summary>
public readonly record struct ExecutorId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}
