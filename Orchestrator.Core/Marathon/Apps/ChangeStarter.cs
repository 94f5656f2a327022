using Orchestrator.Core.Marathon.Deployments;

namespace Orchestrator.Core.Marathon.Apps;

/// <summary>The end of every write: checked changes become a deployment, or the plan of one when only that was asked for.</summary>
internal sealed class ChangeStarter(ServicesState state, DeploymentBoard deployments)
{
    /// <summary>Checks, and starts or plans.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="changes">What the call wants.</param>
    /// <param name="terms">What it asks for besides.</param>
    /// <param name="origin">Who asked, for events of apps; null for none.</param>
    /// <param name="answer">Makes the reply of the deployment.</param>
    /// <param name="rollbackOf">The deployment that this one takes back; null for none.</param>
    public MarathonReply Start(Turn turn, ChangeSet changes, WriteTerms terms, CommandOrigin? origin, Func<DeploymentState, MarathonReply> answer, string? rollbackOf = null)
    {
        if (changes.Finish(terms.Strict) is { } refusal)
        {
            return refusal;
        }

        if (terms.DryRun)
        {
            return new MarathonReply(200, PlanJson.ToBytes(state, changes));
        }

        return deployments.Start(turn, changes, origin, out var deployment, rollbackOf) ?? answer(deployment);
    }
}
