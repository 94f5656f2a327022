using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Resources;
using Orchestrator.Core.Views;
using Orchestrator.Web.Console.Controls;

namespace Orchestrator.Web.Console.ViewModels.Cluster;

/// <summary>One agent in the list, registered or away.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Info">What it registered with.</param>
/// <param name="Condition">How it stands.</param>
/// <param name="Since">First registration, or since when it is away.</param>
/// <param name="View">The rest of what is known; null for an agent that is away.</param>
public sealed record AgentRow(string Id, AgentInfo Info, AgentCondition Condition, DateTimeOffset Since, AgentView? View)
{
    /// <summary>Its host name.</summary>
    public string Hostname => Info.Hostname;

    /// <summary>Its attributes as <c>rack:r1 ssd:yes</c>.</summary>
    public string Attributes { get; } = string.Join(' ', Info.Attributes.Select(attribute => $"{attribute.Name}:{AttributeList.ValueText(attribute)}"));

    /// <summary>The colour of its condition.</summary>
    public Tone Tone => Condition switch
    {
        AgentCondition.Active => Tone.Good,
        AgentCondition.Recovering or AgentCondition.Draining => Tone.Busy,
        AgentCondition.Unreachable => Tone.Away,
        _ => Tone.Warn,
    };

    /// <summary>Whether an operator took it out of use.</summary>
    public bool IsDeactivated => View?.Deactivated ?? false;

    /// <summary>How it is drained; null when it is not, or away.</summary>
    public DrainInfo? Drain => View?.Drain;

    /// <summary>A registered agent.</summary>
    public static AgentRow Of(AgentView agent)
    {
        ArgumentNullException.ThrowIfNull(agent);
        var condition = !agent.Connected ? AgentCondition.Disconnected
            : agent.Active ? AgentCondition.Active
            : agent.Drain is { State: DrainState.Draining } ? AgentCondition.Draining
            : agent.Drain is not null ? AgentCondition.Drained
            : AgentCondition.Deactivated;
        return new AgentRow(agent.Id.Value, agent.Info, condition, agent.RegisteredAt, agent);
    }

    /// <summary>An agent that is away.</summary>
    public static AgentRow Of(RecoveredAgentView agent, AgentCondition condition)
    {
        ArgumentNullException.ThrowIfNull(agent);
        return new AgentRow(agent.Id.Value, agent.Info, condition, agent.Since, null);
    }

    /// <summary>Part of a resource that tasks hold, 0 to 1; -1 without any, so that it sorts last.</summary>
    public double ShareOf(string resource) => View is { } view && view.Total.Scalar(resource).Thousandths > 0 ? view.Used.Scalar(resource).ToDouble() / view.Total.Scalar(resource).ToDouble() : -1;
}
