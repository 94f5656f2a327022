using Orchestrator.Core.Views.Services;

namespace Orchestrator.Core.Marathon.Deployments;

/// <summary>Deployments that ended, each with its outcome: durable, and only so many.</summary>
internal sealed class DeploymentHistory(ServicesState state)
{
    private readonly LinkedList<DeploymentOutcomeView> _outcomes = new();
    private IReadOnlyList<DeploymentOutcomeView>? _view;

    /// <summary>Newest first.</summary>
    public IReadOnlyList<DeploymentOutcomeView> View => _view ??= [.. _outcomes];

    /// <summary>Puts back what the journal holds, newest last.</summary>
    public void Restore(DeploymentOutcomeView outcome)
    {
        _outcomes.AddFirst(outcome);
        _view = null;
    }

    /// <summary>A deployment ended; the oldest is forgotten for it.</summary>
    public void Add(Turn turn, DeploymentState deployment, string outcome, string? reason)
    {
        var shown = deployment.ToView();
        var ended = new DeploymentOutcomeView
        {
            Id = deployment.Id,
            Version = deployment.Version,
            StartedAt = deployment.StartedAt,
            EndedAt = turn.Now,
            Outcome = outcome,
            Reason = reason,
            Steps = [.. shown.Steps.Select(step => (IReadOnlyList<DeploymentActionView>)[.. step.Select(action => new DeploymentActionView(action.Action, action.App))])],
            Times = shown.Times,
            RollbackOf = deployment.RollbackOf,
            Failures = shown.Failures,
        };
        Restore(ended);
        DeploymentStorage.Store(turn, ended);
        while (_outcomes.Count > state.Options.MaxDeploymentHistory && _outcomes.Last is { } oldest)
        {
            _outcomes.RemoveLast();
            DeploymentStorage.Forget(turn, oldest.Value);
        }
    }
}
