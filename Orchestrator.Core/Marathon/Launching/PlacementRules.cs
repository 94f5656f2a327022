using Orchestrator.Core.Contract.Apps;

namespace Orchestrator.Core.Marathon.Launching;

/// <summary>
/// All placement rules of an app over the machines where its instances stand. Counts once and is kept in step while instances
/// are placed, so that looking at many machines costs no more for an app with many instances.
/// </summary>
internal sealed class PlacementRules
{
    private readonly PlacementRule[] _rules;

    /// <param name="constraints">The rules.</param>
    /// <param name="placed">The machines of the instances that count.</param>
    public PlacementRules(IReadOnlyList<PlacementConstraint> constraints, IEnumerable<IReadOnlyDictionary<string, string>> placed)
    {
        _rules = [.. constraints.Select(constraint => new PlacementRule(constraint))];
        if (_rules.Length == 0)
        {
            return;
        }

        foreach (var machine in placed)
        {
            Add(machine);
        }
    }

    /// <summary>No rule.</summary>
    public static PlacementRules None { get; } = new([], []);

    /// <summary>An instance more stands on a machine.</summary>
    public void Add(IReadOnlyDictionary<string, string> machine)
    {
        foreach (var rule in _rules)
        {
            rule.Add(machine);
        }
    }

    /// <summary>The rules that close the machine to another instance.</summary>
    public IEnumerable<PlacementRule> UnmetBy(IReadOnlyDictionary<string, string> machine) => _rules.Where(rule => !rule.Allows(machine));

    /// <summary>All rules, each with whether it lets another instance onto the machine.</summary>
    public IEnumerable<(PlacementRule Rule, bool IsMet)> HeldAgainst(IReadOnlyDictionary<string, string> machine) => _rules.Select(rule => (rule, rule.Allows(machine)));
}
