using System.Globalization;
using System.Text.RegularExpressions;
using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Resources;

namespace Orchestrator.Core.Marathon.Launching;

/// <summary>Placement rules: whether an offer's machine suits, given where the other instances are. Source: Marathon.</summary>
internal static class ConstraintMatcher
{
    private static readonly TimeSpan s_longestMatch = TimeSpan.FromMilliseconds(100);

    /// <summary>What rules can ask of an offer's machine, by field.</summary>
    public static IReadOnlyDictionary<string, string> FieldsOf(Offer offer)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["hostname"] = offer.Hostname, ["@hostname"] = offer.Hostname };
        foreach (var attribute in offer.Attributes)
        {
            fields.TryAdd(attribute.Name, AttributeList.ValueText(attribute));
        }

        if (offer.Domain?.FaultDomain is { } domain)
        {
            fields["@region"] = domain.Region.Name;
            fields["@zone"] = domain.Zone.Name;
        }

        return fields;
    }

    /// <summary>Whether the rule lets another instance onto the machine.</summary>
    /// <param name="constraint">The rule.</param>
    /// <param name="fields">The machine.</param>
    /// <param name="placed">The machines of the instances that count.</param>
    public static bool Matches(PlacementConstraint constraint, IReadOnlyDictionary<string, string> fields, IReadOnlyList<IReadOnlyDictionary<string, string>> placed)
    {
        if (!fields.TryGetValue(constraint.Field, out var value))
        {
            return constraint.Operator == "UNLIKE";
        }

        var others = placed.Select(machine => machine.GetValueOrDefault(constraint.Field)).Where(other => other is not null).ToList();
        return constraint.Operator switch
        {
            "UNIQUE" => !others.Contains(value),
            "CLUSTER" => constraint.Value is { Length: > 0 } wanted ? value == wanted : others.Count == 0 || others[0] == value,
            "GROUP_BY" => IsEven(value, others, Number(constraint.Value)),
            "MAX_PER" => others.Count(other => other == value) < Number(constraint.Value),
            "LIKE" => Like(value, constraint.Value),
            "UNLIKE" => !Like(value, constraint.Value),
            "IS" => value == constraint.Value || IsSameNumber(value, constraint.Value),
            _ => false,
        };
    }

    private static bool IsEven(string value, List<string?> others, int wantedGroups)
    {
        var groups = others.GroupBy(other => other).ToDictionary(group => group.Key!, group => group.Count());
        if (!groups.TryGetValue(value, out var here))
        {
            return true;
        }

        return groups.Count >= Math.Max(wantedGroups, groups.Count) && here == groups.Values.Min();
    }

    private static bool Like(string value, string? pattern)
    {
        try
        {
            return Regex.IsMatch(value, $"^(?:{pattern})$", RegexOptions.CultureInvariant, s_longestMatch);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private static bool IsSameNumber(string value, string? wanted) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var a)
        && double.TryParse(wanted, NumberStyles.Float, CultureInfo.InvariantCulture, out var b)
        && Math.Round(a, 3, MidpointRounding.ToEven) == Math.Round(b, 3, MidpointRounding.ToEven);

    private static int Number(string? text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
