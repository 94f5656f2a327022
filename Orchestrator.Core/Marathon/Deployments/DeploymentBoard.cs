using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Marathon.Events;
using Orchestrator.Core.Marathon.Groups;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Core.Marathon.Deployments;

/// <summary>
/// Runs deployments.
/// <code>
/// plan ─ no step ─────────────────────────────────────► success
///   └─► step 1 ─ all its actions ended ─► … step n ───► success
///          ├─ late, or too many failures ─► failed, and another deployment takes it back (or it stops, or it waits)
///          └─ cancelled, or forced aside ─► failed
/// </code>
/// An app is in one deployment at a time; a second one needs force, which cancels the first.
/// </summary>
internal sealed class DeploymentBoard(ServicesState state, AppDriver driver, DateTimeOffset startedAt)
{
    private readonly DeploymentJudge _judge = new(state.Options, startedAt);
    private readonly DeploymentHistory _history = new(state);

    /// <summary>Actions of which something is due by the clock.</summary>
    private readonly HashSet<RunningAction> _timed = [];
    private readonly Dictionary<string, DeploymentState> _byId = new(StringComparer.Ordinal);

    /// <summary>When something is due; null for never.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            DateTimeOffset? next = null;
            foreach (var running in _timed)
            {
                next = next is null || running.DueAt < next ? running.DueAt : next;
            }

