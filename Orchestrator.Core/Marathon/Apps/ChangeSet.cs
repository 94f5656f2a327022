using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon.Autoscaling;
using Orchestrator.Core.Marathon.Deployments;
using Orchestrator.Core.Marathon.Groups;
using Orchestrator.Core.Marathon.Pods;

namespace Orchestrator.Core.Marathon.Apps;

/// <summary>
/// The changes of one call to the tree of groups: stamped with one version, checked together by <see cref="Finish"/>. What it
/// says of apps and groups is how they will be.
/// </summary>
internal sealed class ChangeSet(ServicesState state, DateTimeOffset version, bool force)
{
    private readonly List<AppChange> _changes = [];
    private readonly Dictionary<string, AppChange> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GroupChange> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _paths = new(StringComparer.Ordinal);
    private readonly HashSet<int> _ports = [];
    private readonly FieldErrors _errors = new();
    private int _lowestFree;

    public DateTimeOffset Version => version;

    public bool Force => force;

    /// <summary>The group that events name: the one that was to be changed.</summary>
    public string GroupId { get; init; } = "/";

    public IReadOnlyList<AppChange> All => _changes;

    public IReadOnlyCollection<GroupChange> Groups => _groups.Values;

    /// <summary>The app as it will be; null when there will be none.</summary>
    public AppDefinition? AppOf(string id) => _byId.TryGetValue(id, out var change) ? change.After : state.Find(id)?.Definition;

    /// <summary>The group as it will be; null when there will be none.</summary>
    public GroupDefinition? GroupOf(string id) => _groups.TryGetValue(id, out var change) ? change.After : state.Tree.Find(id);

    /// <summary>Ids of the apps that will be below a group.</summary>
    public IEnumerable<string> AppsBelow(string group) =>
        state.IdsBelow(group).Where(id => !_byId.ContainsKey(id)).Concat(_changes.Where(change => change.After is not null && PathId.IsBelow(change.AppId, group)).Select(change => change.AppId));

    /// <summary>Which apps will have to run before which.</summary>
    public DependencyGraph ToGraph() => new(AppOf, id => GroupOf(id)?.Dependencies ?? [], AppsBelow);

    /// <summary>Adds a change that is known to be right.</summary>
    public void Add(AppChange change)
    {
        _changes.Add(change);
        _byId[change.AppId] = change;
    }

    /// <summary>Takes an app away.</summary>
    public void Remove(AppDefinition app) => Add(new AppChange(app.Id, app, null));

    /// <summary>Adds what an app is to be; the reply when it cannot be, for want of ports. What is wrong with it says <see cref="Finish"/>.</summary>
    /// <param name="wanted">The definition.</param>
    /// <param name="before">What it is now.</param>
    /// <param name="path">Where in the body it stands, for errors.</param>
    public MarathonReply? Add(AppDefinition wanted, AppDefinition? before, string path = "")
    {
        var errors = new FieldErrors();
        if (before is not null && (before.Pod is null) != (wanted.Pod is null))
        {
            return Replies.Message(409, $"'{wanted.Id}' is {(before.Pod is null ? "an app and cannot become a pod" : "a pod and cannot become an app")}; delete it first.");
        }

        if (wanted.Pod is { } pod)
        {
            PodValidator.Validate(wanted, pod, state.Options.Policy, errors);
        }
        else
        {
            AppValidator.Validate(wanted, state.Options.Policy, errors);
            ResidencyValidator.Validate(wanted, before, state.Options.Role, errors);
        }

        errors.Require(!_byId.ContainsKey(wanted.Id), "/id", $"'{wanted.Id}' stands twice in this call");
        if (errors.Any)
        {
            _errors.Add(path, errors);
            return null;
        }

        if (ServicePorts.Assign(wanted, before, IsTaken, _lowestFree = NextFree(), state.Options.LocalPortMax) is not { } app)
        {
            return Replies.Message(500, $"All service ports from {state.Options.LocalPortMin} to {state.Options.LocalPortMax} are in use; give a port, delete apps, or widen --local_port_min and --local_port_max.");
        }

        _ports.UnionWith(app.Ports.Select(port => port.Service));
        var running = state.Find(app.Id);
        app = state.Daemons.Resolve(app, running);
        var hasOutdated = HasOutdated(running, app, force);
        Add(new AppChange(app.Id, before, Stamp(app, before, hasOutdated)) { HasOutdated = hasOutdated });
        _paths[app.Id] = path;
        return null;
    }

    /// <summary>Adds what a group is to be; nothing when it is that already.</summary>
    /// <param name="group">The definition.</param>
    /// <param name="path">Where in the body it stands, for errors.</param>
    public void Set(GroupDefinition group, string path = "")
    {
        var before = state.Tree.Find(group.Id);
        _paths[group.Id] = path;
        if (!group.Equals(before))
        {
            _groups[group.Id] = new GroupChange(group.Id, before, group);
        }
    }

    /// <summary>Takes a group away with everything in it. Of the root only what is in it goes.</summary>
    public void RemoveGroup(string id)
    {
        foreach (var app in state.IdsBelow(id).Where(app => !_byId.ContainsKey(app)).ToList())
        {
            Remove(state.Apps[app].Definition);
        }

        foreach (var group in state.Tree.Below(id).Prepend(id).Where(group => !_groups.ContainsKey(group)))
        {
            _groups[group] = new GroupChange(group, state.Tree.Find(group), group == "/" ? GroupDefinition.Of(group) : null);
        }
    }

    /// <summary>Notes an error that has nothing to do with one app.</summary>
    public void Error(string path, string text) => _errors.Add(path, text);

