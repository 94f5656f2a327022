namespace Orchestrator.Core.Primitives;

/// <summary>Names one framework, for example <c>3f2a…-0001</c>.</summary>
public readonly record struct FrameworkId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>Names one agent, for example <c>3f2a…-S17</c>.</summary>
public readonly record struct AgentId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>Names one offer, for example <c>3f2a…-O204</c>.</summary>
public readonly record struct OfferId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>Names a task within its framework.</summary>
public readonly record struct TaskId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>Names an executor within its framework and agent.</summary>
public readonly record struct ExecutorId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>Names one open stream of events: a subscribed scheduler or a linked agent. Made at the edge.</summary>
public readonly record struct StreamId(Guid Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString("D");
}

/// <summary>A task within the whole cluster: task ids are unique only within their framework.</summary>
public readonly record struct TaskKey(FrameworkId FrameworkId, TaskId TaskId)
{
    /// <inheritdoc/>
    public override string ToString() => $"{FrameworkId.Value}/{TaskId.Value}";
}
