using System.Text.Json;
using Orchestrator.Core.Marathon.Apps;

namespace Orchestrator.Core.Marathon.Groups;

/// <summary>Calls that create, change and delete groups: from a body to changes of apps and groups, and on to a deployment.</summary>
internal sealed class GroupBook(ServicesState state, ChangeStarter starter)
{
    /// <summary>POST /v2/groups.</summary>
    public MarathonReply Create(Turn turn, MarathonCommand.CreateGroup command)
    {
        if (Read(command.Body, command.GroupId, command.Terms, out var update) is { } wrong)
        {
            return wrong;
        }

        if (update.ScaleBy is not null || update.Version is not null)
        {
            return Problem(update.ScaleBy is not null ? "/scaleBy" : "/version", "A new group has nothing to scale or to go back to; leave it out, or use PUT");
        }

        if (state.Find(update.Id) is not null)
        {
            return Replies.Message(409, $"An app with the path {update.Id} already exists.");
        }

        if (state.Tree.Find(update.Id) is not null)
        {
            return Replies.Message(409, $"Group {update.Id} is already created. Use PUT to change this group.");
        }

        var changes = new ChangeSet(state, state.NextVersion(turn.Now), command.Force) { GroupId = update.Id };
        return Apply(changes, update) ?? starter.Start(turn, changes, command.Terms, null, deployment => Replies.Deployment(deployment, 201, update.Id));
    }

    /// <summary>PUT /v2/groups: whole content, a scaling, or an earlier version. With a merge patch PATCH as well.</summary>
    public MarathonReply Update(Turn turn, MarathonCommand.UpdateGroup command)
    {
        if (Read(command.Body, command.GroupId, command.Terms, out var update) is { } wrong)
        {
            return wrong;
        }

        var group = state.Tree.Find(update.Id);
        if (Preconditions.Check(command.Terms, state.Tree.View(update.Id)?.Version) is { } stale)
        {
            return stale;
        }

        if (group is null && (!command.MayCreate || update.ScaleBy is not null || update.Version is not null))
        {
            return Replies.NoGroup(update.Id);
        }

        var changes = new ChangeSet(state, state.NextVersion(turn.Now), command.Force) { GroupId = update.Id };
        var refusal = update switch
        {
            { Version: { } version } => RollBack(changes, update.Id, version),
            { ScaleBy: { } scale } => Scale(changes, update.Id, scale),
            _ => Apply(changes, update),
        };
        return refusal ?? starter.Start(turn, changes, command.Terms, null, deployment => Replies.Deployment(deployment));
    }

    /// <summary>PATCH /v2/groups/{id} as Marathon has it: only <c>enforceRole</c>, which makes no deployment.</summary>
    public MarathonReply Patch(Turn turn, MarathonCommand.PatchGroup command)
    {
        var id = PathId.Absolute(command.GroupId);
        var errors = new FieldErrors();
        var reader = new FieldReader(command.Body, "", errors);
        if (state.Tree.Find(id) is not { } group)
        {
            return Replies.NoGroup(id);
        }

        if (command.Body.ValueKind != JsonValueKind.Object || !reader.Has("enforceRole") || reader.Properties().Any(property => property.Name is not ("enforceRole" or "id")))
        {
            return Problem("/", "Only 'enforceRole' can be patched so; for other fields send Content-Type: application/merge-patch+json, or use PUT");
        }

        var enforces = reader.Flag("enforceRole", false);
        if (errors.Any)
        {
            return errors.ToReply("Invalid JSON");
        }

        var changes = new ChangeSet(state, state.NextVersion(turn.Now), force: false) { GroupId = id };
        changes.Set(group with { EnforceRole = enforces });
        CheckRole(changes, id, enforces, "");
        return starter.Start(turn, changes, command.Terms, null, _ => new MarathonReply(200, ReadOnlyMemory<byte>.Empty));
    }

    /// <summary>DELETE /v2/groups/{id}, with everything in it.</summary>
    public MarathonReply Delete(Turn turn, MarathonCommand.DeleteGroup command)
    {
        var id = PathId.Absolute(command.GroupId);
        if (state.Tree.Find(id) is null)
        {
            return Replies.NoGroup(id);
        }

        if (Preconditions.Check(command.Terms, state.Tree.View(id)?.Version) is { } stale)
        {
            return stale;
        }

        var changes = new ChangeSet(state, state.NextVersion(turn.Now), command.Force) { GroupId = id };
        changes.RemoveGroup(id);
        return starter.Start(turn, changes, command.Terms, null, deployment => Replies.Deployment(deployment));
    }

