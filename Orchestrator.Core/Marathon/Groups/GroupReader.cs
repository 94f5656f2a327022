using System.Text.Json;
using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon.Apps;

namespace Orchestrator.Core.Marathon.Groups;

/// <summary>Reads the body of a group, for example <c>{"id":"/shop","apps":[…],"groups":[{"id":"db",…}]}</c>.</summary>
/// <param name="errors">Filled with what is wrong.</param>
/// <param name="nullRemoves">A merge patch: a field that is null is to be empty. Otherwise it counts as absent.</param>
internal sealed class GroupReader(FieldErrors errors, bool nullRemoves)
{
    private static readonly string[] s_content = ["apps", "groups", "dependencies", "enforceRole", "pods"];

    /// <summary>Reads the outermost group. Its id is relative to that of the request; without one it is that.</summary>
    public GroupUpdate Read(JsonElement body, string requestId)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            errors.Add("", "error.expected.jsobject");
            return new GroupUpdate(requestId, "");
        }

        var reader = new FieldReader(body, "", errors);
        var id = requestId;
        if (reader.Text("id") is { } given)
        {
            id = ReadId(given, requestId, "/id");
        }

        return ReadContent(reader, id, "");
    }

    private GroupUpdate ReadContent(FieldReader reader, string id, string path)
    {
        CheckKinds(reader);
        return new GroupUpdate(id, path)
        {
            Apps = IsGiven(reader, "apps") ? ReadApps(reader, id) : null,
            Groups = IsGiven(reader, "groups") ? ReadGroups(reader, id) : null,
            Dependencies = IsGiven(reader, "dependencies") ? [.. reader.Texts("dependencies").Select(dependency => PathId.Dependency(dependency, id)).Distinct()] : null,
            EnforceRole = IsGiven(reader, "enforceRole") ? reader.Flag("enforceRole", false) : null,
            ScaleBy = reader.Has("scaleBy") ? ReadScale(reader) : null,
            Version = reader.Has("version") ? ReadVersion(reader) : null,
        };
    }

    private bool IsGiven(FieldReader reader, string name) => nullRemoves ? reader.Names(name) : reader.Has(name);

    private List<(AppDefinition App, string Path)> ReadApps(FieldReader reader, string groupId)
    {
        var apps = new List<(AppDefinition, string)>();
        foreach (var (item, path) in reader.Items("apps"))
        {
            var part = new FieldErrors();
            var given = item.ValueKind == JsonValueKind.Object ? new FieldReader(item, "", part).Text("id") : null;
            if (given is null && !part.Any && item.ValueKind == JsonValueKind.Object)
            {
                part.Add("/id", "error.path.missing");
            }

            apps.Add((AppParser.Parse(item, given is null ? groupId : ReadId(given, groupId, path + "/id"), part), path));
            errors.Add(path, part);
        }

        return apps;
    }

    private List<GroupUpdate> ReadGroups(FieldReader reader, string groupId)
    {
        var groups = new List<GroupUpdate>();
        foreach (var child in reader.Objects("groups"))
        {
            if (child.Text("id") is not { } given)
            {
                child.Error("id", "error.path.missing");
                continue;
            }

            var id = ReadId(given, groupId, child.Path + "/id");
            if (groups.Exists(group => group.Id == id))
            {
                child.Error("id", $"'{id}' stands twice in this group");
            }

            groups.Add(ReadContent(child, id, child.Path));
        }

        return groups;
    }

    /// <summary>The absolute id of a child, which must be directly below its group; at the outermost group anywhere below.</summary>
    private string ReadId(string given, string parent, string path)
    {
        if (PathId.CheckGroup(given) is { } problem)
        {
            errors.Add(path, problem);
            return parent;
        }

        var id = PathId.Absolute(given, parent);
        var isOutermost = path == "/id";
        if (isOutermost ? id != parent && parent != "/" && !PathId.IsBelow(id, parent) : PathId.Parent(id) != parent || id == parent)
        {
            errors.Add(path, $"Identifier is not child of '{parent}'. '{id}' has to stand {(isOutermost ? "" : "directly ")}below it; give a relative id, or another group.");
        }

        return id;
    }

    /// <summary>A body changes content, or scales, or goes back to a version: one of the three.</summary>
    private static void CheckKinds(FieldReader reader)
    {
        foreach (var name in new[] { "version", "scaleBy" })
        {
            if (reader.Has(name) && (reader.Has(name == "version" ? "scaleBy" : "version") || Array.Exists(s_content, reader.Has)))
            {
                reader.Error(name, $"The '{name}' field is not allowed in conjunction with other properties; send it alone");
            }
            else if (reader.Has(name) && reader.Path.Length > 0)
            {
                reader.Error(name, $"The '{name}' field is for the group of the request only");
            }
        }
    }

    private static double ReadScale(FieldReader reader)
    {
        var scale = reader.Number("scaleBy", 1);
        if (scale < 0)
        {
            reader.Error("scaleBy", "must be greater than or equal to 0");
        }

        return scale;
    }

    private static DateTimeOffset? ReadVersion(FieldReader reader)
    {
        var version = Timestamps.Read(reader.Text("version") ?? "");
        if (version is null)
        {
            reader.Error("version", "must be a timestamp such as 2026-01-31T12:00:00.000Z");
        }

        return version;
    }
}
