using System.Text.RegularExpressions;
using Orchestrator.Core.Marathon.Apps;

namespace Orchestrator.Core.Marathon.Instances;

/// <summary>Calls that end tasks: to be replaced, to be forgotten (wipe), or with fewer instances wanted (scale).</summary>
internal sealed partial class KillHandler(ServicesState state, InstanceBook instances, Killer killer, AppBook apps)
{
    /// <summary>DELETE of an app's tasks, of one task, or POST /v2/tasks/delete.</summary>
    public MarathonReply Kill(Turn turn, MarathonCommand.KillTasks command)
    {
        if (command is { Scale: true, Wipe: true })
        {
            return Replies.Message(400, "You cannot use scale and wipe at the same time; choose one.");
        }

        if (command.AppId is null && command.TaskIds?.FirstOrDefault(id => !IdForm().IsMatch(id)) is { } bad)
        {
            return Replies.Message(400, $"'{bad}' is not the id of a task.");
        }

        AppState? app = null;
        if (command.AppId is not null && (app = state.Find(PathId.Absolute(command.AppId))) is null)
        {
            return Replies.NoApp(PathId.Absolute(command.AppId));
        }

        var victims = Find(command, app);
        var isSingle = app is not null && command.TaskIds is { Count: 1 };
        if (isSingle && victims.Count == 0)
        {
            return Replies.Message(404, $"Task '{command.TaskIds![0]}' does not exist");
        }

        if (command.Scale && victims.Find(victim => victim.App.Definition.IsDaemon) is { } daemon)
        {
            return Replies.Message(422, $"App '{daemon.App.Id}' has an instance on every matching agent and cannot be scaled; narrow its constraints, or set instances to a number.");
        }

        if (command.Scale)
        {
            return apps.Shrink(turn, [.. victims.GroupBy(instance => instance.App).Select(group => (group.Key, (IReadOnlyList<string>)[.. group.Select(instance => instance.Id)]))], command.Force, command.Terms);
        }

        var reply = Replies.Tasks(victims, isSingle);
        foreach (var victim in command.Terms.DryRun ? [] : victims)
        {
            if (command.Wipe)
            {
                instances.Decommission(turn, victim, command.Force);
            }
            else
            {
                killer.Kill(turn, victim, command.Force);
            }
        }

        return reply;
    }

    private List<InstanceState> Find(MarathonCommand.KillTasks command, AppState? app)
    {
        if (command.TaskIds is null)
        {
            return app is null ? [] : [.. app.Instances.Where(instance => instance.IsActive && !instance.IsDecommissioned && (command.Host is null or "*" || instance.Host == command.Host))];
        }

        var found = new List<InstanceState>();
        foreach (var id in command.TaskIds.Distinct())
        {
            if ((state.Tasks.TryGetValue(id, out var instance) || state.Instances.TryGetValue(InstanceOf(id), out instance))
                && (app is null || instance.App == app) && !instance.IsDecommissioned && !found.Contains(instance) && !(command.Scale && instance.App.Owner is not null))
            {
                found.Add(instance);
            }
        }

        return found;
    }

    /// <summary>An instance that waits is known by its own id and by that of its last task.</summary>
    private static string InstanceOf(string id) => id.IndexOf("._app.", StringComparison.Ordinal) is > 0 and var end ? id[..end] : id;

    [GeneratedRegex(@"^[^/\s]+\.[^/\s]+$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex IdForm();
}
