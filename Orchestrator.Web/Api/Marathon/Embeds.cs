using Microsoft.Extensions.Primitives;

namespace Orchestrator.Web.Api.Marathon;

/// <summary>Reads the <c>embed</c> parameter, which may be repeated; what it does not know it passes over, as clients expect.</summary>
public static class Embeds
{
    private static readonly string[] s_prefixes = ["group.apps.", "apps.", "app."];

    /// <summary>What of apps is asked for: <c>apps.tasks</c>, <c>app.tasks</c>, <c>group.apps.tasks</c> and <c>tasks</c> are one.</summary>
    public static AppEmbeds OfApps(StringValues embed)
    {
        var wanted = AppEmbeds.None;
        foreach (var value in embed)
        {
            var name = value ?? "";
            var prefix = Array.Find(s_prefixes, prefix => name.StartsWith(prefix, StringComparison.Ordinal)) ?? "";
            wanted |= name[prefix.Length..] switch
            {
                "tasks" => AppEmbeds.Tasks | AppEmbeds.Deployments,
                "deployments" => AppEmbeds.Deployments,
                "readiness" => AppEmbeds.Readiness,
                "lastTaskFailure" => AppEmbeds.LastTaskFailure,
                "counts" => AppEmbeds.Counts,
                "taskStats" => AppEmbeds.TaskStats,
                "failures" => AppEmbeds.Tasks | AppEmbeds.LastTaskFailure | AppEmbeds.Deployments,
                _ => AppEmbeds.None,
            };
        }

        return wanted;
    }

    /// <summary>Which children of groups are asked for; all when none is.</summary>
    public static GroupParts OfGroups(StringValues embed)
    {
        var parts = GroupParts.None;
        foreach (var value in embed)
        {
            parts |= value switch
            {
                "group.groups" => GroupParts.Groups,
                "group.apps" => GroupParts.Apps,
                "group.pods" => GroupParts.Pods,
                _ when value?.StartsWith("group.apps.", StringComparison.Ordinal) == true => GroupParts.Apps,
                _ => GroupParts.None,
            };
        }

        return parts == GroupParts.None ? GroupParts.All : parts;
    }

    /// <summary>Whether one of the parameters says exactly this.</summary>
    public static bool Has(StringValues embed, string name) => embed.Contains(name);
}
