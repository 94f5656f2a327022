using Microsoft.AspNetCore.Components;
using Orchestrator.Core.Views;
using Orchestrator.Web.Console.Controls;
using Orchestrator.Web.Console.Feeds;
using Orchestrator.Web.Console.ViewModels.Cluster;

namespace Orchestrator.Web.Console.Pages.Cluster;

/// <summary>All roles: their weights and what they hold of the cluster.</summary>
public sealed partial class Roles
{
    private static readonly (string Name, string Title)[] s_columns = [("cpus", "CPU"), ("mem", "Memory")];

    private RoleView? _editing;

    /// <summary>Words to search for.</summary>
    [SupplyParameterFromQuery]
    public string? Q { get; set; }

    /// <summary>The order.</summary>
    [SupplyParameterFromQuery]
    public string? Sort { get; set; }

    /// <summary>Lists made once for all operators.</summary>
    [Inject]
    public required SharedViews Views { get; init; }

    private string Order => Sort ?? "name";

    /// <inheritdoc/>
    protected override RolesModel Project(LiveState live)
    {
        var cluster = live.Cluster;
        var filter = new TextFilter(Q);
        return new RolesModel(Views.Get($"roles|{Order}|{filter.Key}", cluster.Version, () => List(cluster, filter, Order)), cluster.Totals.Total);
    }

    /// <summary>For example <c>4–16 cores</c>: what is guaranteed and what is the most.</summary>
    private static IEnumerable<string> QuotaLines(RoleView role)
    {
        if (role.Quota is not { } quota)
        {
            yield break;
        }

        foreach (var name in quota.Guarantees.Keys.Union(quota.Limits.Keys).Order(StringComparer.Ordinal))
        {
            var least = quota.Guarantees.TryGetValue(name, out var guarantee) ? Figures.Of(name, guarantee.Value) : null;
            var most = quota.Limits.TryGetValue(name, out var limit) ? Figures.Of(name, limit.Value) : null;
            yield return $"{name}: {(least is null ? $"at most {most}" : most is null ? $"{least} guaranteed" : $"{least} to {most}")}";
        }
    }

    private static RoleView[] List(ClusterSnapshot cluster, TextFilter filter, string sort)
    {
        var rows = cluster.Roles.Where(role => filter.Matches(role.Name));
        var key = sort.TrimStart('-');
        var ordered = key switch
        {
            "weight" => rows.OrderBy(role => role.Weight),
            "frameworks" => rows.OrderBy(role => role.Frameworks.Count),
            "cpus" or "mem" => rows.OrderBy(role => role.Allocated.Scalar(key)),
            _ => rows.OrderBy(role => role.Name, StringComparer.Ordinal),
        };
        var result = ordered.ToArray();
        if (sort.StartsWith('-'))
        {
            Array.Reverse(result);
        }

        return result;
    }
}
