using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Marathon.Events;

namespace Orchestrator.Core.Marathon.Deployments;

/// <summary>
/// Runs deployments.
/// <code>
/// plan ─ no step ─────────────────────────────────────► success
///   └─► step 1 ─ all its actions ended ─► … step n ───► success
///          └─ cancelled, or forced aside ─► failed
/// </code>
/// An app is in one deployment at a time; a second one needs force, which cancels the first.
/// </summary>
internal sealed class DeploymentBoard(ServicesState state, AppDriver driver)
{
    private readonly Dictionary<string, DeploymentState> _byId = new(StringComparer.Ordinal);

    /// <summary>The running deployment with this id; null when there is none.</summary>
    public DeploymentState? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>
    /// Plans and begins. The reply when that is refused: 403 for too many, 409 for apps that another deployment has.
    /// With an origin the calls that change apps are told as events.
    /// </summary>
    public MarathonReply? Start(Turn turn, IReadOnlyList<AppChange> changes, DateTimeOffset version, bool force, CommandOrigin? origin, out DeploymentState deployment)
    {
        var targets = changes.ToDictionary(change => change.AppId, change => change.After);
        var graph = new DependencyGraph(id => targets.TryGetValue(id, out var target) ? target : state.Find(id)?.Definition);
        deployment = new DeploymentState
        {
            Id = state.Random.NextGuid().ToString(),
            Version = version,
            StartedAt = turn.Now,
            Changes = changes,
            Steps = DeploymentPlanner.Plan(changes, graph),
        };
        var conflicting = deployment.AffectedApps.SelectMany(id => state.Apps.TryGetValue(id, out var app) ? app.DeploymentIds : []).Distinct().Select(id => _byId[id]).ToList();
        if (deployment.Steps.Count > 0 && state.Deployments.Count - (force ? conflicting.Count : 0) >= state.Options.MaxRunningDeployments)
        {
            return Replies.Message(403, $"Max number ({state.Options.MaxRunningDeployments}) of running deployments is reached; wait for one to end, or raise --max_running_deployments.");
        }

        if (conflicting.Count > 0 && !force)
        {
            return Replies.Locked(conflicting);
        }

        foreach (var other in conflicting)
        {
            Cancel(turn, other, $"Superseded by deployment {deployment.Id}");
        }

        Commit(turn, changes);
        foreach (var change in origin is null ? [] : changes)
        {
            EventWriter.ApiPost(turn, origin!, change.After ?? change.Before!, deployment.Id);
        }

        EventWriter.GroupChanged(turn, version, deployment);
        if (deployment.Steps.Count == 0)
        {
            EventWriter.Ended(turn, deployment, null);
            return null;
        }

        Storage.Store(turn, deployment);
        Add(deployment);
        BeginNext(turn, deployment);
        return null;
    }

    /// <summary>Puts back what the journal holds; <see cref="Resume"/> begins it.</summary>
    public void Restore(DeploymentState deployment) => Add(deployment);

    /// <summary>Begins restored deployments from their first step.</summary>
    public void Resume(Turn turn)
    {
        foreach (var deployment in state.Deployments.Where(deployment => deployment.Step < 0).ToList())
        {
            BeginNext(turn, deployment);
        }
    }

    /// <summary>Ends a deployment where it stands. Its apps keep what was asked for.</summary>
    public void Cancel(Turn turn, DeploymentState deployment, string reason)
    {
        foreach (var app in AppsOf(deployment))
        {
            app.Action = null;
            app.DeploymentIds.Remove(deployment.Id);
            if (!app.IsRemoved && !ReferenceEquals(app.Driven, app.Definition))
            {
                app.Driven = app.Definition;
                Storage.Store(turn, app);
            }

            state.Touch(app);
        }

        if (deployment.Step >= 0)
        {
            EventWriter.Step(turn, "deployment_step_failure", deployment);
        }

        End(turn, deployment, reason);
    }

    /// <summary>Looks at every app that changed until nothing more is to be done.</summary>
    public void Settle(Turn turn)
    {
        while (state.Unsettled.TryDequeue(out var app))
        {
            app.IsUnsettled = false;
            if (app.Action is not { } running)
            {
                driver.Balance(turn, app);
                if (app.IsRemoved && app.Instances.Count == 0 && app.DeploymentIds.Count == 0)
                {
                    Drop(turn, app);
                }
            }
            else if (driver.Progress(turn, app, running))
            {
                app.Action = null;
                if (running.Action.Kind == ActionKind.StopApplication)
                {
                    EventWriter.AppTerminated(turn, app.Id, running.Deployment.Id);
                    state.Touch(app);
                }

                if (--running.Deployment.Unfinished == 0)
                {
                    EventWriter.Step(turn, "deployment_step_success", running.Deployment);
                    BeginNext(turn, running.Deployment);
                }
            }
        }
    }