    /// <summary>Makes the groups that are named and not there, and checks everything against everything; the reply when it cannot be.</summary>
    /// <param name="isStrict">Whether dependencies must be there.</param>
    public MarathonReply? Finish(bool isStrict)
    {
        foreach (var app in _changes.Where(change => change is { Before: null, After: not null }))
        {
            AddParents(app.AppId);
        }

        foreach (var group in _groups.Values.Where(change => change.After is not null).ToList())
        {
            AddParents(group.Id);
            var path = _paths.GetValueOrDefault(group.Id) ?? "";
            _errors.Require(AppOf(group.Id) is null, path + "/id", $"'{group.Id}' is an app and cannot be a group as well; choose another path");
            if (isStrict)
            {
                CheckThere(group.After!.Dependencies, group.Before?.Dependencies, path);
            }
        }

        foreach (var change in _changes.Where(change => change.After is not null))
        {
            CheckApp(change, isStrict);
        }

        if (!_errors.Any)
        {
            CheckCycles();
        }

        return _errors.Any ? _errors.ToReply("Object is not valid") : null;
    }

    /// <summary>
    /// Whether instances of another configuration than the wanted one were left behind, for example by a cancelled deployment.
    /// While a deployment works on the app, differences are its business; one that it has to give way to inherits them.
    /// </summary>
    public static bool HasOutdated(AppState? app, AppDefinition wanted, bool force)
    {
        if (app is null || app.Instances.Count == 0 || (app.DeploymentIds.Count > 0 && !force))
        {
            return false;
        }

        var outdated = app.Instances.Where(instance => !instance.IsDecommissioned && !instance.IsStopped && instance.Spec.LastConfigChangeAt != app.Definition.LastConfigChangeAt).Select(instance => instance.Spec).Distinct(ReferenceEqualityComparer.Instance).Cast<AppDefinition>();
        return outdated.Any(spec => AppJson.ContentOf(spec) != AppJson.ContentOf(wanted));
    }

    /// <summary>Versions: all new, only the scaling new, or as before.</summary>
    private AppDefinition Stamp(AppDefinition app, AppDefinition? before, bool hasOutdated)
    {
        if (before is null || AppJson.ContentOf(app) != AppJson.ContentOf(before))
        {
            return app with { Version = version, LastScalingAt = version, LastConfigChangeAt = version };
        }

        if (app.Instances != before.Instances || app.IsDaemon != before.IsDaemon || !AutoscalingJson.AreEqual(app.Autoscaling, before.Autoscaling))
        {
            return app with { Version = version, LastScalingAt = version, LastConfigChangeAt = before.LastConfigChangeAt };
        }

        return hasOutdated ? before with { Version = version } : before;
    }

    private bool IsTaken(int port) => _ports.Contains(port) || state.IsServicePortTaken(port);

    /// <summary>The lowest port that is free; while the changes of a call are made, ports only go.</summary>
    private int NextFree()
    {
        var port = Math.Max(_lowestFree, state.LowestFreeServicePort());
        while (IsTaken(port))
        {
            port++;
        }

        return port;
    }

    private void AddParents(string id)
    {
        for (var parent = PathId.Parent(id); GroupOf(parent) is null; parent = PathId.Parent(parent))
        {
            Set(GroupDefinition.Of(parent), _paths.GetValueOrDefault(id) ?? "");
        }
    }

    /// <summary>A path is an app or a group, not both.</summary>
    private void CheckApp(AppChange change, bool isStrict)
    {
        var path = _paths.GetValueOrDefault(change.AppId) ?? "";
        if (change.Before is null)
        {
            for (var parent = PathId.Parent(change.AppId); parent.Length > 1; parent = PathId.Parent(parent))
            {
                _errors.Require(AppOf(parent) is null, path + "/id", $"'{parent}' is an app and cannot be a group as well; choose another path");
            }

            if (GroupOf(change.AppId) is not null)
            {
                _errors.Add(path + "/id", AppsBelow(change.AppId).FirstOrDefault() is { } below
                    ? $"'{change.AppId}' is the group of app '{below}' and cannot be an app as well; choose another path"
                    : $"'{change.AppId}' is a group and cannot be an app as well; delete the group or choose another path");
            }
        }

        if (isStrict)
        {
            CheckThere(change.After!.Dependencies, change.Before?.Dependencies, path);
        }
    }

    /// <summary>Those that were there before are not asked about: they stand on another account.</summary>
    private void CheckThere(IReadOnlyList<string> dependencies, IReadOnlyList<string>? before, string path)
    {
        for (var i = 0; i < dependencies.Count; i++)
        {
            _errors.Require(before?.Contains(dependencies[i]) == true || AppOf(dependencies[i]) is not null || GroupOf(dependencies[i]) is not null, $"{path}/dependencies({i})", $"'{dependencies[i]}' is neither an app nor a group; correct it, or create it first");
        }
    }

    /// <summary>A cycle that was not there before goes through something that changed.</summary>
    private void CheckCycles()
    {
        var graph = ToGraph();
        var changed = _changes.Where(change => change.After is not null).Select(change => change.AppId)
            .Concat(_groups.Values.Where(change => change.After is { Dependencies.Count: > 0 }).SelectMany(change => AppsBelow(change.Id)));
        foreach (var id in changed)
        {
            if (graph.DepthOf(id) is null)
            {
                var path = _paths.GetValueOrDefault(id) ?? "";
                _errors.Add(path + "/dependencies", $"Dependency graph has cyclic dependencies. '{id}' would have to run before itself, or more than {DependencyGraph.MaxDepth} apps stand in a row; take a dependency out.");
                return;
            }
        }
    }
}