    private static MarathonReply? Read(JsonElement body, string groupId, WriteTerms terms, out GroupUpdate update)
    {
        var errors = new FieldErrors();
        if (terms.Strict)
        {
            KnownFields.Group.Check(body, errors);
        }

        update = new GroupReader(errors, terms.MergePatch).Read(body, PathId.Absolute(groupId));
        return errors.Any ? errors.ToReply("Invalid JSON") : null;
    }

    /// <summary>What is given replaces what is there; what is not given stays.</summary>
    private MarathonReply? Apply(ChangeSet changes, GroupUpdate update)
    {
        var before = changes.GroupOf(update.Id);
        if (update.EnforceRole is { } enforces && enforces != (before?.EnforceRole ?? false))
        {
            CheckRole(changes, update.Id, enforces, update.Path, isNew: before is null);
        }

        changes.Set(new GroupDefinition(update.Id, update.Dependencies ?? before?.Dependencies ?? [], update.EnforceRole ?? before?.EnforceRole ?? false), update.Path);
        if (update.Apps is { } apps)
        {
            var wanted = apps.Select(row => row.App.Id).ToHashSet(StringComparer.Ordinal);
            foreach (var id in state.IdsBelow(update.Id).Where(id => PathId.Parent(id) == update.Id && !wanted.Contains(id) && state.Apps[id].Definition.Pod is null).ToList())
            {
                changes.Remove(state.Apps[id].Definition);
            }

            foreach (var (app, path) in apps)
            {
                if (changes.Add(app, state.Find(app.Id)?.Definition, path) is { } refusal)
                {
                    return refusal;
                }
            }
        }

        if (update.Groups is { } groups)
        {
            foreach (var gone in state.Tree.Below(update.Id).Where(id => PathId.Parent(id) == update.Id && !groups.Any(group => group.Id == id)))
            {
                changes.RemoveGroup(gone);
            }

            foreach (var child in groups)
            {
                if (Apply(changes, child) is { } refusal)
                {
                    return refusal;
                }
            }
        }

        return null;
    }

    private MarathonReply? Scale(ChangeSet changes, string groupId, double scale)
    {
        foreach (var id in state.IdsBelow(groupId).ToList())
        {
            var app = state.Apps[id].Definition;

            // Rounded first: 10 × 1.1 is a little more than 11 in binary.
            var instances = Math.Ceiling(Math.Round(app.Instances * scale, 6));
            if (instances > int.MaxValue)
            {
                return Problem("/scaleBy", $"'{id}' would have more than {int.MaxValue} instances; give a smaller number");
            }

            if (changes.Add(app with { Instances = (int)instances }, app) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    /// <summary>The group with everything in it as it was. What runs the content of then already, goes on.</summary>
    private MarathonReply? RollBack(ChangeSet changes, string groupId, DateTimeOffset version)
    {
        if (version == state.Tree.Version)
        {
            return null;
        }

        var past = PastTree.At(state.TreeHistory.ToViews(), version);
        var groups = past?.Groups(groupId, state.Tree.ToViews()).ToList();
        if (past is null || groups!.Count == 0)
        {
            return Problem("/version", $"Group '{groupId}' is not available in version {Timestamps.Write(version)}; GET /v2/groups{(groupId == "/" ? "" : groupId)}/versions names those that are");
        }

        var apps = past.AppsBelow(groupId, state.IdsBelow(groupId).Select(id => state.Apps[id].Definition)).ToList();
        var kept = apps.Select(app => app.Id).Concat(groups.Select(group => group.Id)).ToHashSet(StringComparer.Ordinal);
        foreach (var id in state.IdsBelow(groupId).Where(id => !kept.Contains(id)).ToList())
        {
            changes.Remove(state.Apps[id].Definition);
        }

        foreach (var id in state.Tree.Below(groupId).Where(id => !kept.Contains(id)))
        {
            changes.RemoveGroup(id);
        }

        groups.ForEach(group => changes.Set(new GroupDefinition(group.Id, group.Dependencies, group.EnforceRole)));
        return apps.Select(app => changes.Add(app, state.Find(app.Id)?.Definition)).FirstOrDefault(refusal => refusal is not null);
    }

    private static void CheckRole(ChangeSet changes, string groupId, bool enforces, string path, bool isNew = true)
    {
        if (enforces)
        {
            changes.Error(path + "/enforceRole", "this host runs all services under one role, that of --mesos_role; leave enforceRole out or false");
        }
        else if (!isNew)
        {
            changes.Error(path + "/enforceRole", $"of group '{groupId}' can only be changed with PATCH");
        }
    }

    private static MarathonReply Problem(string path, string text)
    {
        var errors = new FieldErrors();
        errors.Add(path, text);
        return errors.ToReply("Object is not valid");
    }
}
