using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Core.Marathon.Groups;

/// <summary>
/// All groups by their ids. What is in a group says the ids; so a change costs what it changes and its depth, however large the
/// tree is. The root is always there.
/// </summary>
internal sealed class GroupTree
{
    private readonly SortedDictionary<string, Node> _nodes = new(StringComparer.Ordinal) { ["/"] = new Node(GroupDefinition.Of("/"), DateTimeOffset.UnixEpoch) };
    private IReadOnlyList<GroupView>? _views;

    /// <summary>Version of the whole.</summary>
    public DateTimeOffset Version => _nodes["/"].Version;

    /// <summary>The group; null when there is none.</summary>
    public GroupDefinition? Find(string id) => _nodes.GetValueOrDefault(id)?.Definition;

    /// <summary>The group as readers see it; null when there is none.</summary>
    public GroupView? View(string id) => _nodes.GetValueOrDefault(id)?.ToView();

    /// <summary>Ids of all groups below one.</summary>
    public List<string> Below(string id) => [.. _nodes.Keys.Where(other => PathId.IsBelow(other, id))];

    /// <summary>Adds or changes a group.</summary>
    public void Set(GroupDefinition group, DateTimeOffset version)
    {
        _views = null;
        _nodes[group.Id] = new Node(group, version);
    }

    /// <summary>Takes a group away. The root stays and loses what was asked for of it.</summary>
    public void Remove(string id, DateTimeOffset version)
    {
        _views = null;
        if (id == "/")
        {
            Set(GroupDefinition.Of(id), version);
        }
        else
        {
            _nodes.Remove(id);
        }
    }

    /// <summary>Makes sure that the groups above an id are there, and that they have at least a version.</summary>
    public void Touch(string id, DateTimeOffset version)
    {
        for (var parent = PathId.Parent(id); ; parent = PathId.Parent(parent))
        {
            if (!_nodes.TryGetValue(parent, out var node))
            {
                _nodes[parent] = new Node(GroupDefinition.Of(parent), version);
                _views = null;
            }
            else if (node.Version < version)
            {
                node.Version = version;
                _views = null;
            }

            if (parent == "/")
            {
                return;
            }
        }
    }

    /// <summary>All groups in the order of their ids; the same list while nothing changes.</summary>
    public IReadOnlyList<GroupView> ToViews() => _views ??= [.. _nodes.Values.Select(node => node.ToView())];

    private sealed class Node(GroupDefinition definition, DateTimeOffset version)
    {
        private GroupView? _view;

        public GroupDefinition Definition => definition;

        public DateTimeOffset Version
        {
            get;
            set
            {
                field = value;
                _view = null;
            }
        } = version;

        public GroupView ToView() => _view ??= new GroupView(definition.Id, definition.Dependencies, definition.EnforceRole, Version);
    }
}
