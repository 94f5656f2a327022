namespace Orchestrator.Core.Primitives;

/// <summary>Names one framework, for example <c>3f2a…-0001</c>.</summary>
public readonly record struct FrameworkId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}
