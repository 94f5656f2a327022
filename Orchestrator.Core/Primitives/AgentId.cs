namespace Orchestrator.Core.Primitives;

/// <summary>Names one agent, for example <c>3f2a…-S17</c>.</summary>
public readonly record struct AgentId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}