    private void Add(DeploymentState deployment)
    {
        state.Deployments.Add(deployment);
        _byId.Add(deployment.Id, deployment);
        state.ListsChanged = true;
        foreach (var app in AppsOf(deployment))
        {
            app.DeploymentIds.Add(deployment.Id);
            state.Show(app);
        }
    }

    private void BeginNext(Turn turn, DeploymentState deployment)
    {
        state.ListsChanged = true;
        if (!deployment.MoveOn())
        {
            foreach (var app in AppsOf(deployment))
            {
                app.DeploymentIds.Remove(deployment.Id);
                state.Touch(app);
            }

            End(turn, deployment, null);
            return;
        }

        EventWriter.Step(turn, "deployment_info", deployment);
        var step = deployment.Steps[deployment.Step];
        deployment.Unfinished = step.Count;
        foreach (var action in step)
        {
            if (state.Apps.TryGetValue(action.AppId, out var app))
            {
                driver.Begin(turn, app, new RunningAction(deployment, action));
            }
            else
            {
                // Deleted wholly before a restart; only its last record was still there.
                deployment.Unfinished--;
            }
        }

        if (deployment.Unfinished == 0)
        {
            EventWriter.Step(turn, "deployment_step_success", deployment);
            BeginNext(turn, deployment);
        }
    }

    private void End(Turn turn, DeploymentState deployment, string? failure)
    {
        state.Deployments.Remove(deployment);
        _byId.Remove(deployment.Id);
        state.ListsChanged = true;
        Storage.Forget(turn, deployment);
        EventWriter.Ended(turn, deployment, failure);
    }

    /// <summary>What is asked for becomes the definition of each app; durable with the deployment.</summary>
    private void Commit(Turn turn, IReadOnlyList<AppChange> changes)
    {
        foreach (var change in changes)
        {
            if (change.After is not { } after)
            {
                var gone = state.Apps[change.AppId];
                state.CountServicePorts(gone.Definition, null);
                gone.IsRemoved = true;
                state.AppsChanged = true;
                Storage.Store(turn, gone);
                state.Touch(gone);
                continue;
            }

            if (!state.Apps.TryGetValue(change.AppId, out var app))
            {
                app = new AppState(after) { Driven = after with { Instances = 0 } };
                state.Add(app);
            }

            if (app.Versions.ContainsKey(after.Version) && app.Definition.Version == after.Version && !app.IsRemoved)
            {
                continue;
            }

            // An app that comes again while its last instances end is another app; those instances are old ones.
            state.AppsChanged |= app.IsRemoved;
            state.CountServicePorts(app.Versions.Count == 0 || app.IsRemoved ? null : app.Definition, after);
            (app.Definition, app.IsRemoved) = (after, false);
            app.Keep(after);
            Storage.StoreVersion(turn, after);
            Storage.Store(turn, app);
            PruneVersions(turn, app);
            state.Touch(app);
        }
    }

    private void PruneVersions(Turn turn, AppState app)
    {
        if (app.Versions.Count <= state.Options.MaxVersions)
        {
            return;
        }

        var used = app.Instances.Select(instance => instance.Spec.Version).Append(app.Definition.Version).Append(app.Driven.Version).ToHashSet();
        foreach (var version in app.Versions.Keys.Take(app.Versions.Count - state.Options.MaxVersions).Where(version => !used.Contains(version)).ToList())
        {
            app.Drop(version);
            Storage.ForgetVersion(turn, app.Id, version);
        }
    }

    private void Drop(Turn turn, AppState app)
    {
        Storage.Forget(turn, app);
        state.Apps.Remove(app.Id);
        state.AppIds.Remove(app.Id);
        state.Changed.Remove(app);
        state.Autoscaled.Remove(app);
        state.AppsChanged = true;
    }

    private IEnumerable<AppState> AppsOf(DeploymentState deployment) =>
        deployment.AffectedApps.Select(id => state.Apps.GetValueOrDefault(id)).Where(app => app is not null).Select(app => app!).ToList();
}
