namespace Orchestrator.Core.Primitives;

/// <summary>Names one open stream of events: a subscribed scheduler or a linked agent. Made at the edge.</summary>
public readonly record struct StreamId(Guid Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString("D");
}
