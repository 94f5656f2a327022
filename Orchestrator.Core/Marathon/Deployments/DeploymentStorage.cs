using Google.Protobuf;
using Orchestrator.Core.Contract.Store;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Marathon.Instances;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Core.Marathon.Deployments;

/// <summary>
/// The records of deployments in the journal: <c>deployment/ID</c> and <c>progress/ID</c> while it runs, <c>outcome/ID</c> when it
/// has ended.
/// </summary>
internal static class DeploymentStorage
{
    public const string DeploymentPrefix = "deployment/";
    public const string ProgressPrefix = "progress/";
    public const string OutcomePrefix = "outcome/";

    public static void Store(Turn turn, DeploymentState deployment)
    {
        var stored = new StoredDeployment { Id = deployment.Id, Version = Storage.Milliseconds(deployment.Version), StartedAt = Storage.Milliseconds(deployment.StartedAt) };
        if (deployment.RollbackOf is { } rollback)
        {
            stored.RollbackOf = rollback;
        }

        foreach (var change in deployment.Changes)
        {
            var row = new StoredDeployment.Types.Change { AppId = change.AppId };
            if (change.Before is { } before)
            {
                row.Before = ByteString.CopyFrom(AppJson.ToBytes(before));
            }

            if (change.After is { } after)
            {
                row.After = ByteString.CopyFrom(AppJson.ToBytes(after));
            }

            stored.Changes.Add(row);
        }

        foreach (var step in deployment.Steps)
        {
            var row = new StoredDeployment.Types.Step();
            foreach (var action in step)
            {
                var item = new StoredDeployment.Types.Action { Kind = action.Kind.ToString(), AppId = action.AppId, Fresh = action.IsFresh };
                item.ToKill.Add(action.ToKill);
                row.Actions.Add(item);
            }

            stored.Steps.Add(row);
        }

        turn.Effects.Store(DeploymentPrefix + deployment.Id, stored.ToByteArray());
    }

    public static void Forget(Turn turn, DeploymentState deployment)
    {
        turn.Effects.Store(DeploymentPrefix + deployment.Id, null);
        turn.Effects.Store(ProgressPrefix + deployment.Id, null);
    }

    /// <summary>Reads a deployment back.</summary>
    public static DeploymentState Read(byte[] value)
    {
        var stored = StoredDeployment.Parser.ParseFrom(value);
        return new DeploymentState
        {
            Id = stored.Id,
            Version = Storage.Time(stored.Version),
            StartedAt = Storage.Time(stored.StartedAt),
            RollbackOf = stored.HasRollbackOf ? stored.RollbackOf : null,
            Changes = [.. stored.Changes.Select(change => new AppChange(
                change.AppId,
                change.HasBefore ? Storage.ReadDefinition(change.AppId, change.Before.ToByteArray()) : null,
                change.HasAfter ? Storage.ReadDefinition(change.AppId, change.After.ToByteArray()) : null))],
            Steps = [.. stored.Steps.Select(step => (IReadOnlyList<DeploymentAction>)[.. step.Actions.Select(action => new DeploymentAction(Enum.Parse<ActionKind>(action.Kind), action.AppId, [.. action.ToKill], action.Fresh))])],
        };
    }

    /// <summary>How far it is.</summary>
    public static void StoreProgress(Turn turn, DeploymentState deployment)
    {
        var stored = new StoredProgress();
        foreach (var times in deployment.Times)
        {
            var step = new StoredProgress.Types.Step();
            if (times.Began is { } began)
            {
                step.Began = Storage.Milliseconds(began);
            }

            if (times.Ended is { } ended)
            {
                step.Ended = Storage.Milliseconds(ended);
            }

            stored.Steps.Add(step);
        }

        foreach (var (id, progress) in deployment.Progress)
        {
            var app = new StoredProgress.Types.App { Id = id, Failures = progress.Failures, HookDone = progress.IsHookDone };
            if (progress.Colour is { } colour)
            {
                app.Colour = colour.ToString();
            }

            if (progress.SwitchedAt is { } switched)
            {
                app.SwitchedAt = Storage.Milliseconds(switched);
            }

            stored.Apps.Add(app);
        }

        if (deployment.Late is { } late)
        {
            stored.Late = late;
        }

        turn.Effects.Store(ProgressPrefix + deployment.Id, stored.ToByteArray());
    }

