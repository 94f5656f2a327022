using System.Text.Json;
using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon.Deployments;

namespace Orchestrator.Core.Marathon.Apps;

/// <summary>Calls that create, change, restart and delete apps: from a body to changes, and from changes to a deployment.</summary>
internal sealed class AppBook(ServicesState state, DeploymentBoard deployments, ChangeStarter starter)
{
    /// <summary>POST /v2/apps.</summary>
    public MarathonReply Create(Turn turn, MarathonCommand.CreateApp command)
    {
        var errors = new FieldErrors();
        if (command.Terms.Strict)
        {
            KnownFields.App.Check(command.Definition, errors);
        }

        var app = AppParser.Parse(command.Definition, null, errors);
        if (errors.Any)
        {
            return errors.ToReply("Invalid JSON");
        }

        if (state.Find(app.Id) is not null)
        {
            return Replies.Message(409, $"An app with id [{app.Id}] already exists.");
        }

        var version = state.NextVersion(turn.Now);
        var changes = new ChangeSet(state, version, command.Force);
        return changes.Add(app, null) ?? starter.Start(turn, changes, command.Terms, command.Origin, deployment =>
        {
            var created = changes.All[0].After!;
            return new MarathonReply(201, AppJson.Write(json => WriteCreated(json, created, deployment.Id)), deployment.Id, created.Id);
        });
    }

    /// <summary>PUT and PATCH of one app or of an array.</summary>
    public MarathonReply Update(Turn turn, MarathonCommand.UpdateApps command)
    {
        if (command.AppId is null && command.Update.ValueKind != JsonValueKind.Array)
        {
            return Problem("", "error.expected.jsarray", "Invalid JSON");
        }

        if (Preconditions.Check(command.Terms, command.AppId is null ? state.Tree.Version : state.Find(PathId.Absolute(command.AppId))?.Definition.Version) is { } stale)
        {
            return stale;
        }

        var updates = command.AppId is null ? command.Update.EnumerateArray().ToArray() : [command.Update];
        var changes = new ChangeSet(state, state.NextVersion(turn.Now), command.Force);
        for (var i = 0; i < updates.Length; i++)
        {
            if (UpdateOne(changes, command, updates[i], command.AppId is null ? $"/({i})" : "") is { } refusal)
            {
                return refusal;
            }
        }

        return starter.Start(turn, changes, command.Terms, command.Origin, deployment =>
        {
            var isNew = command.AppId is not null && changes.All[0].Before is null;
            return Replies.Deployment(deployment, isNew ? 201 : 200, isNew ? changes.All[0].AppId : null);
        });
    }

    /// <summary>DELETE /v2/apps/{id}.</summary>
    public MarathonReply Delete(Turn turn, MarathonCommand.DeleteApp command)
    {
        var id = PathId.Absolute(command.AppId);
        if (state.Find(id) is not { } app)
        {
            return Replies.NoApp(id);
        }

        if (Preconditions.Check(command.Terms, app.Definition.Version) is { } stale)
        {
            return stale;
        }

        var changes = new ChangeSet(state, state.NextVersion(turn.Now), command.Force);
        changes.Remove(app.Definition);
        return starter.Start(turn, changes, command.Terms, command.Origin, deployment => Replies.Deployment(deployment));
    }

    /// <summary>POST /v2/apps/{id}/restart.</summary>
    public MarathonReply Restart(Turn turn, MarathonCommand.RestartApp command)
    {
        var id = PathId.Absolute(command.AppId);
        if (state.Find(id) is not { } app)
        {
            return Replies.NoApp(id);
        }

        if (Preconditions.Check(command.Terms, app.Definition.Version) is { } stale)
        {
            return stale;
        }

        var version = state.NextVersion(turn.Now);
        var changes = new ChangeSet(state, version, command.Force);
        changes.Add(new AppChange(id, app.Definition, app.Definition with { Version = version, LastConfigChangeAt = version }) { IsFresh = true });
        return starter.Start(turn, changes, command.Terms, null, deployment => Replies.Deployment(deployment));
    }

    /// <summary>DELETE /v2/deployments/{id}: ends it, and without force sets back what it changed and nobody changed since.</summary>
    public MarathonReply Cancel(Turn turn, MarathonCommand.CancelDeployment command)
    {
        if (deployments.Find(command.DeploymentId) is not { } running)
        {
            return Replies.Message(404, $"DeploymentPlan {command.DeploymentId} does not exist");
        }

        if (command.Force && !command.Terms.DryRun)
        {
            deployments.Cancel(turn, running, "Cancelled");
            return new MarathonReply(202, ReadOnlyMemory<byte>.Empty);
        }

        var version = state.NextVersion(turn.Now);
        var changes = new ChangeSet(state, version, force: true);
        foreach (var change in command.Force ? [] : running.Changes)
        {
            if (Rollback.ToBefore(state, change, version) is { } back)
            {
                changes.Add(back);
            }
        }

        return starter.Start(turn, changes, command.Terms, null, deployment => Replies.Deployment(deployment), running.Id);
    }

