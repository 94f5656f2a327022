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
        var fields = app.Constraints.Where(constraint => constraint.Operator == "GROUP_BY").Select(constraint => constraint.Field).Distinct().ToArray();
        return fields.Length == 0 || count >= ordered.Count ? ordered[..Math.Min(count, ordered.Count)] : ChooseEvenly(ordered, fields, count);
    }

    /// <summary>
    /// Those that do not stand anywhere yet, then always one from where most stand: by the first field, among equals by the next, among
    /// equals in the given order.
    /// </summary>
    private static List<InstanceState> ChooseEvenly(List<InstanceState> ordered, string[] fields, int count)
    {
        var victims = ordered.Where(instance => !instance.IsActive).Take(count).ToList();
        var sizes = fields.Select(_ => new Dictionary<string, int>(StringComparer.Ordinal)).ToArray();
        var places = new Dictionary<string, Place>(StringComparer.Ordinal);
        foreach (var (rank, instance) in ordered.Index().Where(row => row.Item.IsActive))
        {
            var values = fields.Select(field => instance.Attributes.GetValueOrDefault(field, "")).ToArray();
            if (!places.TryGetValue(string.Join('\0', values), out var place))
            {
                places[string.Join('\0', values)] = place = new Place(values);
            }

            place.Instances.Enqueue((rank, instance));
            for (var i = 0; i < fields.Length; i++)
            {
                sizes[i][values[i]] = sizes[i].GetValueOrDefault(values[i]) + 1;
            }
        }

        while (victims.Count < count && places.Values.Where(place => place.Instances.Count > 0).Aggregate((Place?)null, (best, place) => best is null || IsBefore(place, best, sizes) ? place : best) is { } crowded)
        {
            victims.Add(crowded.Instances.Dequeue().Instance);
            for (var i = 0; i < fields.Length; i++)
            {
                sizes[i][crowded.Values[i]]--;
            }
        }

        return victims;
    }

    private static bool IsBefore(Place a, Place b, Dictionary<string, int>[] sizes)
    {
        for (var i = 0; i < sizes.Length; i++)
        {
            var order = sizes[i][a.Values[i]].CompareTo(sizes[i][b.Values[i]]);
            if (order != 0)
            {
                return order > 0;
            }
        }

        return a.Instances.Peek().Rank < b.Instances.Peek().Rank;
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

    /// <summary>Machines with the same values of all fields, with what stands there in the order of who goes first.</summary>
    private sealed record Place(string[] Values)
    {
        public Queue<(int Rank, InstanceState Instance)> Instances { get; } = new();
    }
}
