using Orchestrator.Core.Views.Services;

namespace Orchestrator.Core.Marathon.Autoscaling;

/// <summary>What the autoscaler knows of one app.</summary>
internal sealed class ScalingState
{
    /// <summary>Decisions that are kept, the newest.</summary>
    public const int MaxDecisions = 50;

    private IReadOnlyList<ScalingDecisionView>? _shown;

    public TargetTracking Tracking { get; } = new();

    /// <summary>Oldest first; durable.</summary>
    public List<ScalingDecisionView> Decisions { get; } = [];

    /// <summary>What was found last; null before the first figures since this start.</summary>
    public ScalingVerdictView? Latest { get; set; }

    /// <summary>Remembers a decision, and forgets the oldest beyond the limit.</summary>
    public void Note(ScalingDecisionView decision)
    {
        _shown = null;
        Decisions.Add(decision);
        if (Decisions.Count > MaxDecisions)
        {
            Decisions.RemoveAt(0);
        }
    }

    public AutoscalingView ToView() => new(Latest, _shown ??= [.. Decisions]);
}
