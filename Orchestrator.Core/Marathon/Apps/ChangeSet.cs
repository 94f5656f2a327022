using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon.Autoscaling;
using Orchestrator.Core.Marathon.Deployments;

namespace Orchestrator.Core.Marathon.Apps;

/// <summary>The changes of one call: checked together, stamped with one version.</summary>
internal sealed class ChangeSet(ServicesState state, DateTimeOffset version, bool force)
{
    private readonly List<AppChange> _changes = [];
    private readonly HashSet<int> _ports = [];

    public DateTimeOffset Version => version;

    public IReadOnlyList<AppChange> All => _changes;

    /// <summary>Adds a change that is known to be right.</summary>
    public void Add(AppChange change) => _changes.Add(change);

    /// <summary>Adds what an app is to be; the reply when it cannot be that.</summary>
    public MarathonReply? Add(AppDefinition wanted, AppDefinition? before)
    {
        var errors = new FieldErrors();
        AppValidator.Validate(wanted, state.Options.Policy, errors);
        CheckPath(wanted.Id, errors);
        if (_changes.Exists(change => change.AppId == wanted.Id))
        {
            errors.Add("/id", $"'{wanted.Id}' stands twice in this call");
        }

        if (errors.Any)
        {
            return errors.ToReply("Object is not valid");
        }

        if (ServicePorts.Assign(wanted, before, port => state.IsServicePortTaken(port) || _ports.Contains(port), state.Options.LocalPortMin, state.Options.LocalPortMax) is not { } app)
        {
            return Replies.Message(500, $"All service ports from {state.Options.LocalPortMin} to {state.Options.LocalPortMax} are in use; give a port, delete apps, or widen --local_port_min and --local_port_max.");
        }

        _ports.UnionWith(app.Ports.Select(port => port.Service));
        var running = state.Find(app.Id);
        app = Stamp(app, before, HasOutdated(running, app, force));
        var graph = new DependencyGraph(id => id == app.Id ? app : _changes.Find(change => change.AppId == id)?.After ?? state.Find(id)?.Definition);
        if (graph.DepthOf(app.Id) is null)
        {
            errors.Add("/dependencies", "Dependency graph has cyclic dependencies.");
            return errors.ToReply("Object is not valid");
        }

        _changes.Add(new AppChange(app.Id, before, app) { HasOutdated = HasOutdated(running, app, force) });
        return null;
    }

    /// <summary>
    /// Whether instances of another configuration than the wanted one were left behind, for example by a cancelled deployment.
    /// While a deployment works on the app, differences are its business; one that it has to give way to inherits them.
    /// </summary>
    public static bool HasOutdated(AppState? app, AppDefinition wanted, bool force)
    {
        if (app is null || (app.DeploymentIds.Count > 0 && !force))
        {
            return false;
        }

        var outdated = app.Instances.Where(instance => !instance.IsDecommissioned && instance.Spec.LastConfigChangeAt != app.Definition.LastConfigChangeAt).Select(instance => instance.Spec).Distinct(ReferenceEqualityComparer.Instance).Cast<AppDefinition>();
        return outdated.Any(spec => AppJson.ContentOf(spec) != AppJson.ContentOf(wanted));
    }

    /// <summary>Versions: all new, only the scaling new, or as before.</summary>
    private AppDefinition Stamp(AppDefinition app, AppDefinition? before, bool hasOutdated)
    {
        if (before is null || AppJson.ContentOf(app) != AppJson.ContentOf(before))
        {
            return app with { Version = version, LastScalingAt = version, LastConfigChangeAt = version };
        }

        if (app.Instances != before.Instances || !AutoscalingJson.AreEqual(app.Autoscaling, before.Autoscaling))
        {
            return app with { Version = version, LastScalingAt = version, LastConfigChangeAt = before.LastConfigChangeAt };
        }

        return hasOutdated ? before with { Version = version } : before;
    }

    /// <summary>A path is an app or a group of apps, not both.</summary>
    private void CheckPath(string id, FieldErrors errors)
    {
        for (var parent = Parent(id); parent.Length > 0; parent = Parent(parent))
        {
            errors.Require(state.Find(parent) is null && !_changes.Exists(change => change.AppId == parent && change.After is not null), "/id", $"'{parent}' is an app and cannot be a group as well; choose another path");
        }

        // The upper bound belongs to the view: id + "0", the character after '/', may itself be an app.
        foreach (var below in state.AppIds.GetViewBetween(id + "/", id + "/\uffff"))
        {
            if (state.Find(below) is not null)
            {
                errors.Add("/id", $"'{id}' is the group of app '{below}' and cannot be an app as well; choose another path");
                return;
            }
        }
    }

    private static string Parent(string id) => id[..id.LastIndexOf('/')];
}
