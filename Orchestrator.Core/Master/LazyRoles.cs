using System.Collections;
using Orchestrator.Core.Contract.QuotaApi;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;
using Orchestrator.Core.Views;

namespace Orchestrator.Core.Master;

/// <summary>
/// The roles of a snapshot, summed up by whoever reads them first: most snapshots are replaced before anybody asks, and the
/// frameworks that they are made of do not change.
/// </summary>
internal sealed class LazyRoles(PagedVector<FrameworkView?> frameworks, IReadOnlyDictionary<string, double> weights, IReadOnlyDictionary<string, QuotaConfig> quotas) : IReadOnlyList<RoleView>
{
    private readonly Lazy<List<RoleView>> _roles = new(() => Sum(frameworks, weights, quotas));

    public int Count => _roles.Value.Count;

    public RoleView this[int index] => _roles.Value[index];

    public IEnumerator<RoleView> GetEnumerator() => _roles.Value.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static List<RoleView> Sum(PagedVector<FrameworkView?> frameworks, IReadOnlyDictionary<string, double> weights, IReadOnlyDictionary<string, QuotaConfig> quotas)
    {
        var roles = new SortedDictionary<string, (List<string> Frameworks, ResourceList Used, ResourceList Offered)>(StringComparer.Ordinal) { ["*"] = ([], ResourceList.Empty, ResourceList.Empty) };
        foreach (var name in weights.Keys.Concat(quotas.Keys))
        {
            roles[name] = ([], ResourceList.Empty, ResourceList.Empty);
        }

        foreach (var framework in frameworks)
        {
            foreach (var name in framework?.Roles ?? [])
            {
                var row = roles.GetValueOrDefault(name, ([], ResourceList.Empty, ResourceList.Empty));
                row.Frameworks.Add(framework!.Id.Value);

                // With several roles the use is told under the first: the tasks of a role are in the list of tasks.
                if (name == framework.Roles[0])
                {
                    row.Used += framework.Used;
                }

                row.Offered += framework.Roles.Count == 1 ? framework.Offered : OfferedTo(framework, name);
                roles[name] = row;
            }
        }

        return [.. roles.Select(role => new RoleView(role.Key, weights.GetValueOrDefault(role.Key, 1), role.Value.Frameworks, role.Value.Used, role.Value.Offered, ResourceList.Empty) { Quota = quotas.GetValueOrDefault(role.Key) })];
    }

    private static ResourceList OfferedTo(FrameworkView framework, string role) =>
        framework.Offers.Where(offer => offer.Role == role).Aggregate(ResourceList.Empty, (sum, offer) => sum + offer.Resources);
}
