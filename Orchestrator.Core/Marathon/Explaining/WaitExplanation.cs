using Orchestrator.Core.Views.Services;

namespace Orchestrator.Core.Marathon.Explaining;

/// <summary>Why instances of an app are not launched, as of one moment of the cluster.</summary>
public sealed record WaitExplanation
{
    /// <summary>The app.</summary>
    public required string AppId { get; init; }

    /// <summary>The time for which it holds.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Instances that are wanted.</summary>
    public required int Wanted { get; init; }

    /// <summary>Instances that were launched.</summary>
    public required int Launched { get; init; }

    /// <summary>Instances that wait for a place.</summary>
    public required int Waiting { get; init; }

    /// <summary>Instances that a deployment does not ask for yet.</summary>
    public required int Held { get; init; }

    /// <summary>Since when something waits; null when nothing does.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>One or two sentences: what keeps it, and the smallest change.</summary>
    public required string Summary { get; init; }

    /// <summary>Changes that would let an instance start, the smallest first.</summary>
    public required IReadOnlyList<string> Advice { get; init; }

    /// <summary>What keeps it wherever it would be placed.</summary>
    public required IReadOnlyList<WaitObstacle> Obstacles { get; init; }

    /// <summary>How many agents fail what, most first; agents that fit come before them.</summary>
    public required IReadOnlyList<VerdictCount> Verdicts { get; init; }

    /// <summary>Agents that were looked at; <see cref="Agents"/> may hold fewer.</summary>
    public required int AgentCount { get; init; }

    /// <summary>The agents that come nearest to fitting first, at most as many as were asked for.</summary>
    public required IReadOnlyList<AgentVerdict> Agents { get; init; }

    /// <summary>The instances that wait for a place, at most as many as were asked for. All of them need the same.</summary>
    public required IReadOnlyList<InstanceView> Instances { get; init; }
}