    /// <summary>Reads back how far it was.</summary>
    public static void Read(StoredProgress stored, DeploymentState deployment)
    {
        for (var i = 0; i < stored.Steps.Count && i < deployment.Times.Length; i++)
        {
            var step = stored.Steps[i];
            deployment.Times[i] = new StepTimes(step.HasBegan ? Storage.Time(step.Began) : null, step.HasEnded ? Storage.Time(step.Ended) : null);
        }

        foreach (var app in stored.Apps)
        {
            var progress = deployment.ProgressOf(app.Id);
            progress.Failures = app.Failures;
            progress.IsHookDone = app.HookDone;
            progress.Colour = app.HasColour ? Enum.Parse<Colour>(app.Colour) : null;
            progress.SwitchedAt = app.HasSwitchedAt ? Storage.Time(app.SwitchedAt) : null;
        }

        deployment.Late = stored.HasLate ? stored.Late : null;
    }

    public static void Store(Turn turn, DeploymentOutcomeView outcome)
    {
        var stored = new StoredOutcome
        {
            Id = outcome.Id,
            Version = Storage.Milliseconds(outcome.Version),
            StartedAt = Storage.Milliseconds(outcome.StartedAt),
            EndedAt = Storage.Milliseconds(outcome.EndedAt),
            Outcome = outcome.Outcome,
            Failures = outcome.Failures,
        };
        if (outcome.Reason is { } reason)
        {
            stored.Reason = reason;
        }

        if (outcome.RollbackOf is { } rollback)
        {
            stored.RollbackOf = rollback;
        }

        foreach (var (actions, times) in outcome.Steps.Zip(outcome.Times))
        {
            var step = new StoredOutcome.Types.Step();
            step.Actions.Add(actions.Select(action => new StoredOutcome.Types.Action { Kind = action.Action, AppId = action.App }));
            if (times.Began is { } began)
            {
                step.Began = Storage.Milliseconds(began);
            }

            if (times.Ended is { } ended)
            {
                step.Ended = Storage.Milliseconds(ended);
            }

            stored.Steps.Add(step);
        }

        turn.Effects.Store(OutcomePrefix + outcome.Id, stored.ToByteArray());
    }

    public static void Forget(Turn turn, DeploymentOutcomeView outcome) => turn.Effects.Store(OutcomePrefix + outcome.Id, null);

    /// <summary>Reads an outcome back.</summary>
    public static DeploymentOutcomeView ReadOutcome(byte[] value)
    {
        var stored = StoredOutcome.Parser.ParseFrom(value);
        return new DeploymentOutcomeView
        {
            Id = stored.Id,
            Version = Storage.Time(stored.Version),
            StartedAt = Storage.Time(stored.StartedAt),
            EndedAt = Storage.Time(stored.EndedAt),
            Outcome = stored.Outcome,
            Reason = stored.HasReason ? stored.Reason : null,
            Steps = [.. stored.Steps.Select(step => (IReadOnlyList<DeploymentActionView>)[.. step.Actions.Select(action => new DeploymentActionView(action.Kind, action.AppId))])],
            Times = [.. stored.Steps.Select(step => new DeploymentStepTimes(step.HasBegan ? Storage.Time(step.Began) : null, step.HasEnded ? Storage.Time(step.Ended) : null))],
            RollbackOf = stored.HasRollbackOf ? stored.RollbackOf : null,
            Failures = stored.Failures,
        };
    }
}
