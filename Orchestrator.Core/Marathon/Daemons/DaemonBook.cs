using Orchestrator.Core.Marathon.Instances;

namespace Orchestrator.Core.Marathon.Daemons;

/// <summary>
/// Apps with one instance on every matching agent. How many instances they have follows the agents, without a deployment:
/// <code>
/// an active agent that matches joins ─► one more is wanted, and waits for an offer of it
/// an agent is deactivated, disconnected or unreachable ─► its instance stays, none is started anew
/// an instance there has ended, or the agent is gone ─► one less is wanted
/// an agent does not match any more ─► its instance is ended
/// </code>
/// Until the agents are known for the first time nothing is started or ended.
/// </summary>
internal sealed class DaemonBook(ServicesState state, InstanceBook instances)
{
    /// <summary>The agents of the cluster are these now.</summary>
    public static void Follow(ServicesState state, IReadOnlyList<ClusterAgent> agents)
    {
        state.Daemons.Set(agents);
        foreach (var app in state.Apps.Values.Where(app => app.Driven.IsDaemon))
        {
            // Offers of agents that were not known yet were declined.
            state.WantsOffers |= app.Waiting.Count > 0;
            state.Touch(app);
        }
    }

    /// <summary>The agents where an instance is, whatever its configuration: there is no place for a second one.</summary>
    public static HashSet<string> Occupied(AppState app) => app.Instances.Where(instance => instance.IsActive).Select(instance => instance.AgentId).ToHashSet(StringComparer.Ordinal);

    /// <summary>
    /// Ends what stands where nothing should and makes the driven number follow the agents; true when it is another than before. An app
    /// whose deployment has not come to it keeps its number.
    /// </summary>
    public bool Trim(Turn turn, AppState app)
    {
        if (!state.Daemons.AreKnown || (app.Action is null && app.DeploymentIds.Count > 0))
        {
            return false;
        }

        var rules = DaemonAgents.RulesOf(app.Driven);
        var standing = new HashSet<string>(StringComparer.Ordinal);
        foreach (var instance in app.Instances.Where(instance => instance is { Counts: true, IsActive: true }).ToList())
        {
            if (!state.Daemons.MayStand(rules, instance.AgentId) || !standing.Add(instance.AgentId))
            {
                instances.Decommission(turn, instance);
            }
        }

        var count = state.Daemons.CountFor(app.Driven, app);
        if (app.Driven.Instances == count)
        {
            return false;
        }

        SetCount(turn, app, count);
        return true;
    }

    /// <summary>An instance waits for every agent that has none.</summary>
    public void Balance(Turn turn, AppState app)
    {
        Trim(turn, app);
        if (!state.Daemons.AreKnown)
        {
            return;
        }

        var count = app.Instances.Count(instance => instance.Counts);
        var ordinals = count < app.Driven.Instances ? new OrdinalSource(app, app.Driven) : null;
        for (; count < app.Driven.Instances; count++)
        {
            instances.Add(turn, app, app.Driven, ordinals!);
        }

        // Those that stand are as many as may: only those that wait can be too many.
        foreach (var waiting in app.Waiting.Take(count - app.Driven.Instances).ToList())
        {
            instances.Decommission(turn, waiting);
        }
    }

    /// <summary>The version stays: nobody asked for anything else.</summary>
    private void SetCount(Turn turn, AppState app, int count)
    {
        app.Driven = app.Driven with { Instances = count };
        if (app.Driven.Version == app.Definition.Version)
        {
            app.Definition = app.Driven;
            app.Keep(app.Definition);
        }

        Storage.Store(turn, app);
        state.Show(app);
    }
}