    /// <summary>Fewer instances of apps, those named first: the deployment of killing with <c>scale=true</c>.</summary>
    public MarathonReply Shrink(Turn turn, IEnumerable<(AppState App, IReadOnlyList<string> Instances)> victims, bool force, WriteTerms terms)
    {
        var version = state.NextVersion(turn.Now);
        var changes = new ChangeSet(state, version, force);
        foreach (var (app, instances) in victims)
        {
            var target = app.Definition with { Instances = Math.Max(0, app.Definition.Instances - instances.Count), Version = version, LastScalingAt = version };
            changes.Add(new AppChange(app.Id, app.Definition, target) { ToKill = instances, HasOutdated = ChangeSet.HasOutdated(app, target, force) });
        }

        return starter.Start(turn, changes, terms, null, deployment => Replies.Deployment(deployment));
    }

    /// <summary>Another number of instances, as the load asks for it.</summary>
    public MarathonReply ScaleTo(Turn turn, AppState app, int instances)
    {
        var version = state.NextVersion(turn.Now);
        var changes = new ChangeSet(state, version, force: false);
        var target = app.Definition with { Instances = instances, Version = version, LastScalingAt = version };
        changes.Add(new AppChange(app.Id, app.Definition, target) { HasOutdated = ChangeSet.HasOutdated(app, target, force: false) });
        return starter.Start(turn, changes, WriteTerms.Default, null, deployment => Replies.Deployment(deployment));
    }

    private MarathonReply? UpdateOne(ChangeSet changes, MarathonCommand.UpdateApps command, JsonElement update, string path)
    {
        var errors = new FieldErrors();
        var reader = new FieldReader(update, path, errors);
        if (update.ValueKind != JsonValueKind.Object)
        {
            return Problem(path, "error.expected.jsobject", "Invalid JSON");
        }

        var named = command.AppId ?? reader.Text("id");
        if (named is null)
        {
            return Problem($"{path}/id", "error.path.missing", "Invalid JSON");
        }

        if (PathId.Check(named) is { } problem)
        {
            return Problem($"{path}/id", problem, "Object is not valid");
        }

        var id = PathId.Absolute(named);
        var before = state.Find(id)?.Definition;
        if (before is null && !command.MayCreate)
        {
            return Replies.NoApp(id);
        }

        if (reader.Has("version"))
        {
            return RollBackTo(changes, id, reader, path);
        }

        var found = new FieldErrors();
        if (command.Terms.Strict)
        {
            KnownFields.App.Check(update, found);
        }

        var body = before is null || !(command.Partial || command.Terms.MergePatch) ? update
            : command.Terms.MergePatch ? MergePatch.Apply(before, update) : AppMerger.Merge(before, update);
        var app = AppParser.Parse(body, id, found);
        if (before?.Autoscaling is not null && app.Autoscaling is { } rule && !reader.Has("instances"))
        {
            // A definition that leaves the number to the load does not reset it.
            app = app with { Instances = before.Instances == 0 ? 0 : Math.Clamp(before.Instances, rule.Min, Math.Max(rule.Min, rule.Max)) };
        }

        errors.Add(path, found);
        return errors.Any ? errors.ToReply("Invalid JSON") : changes.Add(app, before, path);
    }

    /// <summary>A body of only <c>version</c> (and <c>id</c>): back to what the app was then.</summary>
    private MarathonReply? RollBackTo(ChangeSet changes, string id, FieldReader reader, string path)
    {
        if (reader.Properties().Any(property => property.Name is not ("version" or "id") && property.Value.ValueKind != JsonValueKind.Null))
        {
            return Problem($"{path}/version", "The 'version' field may only be combined with the 'id' field.", "Object is not valid");
        }

        if (Timestamps.Read(reader.Text("version") ?? "") is not { } version)
        {
            return Problem($"{path}/version", "must be a timestamp such as 2026-01-31T12:00:00.000Z", "Invalid JSON");
        }

        if (state.Find(id) is not { } app || !app.Versions.TryGetValue(version, out var old))
        {
            return Replies.Message(404, $"App '{id}' does not exist in version {Timestamps.Write(version)}");
        }

        return changes.Add(old, app.Definition);
    }


    private static void WriteCreated(Utf8JsonWriter json, AppDefinition app, string deploymentId)
    {
        json.WriteStartObject();
        AppJson.WriteFields(json, app);
        foreach (var count in new[] { "tasksStaged", "tasksRunning", "tasksHealthy", "tasksUnhealthy" })
        {
            json.WriteNumber(count, 0);
        }

        json.WriteStartArray("deployments");
        json.WriteStartObject();
        json.WriteString("id", deploymentId);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static MarathonReply Problem(string path, string text, string message)
    {
        var errors = new FieldErrors();
        errors.Add(path, text);
        return errors.ToReply(message);
    }
}
