using System.Text.Json;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Web.Api.Marathon.Json;

/// <summary>Groups as the ids of apps make them: <c>/shop/web</c> is in <c>/shop</c>. Shape: Marathon's group.</summary>
internal static class GroupDocument
{
    /// <summary>One group as an object.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="id">Of the group.</param>
    /// <param name="apps">All apps below it, in the order of their ids.</param>
    /// <param name="embeds">What of apps is added.</param>
    /// <param name="parts">Which children are told.</param>
    /// <param name="now">For ages.</param>
    internal static void Write(Utf8JsonWriter json, string id, IReadOnlyList<AppView> apps, AppEmbeds embeds, GroupParts parts, DateTimeOffset now)
    {
        var prefix = id == "/" ? "/" : id + "/";
        json.WriteStartObject();
        json.WriteString("id", id);
        if (parts.HasFlag(GroupParts.Apps))
        {
            AppDocuments.WriteAll(json, "apps", apps.Where(app => app.Id.IndexOf('/', prefix.Length) < 0), embeds, now);
        }

        if (parts.HasFlag(GroupParts.Groups))
        {
            json.WriteStartArray("groups");
            foreach (var child in apps.Where(app => app.Id.IndexOf('/', prefix.Length) > 0).GroupBy(app => app.Id[..app.Id.IndexOf('/', prefix.Length)]))
            {
                Write(json, child.Key, [.. child], embeds, parts, now);
            }

            json.WriteEndArray();
        }

        if (parts.HasFlag(GroupParts.Pods))
        {
            json.WriteStartArray("pods");
            json.WriteEndArray();
        }

        json.WriteStartArray("dependencies");
        json.WriteEndArray();
        json.WriteString("version", Timestamps.Write(VersionOf(apps)));
        json.WriteBoolean("enforceRole", false);
        json.WriteEndObject();
    }

    /// <summary>The newest version of an app in it.</summary>
    internal static DateTimeOffset VersionOf(IReadOnlyList<AppView> apps) => apps.Count == 0 ? DateTimeOffset.UnixEpoch : apps.Max(app => app.Definition.Version);
}
