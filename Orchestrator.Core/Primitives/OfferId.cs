namespace Orchestrator.Core.Primitives;

/// <summary>Names one offer, for example <c>3f2a…-O204</c>.</summary>
public readonly record struct OfferId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}
