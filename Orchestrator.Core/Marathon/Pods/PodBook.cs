using System.Text.Json;
using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Marathon.Events;
using Orchestrator.Core.Marathon.Instances;

namespace Orchestrator.Core.Marathon.Pods;

/// <summary>Calls that create, change and delete pods, and end instances of them. What follows is as with apps.</summary>
internal sealed class PodBook(ServicesState state, ChangeStarter starter, InstanceBook instances, Killer killer)
{
    /// <summary>POST /v2/pods.</summary>
    public MarathonReply Create(Turn turn, MarathonCommand.CreatePod command)
    {
        var errors = new FieldErrors();
        var pod = Read(command.Definition, command.Terms, errors);
        if (errors.Any)
        {
            return errors.ToReply("Object is not valid");
        }

        if (state.Find(pod.Id) is { } taken)
        {
            return Replies.Message(409, $"{(taken.Definition.Pod is null ? "An app" : "A pod")} with id [{pod.Id}] already exists.");
        }

        return Change(turn, pod, null, command, command.Force, command.Origin, "pod_created_event", 201);
    }

    /// <summary>PUT /v2/pods/{id}.</summary>
    public MarathonReply Update(Turn turn, MarathonCommand.UpdatePod command)
    {
        var id = PathId.Absolute(command.PodId);
        if (Find(id) is not { } app)
        {
            return NoPod(id);
        }

        var errors = new FieldErrors();
        var pod = Read(command.Definition, command.Terms, errors);
        if (errors.Any)
        {
            return errors.ToReply("Object is not valid");
        }

        return pod.Id != id
            ? Replies.Message(400, $"The body has the id '{pod.Id}', the path '{id}'; they must be the same.")
            : Change(turn, pod, app.Definition, command, command.Force, command.Origin, "pod_updated_event", 200);
    }

    /// <summary>DELETE /v2/pods/{id}.</summary>
    public MarathonReply Delete(Turn turn, MarathonCommand.DeletePod command)
    {
        var id = PathId.Absolute(command.PodId);
        if (Find(id) is not { } app)
        {
            return NoPod(id);
        }

        if (Preconditions.Check(command.Terms, app.Definition.Version) is { } stale)
        {
            return stale;
        }

        var changes = new ChangeSet(state, state.NextVersion(turn.Now), command.Force);
        changes.Remove(app.Definition);
        return starter.Start(turn, changes, command.Terms, null, deployment =>
        {
            EventWriter.Pod(turn, "pod_deleted_event", command.Origin, id, deployment.Id);
            return Replies.Deployment(deployment, 202, $"/v2/deployments/{deployment.Id}");
        });
    }

    /// <summary>Ends instances; the answer is what they were.</summary>
    public MarathonReply Kill(Turn turn, MarathonCommand.KillPodInstances command)
    {
        var id = PathId.Absolute(command.PodId);
        if (Find(id) is not { } app)
        {
            return NoPod(id);
        }

        var victims = app.Instances.Where(instance => command.InstanceIds.Contains(instance.Id)).ToList();
        if (command.IsSingle && victims.Count == 0)
        {
            return Replies.Message(404, $"Instance '{command.InstanceIds[0]}' of pod '{id}' does not exist");
        }

        var views = victims.Select(instance => instance.ToView()).ToList();
        var reply = new MarathonReply(200, AppJson.Write(json =>
        {
            if (command.IsSingle)
            {
                PodStatusJson.WriteInstance(json, app.ToView(), views[0]);
                return;
            }

            json.WriteStartArray();
            views.ForEach(view => PodStatusJson.WriteInstance(json, app.ToView(), view));
            json.WriteEndArray();
        }));
        foreach (var victim in victims)
        {
            if (command.Wipe)
            {
                instances.Decommission(turn, victim);
            }
            else
            {
                killer.Kill(turn, victim);
            }
        }

        return reply;
    }

    private static AppDefinition Read(JsonElement body, WriteTerms terms, FieldErrors errors)
    {
        if (terms.Strict)
        {
            KnownFields.Pod.Check(body, errors);
        }

        return PodParser.Parse(body, errors);
    }

    private MarathonReply Change(Turn turn, AppDefinition pod, AppDefinition? before, MarathonCommand command, bool force, CommandOrigin origin, string eventType, int status)
    {
        if (Preconditions.Check(command.Terms, before?.Version) is { } stale)
        {
            return stale;
        }

        var changes = new ChangeSet(state, state.NextVersion(turn.Now), force);
        return changes.Add(pod, before) ?? starter.Start(turn, changes, command.Terms, null, deployment =>
        {
            EventWriter.Pod(turn, eventType, origin, pod.Id, deployment.Id);
            var after = changes.All[0].After!;
            return new MarathonReply(status, AppJson.Write(json => PodJson.Write(json, after)), deployment.Id, status == 201 ? $"/v2/pods{after.Id}" : null);
        });
    }

    private AppState? Find(string id) => state.Find(id) is { Definition.Pod: not null } app ? app : null;

    private static MarathonReply NoPod(string id) => Replies.Message(404, $"Pod '{id}' does not exist");
}