            return next;
        }
    }

    /// <summary>The running deployment with this id; null when there is none.</summary>
    public DeploymentState? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>Deployments that work on one of the apps.</summary>
    public List<DeploymentState> Conflicting(IEnumerable<string> appIds) =>
        [.. appIds.SelectMany(id => state.Apps.TryGetValue(id, out var app) ? app.DeploymentIds : []).Distinct().Select(id => _byId[id])];

    /// <summary>
    /// Plans and begins. The reply when that is refused: 403 for too many, 409 for apps that another deployment has.
    /// With an origin the calls that change apps are told as events.
    /// </summary>
    public MarathonReply? Start(Turn turn, ChangeSet changes, CommandOrigin? origin, out DeploymentState deployment, string? rollbackOf = null)
    {
        var force = changes.Force;
        deployment = new DeploymentState
        {
            Id = state.Random.NextGuid().ToString(),
            Version = changes.Version,
            StartedAt = turn.Now,
            Changes = changes.All,
            Steps = DeploymentPlanner.Plan(changes.All, changes.ToGraph()),
            RollbackOf = rollbackOf,
        };
        var conflicting = Conflicting(deployment.AffectedApps);
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
            Cancel(turn, other, $"Superseded by deployment {deployment.Id}", "superseded");
        }

        Commit(turn, changes);
        foreach (var change in origin is null ? [] : changes.All)
        {
            EventWriter.ApiPost(turn, origin!, change.After ?? change.Before!, deployment.Id);
        }

        EventWriter.GroupChanged(turn, changes.GroupId, changes.Version, deployment);
        if (deployment.Steps.Count == 0)
        {
            EventWriter.Ended(turn, deployment, null);
            return null;
        }

        DeploymentStorage.Store(turn, deployment);
        Add(deployment);
        BeginNext(turn, deployment);
        return null;
    }

    /// <summary>Puts back what the journal holds; <see cref="Resume"/> begins it.</summary>
    public void Restore(DeploymentState deployment) => Add(deployment);

    /// <summary>Puts back a deployment that ended; oldest first.</summary>
    public void Restore(DeploymentOutcomeView outcome)
    {
        _history.Restore(outcome);
        state.History = _history.View;
    }

    /// <summary>Begins restored deployments from their first step.</summary>
    public void Resume(Turn turn)
    {
        foreach (var deployment in state.Deployments.Where(deployment => deployment.Step < 0).ToList())
        {
            BeginNext(turn, deployment);
        }
    }

    /// <summary>Ends a deployment where it stands. Its apps keep what was asked for.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="deployment">The deployment.</param>
    /// <param name="reason">Why, for events and the history.</param>
    /// <param name="outcome">How the history calls it.</param>
    public void Cancel(Turn turn, DeploymentState deployment, string reason, string outcome = "cancelled")
    {
        foreach (var app in AppsOf(deployment))
        {
            EndAction(turn, app);
            app.DeploymentIds.Remove(deployment.Id);

            // What takes its place begins from what is driven now.
            if (outcome is not ("rolledBack" or "superseded") && !app.IsRemoved && !ReferenceEquals(app.Driven, app.Definition))
            {
                app.Driven = app.Definition;
                app.Relook();
                Storage.Store(turn, app);
            }

            state.Touch(app);
        }

        if (deployment.Step >= 0)
        {
            EventWriter.Step(turn, "deployment_step_failure", deployment);
        }

        End(turn, deployment, outcome, reason);
    }

    /// <summary>Looks again at actions of which something is due.</summary>
    public void Sweep(Turn turn)
    {
        foreach (var running in _timed)
        {
            if (running.DueAt <= turn.Now && state.Apps.TryGetValue(running.Action.AppId, out var app))
            {
                state.Touch(app);
            }
        }
    }

    /// <summary>Looks at every app that changed until nothing more is to be done.</summary>
    public void Settle(Turn turn)
    {
        while (state.Unsettled.TryDequeue(out var app))
        {
            app.IsUnsettled = false;
            driver.EndOldHook(turn, app);
            if (app.Action is not { } running)
            {
                driver.Balance(turn, app);
                if (app.IsRemoved && app.Instances.Count == 0 && app.Hook is null && app.DeploymentIds.Count == 0)
                {
                    Drop(turn, app);
                }
            }
            else if (!Advance(turn, app, running))
            {
                if (_judge.ReasonOf(turn, app, running) is { } reason)
                {
                    Fail(turn, app, running, reason);
                }
            }
            else
            {
                EndAction(turn, app);
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

    /// <summary>Progress of one action, and what of it readers and the clock have to know; true when it is done.</summary>
    private bool Advance(Turn turn, AppState app, RunningAction running)
    {
        var (phase, failures) = (running.Phase, running.Progress.Failures);
        running.DueAt = null;
        var isDone = driver.Progress(turn, app, running);
        running.Deadline = running.Deployment.Late is null ? _judge.DeadlineOf(running, running.Deployment.TargetOf(app.Id)) : null;
        running.DueAt = running.Deadline is { } deadline && !(running.DueAt < deadline) ? deadline : running.DueAt;
        if (running.DueAt is null || isDone)
        {
            _timed.Remove(running);
        }
        else
        {
            _timed.Add(running);
        }

        if (running.Phase != phase || running.Progress.Failures != failures || running.Failure is not null)
        {
            running.Deployment.Changed();
        }

        state.ListsChanged |= running.Deployment.IsChanged;
        return isDone;
    }

    /// <summary>An action has failed: what its app asked for in that case.</summary>
    private void Fail(Turn turn, AppState app, RunningAction running, string reason)
    {
        var deployment = running.Deployment;
        running.Failure = null;
        switch (_judge.ReactionOf(deployment, app))
        {
            case FailureReaction.Wait:
                deployment.Late = reason;
                deployment.Changed();
                DeploymentStorage.StoreProgress(turn, deployment);
                EventWriter.Late(turn, deployment);
                state.ListsChanged = true;
                state.Touch(app);
                break;
            case FailureReaction.Rollback when deployment.Changes.Any(change => change.Before is not null):
                var version = state.NextVersion(turn.Now);
                Cancel(turn, deployment, reason, "rolledBack");
                var changes = new ChangeSet(state, version, force: true);
                foreach (var change in Rollback.ToGood(state, deployment, version))
                {
                    changes.Add(change);
                }

                // What ran before was right then; this only makes the groups that are gone.
                changes.Finish(isStrict: false);
                Start(turn, changes, null, out _, deployment.Id);
                break;
            default:
                Cancel(turn, deployment, reason, "failed");
                break;
        }
    }

    private void EndAction(Turn turn, AppState app)
    {
        if (app.Action is { } running)
        {
            _timed.Remove(running);
            driver.End(turn, app);
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
        if (!deployment.MoveOn(turn.Now))
        {
            foreach (var app in AppsOf(deployment))
            {
                app.DeploymentIds.Remove(deployment.Id);
                NoteGood(turn, app, deployment);
                state.Touch(app);
            }

            End(turn, deployment, "succeeded", null);
            return;
        }

        DeploymentStorage.StoreProgress(turn, deployment);

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

    /// <summary>What a deployment brought about whole is what later ones go back to.</summary>
    private static void NoteGood(Turn turn, AppState app, DeploymentState deployment)
    {
        if (!app.IsRemoved && deployment.TargetOf(app.Id) is { } target && app.GoodVersion != target.Version)
        {
            app.GoodVersion = target.Version;
            Storage.Store(turn, app);
        }
    }

    private void End(Turn turn, DeploymentState deployment, string outcome, string? failure)
    {
        state.Deployments.Remove(deployment);
        _byId.Remove(deployment.Id);
        state.ListsChanged = true;
        DeploymentStorage.Forget(turn, deployment);
        _history.Add(turn, deployment, outcome, failure);
        state.History = _history.View;
        EventWriter.Ended(turn, deployment, failure);
    }

    /// <summary>What is asked for becomes the definition of each app; durable with the deployment.</summary>
    private void Commit(Turn turn, ChangeSet changes)
    {
        TreeCommit.Do(turn, state, changes);
        foreach (var change in changes.All)
        {
            if (change.After is not { } after)
            {
                var gone = state.Apps[change.AppId];
                state.CountServicePorts(gone.Definition, null);
                gone.IsRemoved = true;
                state.CameOrWent.Add(gone.Id);
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
            if (app.IsRemoved)
            {
                state.CameOrWent.Add(app.Id);
            }

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

        var used = app.Instances.Select(instance => instance.Spec.Version).Append(app.Definition.Version).Append(app.Driven.Version).Append(app.GoodVersion ?? app.Definition.Version).Concat(app.Hook?.Instances.Select(instance => instance.Spec.Version) ?? []).ToHashSet();
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
        state.CameOrWent.Add(app.Id);
    }

    private IEnumerable<AppState> AppsOf(DeploymentState deployment) =>
        deployment.AffectedApps.Select(id => state.Apps.GetValueOrDefault(id)).Where(app => app is not null).Select(app => app!).ToList();
}
