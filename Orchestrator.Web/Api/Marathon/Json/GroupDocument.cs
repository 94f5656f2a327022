using System.Text.Json;
using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Marathon.Pods;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Web.Api.Marathon.Json;

/// <summary>A group with what is in it, at any depth. Shape: Marathon's group.</summary>
internal sealed class GroupDocument
{
    private readonly ILookup<string, AppView> _apps;
    private readonly ILookup<string, AppDefinition> _pods;
    private readonly Dictionary<string, GroupView> _groups = new(StringComparer.Ordinal);
    private readonly ILookup<string, GroupView> _children;

    /// <summary>Of apps, pods and groups, those that are to be written and any others.</summary>
    /// <param name="apps">In the order of their ids.</param>
    /// <param name="pods">In the order of their ids.</param>
    /// <param name="groups">Those that ids of apps and pods name need not be among them.</param>
    internal GroupDocument(IReadOnlyList<AppView> apps, IReadOnlyList<AppDefinition> pods, IEnumerable<GroupView> groups)
    {
        _apps = apps.ToLookup(app => PathId.Parent(app.Id), StringComparer.Ordinal);
        _pods = pods.ToLookup(pod => PathId.Parent(pod.Id), StringComparer.Ordinal);
        foreach (var group in groups)
        {
            _groups[group.Id] = group;
        }

        foreach (var row in _apps)
        {
            AddImplied(row.Key, row.Max(app => app.Definition.Version));
        }

        foreach (var row in _pods)
        {
            AddImplied(row.Key, row.Max(pod => pod.Version));
        }

        _groups.TryAdd("/", new GroupView("/", [], false, DateTimeOffset.UnixEpoch));
        _children = _groups.Values.Where(group => group.Id != "/").OrderBy(group => group.Id, StringComparer.Ordinal).ToLookup(group => PathId.Parent(group.Id), StringComparer.Ordinal);
    }

    /// <summary>The group; null when there is none.</summary>
    internal GroupView? Find(string id) => _groups.GetValueOrDefault(id);

    /// <summary>The apps directly in a group.</summary>
    internal IEnumerable<AppView> AppsOf(string id) => _apps[id];

    /// <summary>One group as an object.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="group">The group.</param>
    /// <param name="embeds">What of apps is added.</param>
    /// <param name="parts">Which children are told.</param>
    /// <param name="now">For ages.</param>
    internal void Write(Utf8JsonWriter json, GroupView group, AppEmbeds embeds, GroupParts parts, DateTimeOffset now)
    {
        json.WriteStartObject();
        json.WriteString("id", group.Id);
        if (parts.HasFlag(GroupParts.Apps))
        {
            AppDocuments.WriteAll(json, "apps", _apps[group.Id], embeds, now);
        }

        if (parts.HasFlag(GroupParts.Groups))
        {
            json.WriteStartArray("groups");
            foreach (var child in _children[group.Id])
            {
                Write(json, child, embeds, parts, now);
            }

            json.WriteEndArray();
        }

        if (parts.HasFlag(GroupParts.Pods))
        {
            json.WriteStartArray("pods");
            foreach (var pod in _pods[group.Id])
            {
                PodJson.Write(json, pod);
            }

            json.WriteEndArray();
        }

        json.WriteStartArray("dependencies");
        foreach (var dependency in group.Dependencies)
        {
            json.WriteStringValue(dependency);
        }

        json.WriteEndArray();
        json.WriteString("version", Timestamps.Write(group.Version));
        json.WriteBoolean("enforceRole", group.EnforceRole);
        json.WriteEndObject();
    }

    private void AddImplied(string id, DateTimeOffset version)
    {
        for (; ; id = PathId.Parent(id))
        {
            if (!_groups.TryGetValue(id, out var group) || group.Version < version)
            {
                _groups[id] = (group ?? new GroupView(id, [], false, version)) with { Version = version };
            }

            if (id == "/")
            {
                return;
            }
        }
    }
}
