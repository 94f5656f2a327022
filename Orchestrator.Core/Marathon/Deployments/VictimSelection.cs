using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon.Instances;

namespace Orchestrator.Core.Marathon.Deployments;

/// <summary>
/// Who goes when there are too many: what does not run yet before what runs, the even spread that placement rules ask for
/// kept, ties by the app's killSelection. Source: Marathon.
/// </summary>
internal static class VictimSelection
{
    /// <summary>So many of the instances as are to go.</summary>
    public static IReadOnlyList<InstanceState> Choose(AppDefinition app, IEnumerable<InstanceState> instances, int count)
    {
        var ordered = instances.ToList();
        ordered.Sort((a, b) => Compare(app, a, b));
        var spread = app.Constraints.FirstOrDefault(constraint => constraint.Operator == "GROUP_BY")?.Field;
        if (spread is null)
        {
            return ordered[..Math.Min(count, ordered.Count)];
        }

        var victims = new List<InstanceState>();
        while (victims.Count < count && ordered.Count > 0)
        {
            var crowded = ordered.GroupBy(instance => instance.Attributes.GetValueOrDefault(spread, "")).MaxBy(group => group.Count())!;
            var waiting = ordered.Find(instance => !instance.IsActive);
            var victim = waiting ?? crowded.First();
            victims.Add(victim);
            ordered.Remove(victim);
        }

        return victims;
    }

    private static int Compare(AppDefinition app, InstanceState a, InstanceState b)
    {
        if (a.CarriesTraffic != b.CarriesTraffic)
        {
            return a.CarriesTraffic ? 1 : -1;
        }

        if (app.UpgradeStrategy.IsOrdered)
        {
            return b.Ordinal.CompareTo(a.Ordinal);
        }

        var weight = Weight(a.Condition).CompareTo(Weight(b.Condition));
        if (weight != 0)
        {
            return weight;
        }

        var age = Begin(a).CompareTo(Begin(b));
        age = app.KillOldestFirst ? age : -age;
        return age != 0 ? age : string.CompareOrdinal(a.Id, b.Id);
    }

    private static DateTimeOffset Begin(InstanceState instance) => instance.StartedAt ?? instance.StagedAt ?? instance.CreatedAt;

    private static int Weight(Condition condition) => condition switch
    {
        Condition.Scheduled => 0,
        Condition.Unreachable or Condition.UnreachableInactive => 1,
        Condition.Provisioned or Condition.Staging => 2,
        Condition.Starting => 3,
        Condition.Running => 4,
        _ => 5,
    };
}
