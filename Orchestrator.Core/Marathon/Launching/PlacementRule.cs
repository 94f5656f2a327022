using System.Globalization;
using System.Text.RegularExpressions;
using Orchestrator.Core.Contract.Apps;

namespace Orchestrator.Core.Marathon.Launching;

/// <summary>
/// One placement rule with what it counts: how many instances stand on machines of each value of its field. Source: Marathon;
/// for GROUP_BY the rule of 1.10 and before, because later ones divide by zero.
/// </summary>
internal sealed class PlacementRule
{
    private static readonly TimeSpan s_longestMatch = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly Dictionary<int, int> _groupsOfSize = [];
    private readonly Regex? _pattern;
    private readonly int _number;
    private string? _first;
    private int _smallest;

    public PlacementRule(PlacementConstraint constraint)
    {
        Constraint = constraint;
        _number = int.TryParse(constraint.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : 0;
        _pattern = constraint.Operator is "LIKE" or "UNLIKE" ? new Regex($@"\A(?:{constraint.Value})\z", RegexOptions.CultureInvariant, s_longestMatch) : null;
    }

    public PlacementConstraint Constraint { get; }

    /// <summary>Instances on machines with this value.</summary>
    public int CountOf(string value) => _counts.GetValueOrDefault(value);

    /// <summary>An instance more stands on a machine.</summary>
    public void Add(IReadOnlyDictionary<string, string> machine)
    {
        if (!machine.TryGetValue(Constraint.Field, out var value))
        {
            return;
        }

        _first ??= value;
        var size = _counts.GetValueOrDefault(value);
        _counts[value] = size + 1;
        _groupsOfSize[size + 1] = _groupsOfSize.GetValueOrDefault(size + 1) + 1;
        if (size == 0)
        {
            _smallest = 1;
        }
        else if (--_groupsOfSize[size] == 0 && size == _smallest)
        {
            // The smallest group grew by one, so no smaller one than its new size can be left.
            _smallest = size + 1;
        }
    }

    /// <summary>Whether another instance may stand on the machine. Without the field only UNLIKE is met.</summary>
    public bool Allows(IReadOnlyDictionary<string, string> machine)
    {
        if (!machine.TryGetValue(Constraint.Field, out var value))
        {
            return Constraint.Operator == "UNLIKE";
        }

        return Constraint.Operator switch
        {
            "UNIQUE" => CountOf(value) == 0,
            "CLUSTER" => Constraint.Value is { Length: > 0 } wanted ? value == wanted : _first is null || _first == value,
            "GROUP_BY" => CountOf(value) is var here && (here == 0 || (_counts.Count >= _number && here == _smallest)),
            "MAX_PER" => CountOf(value) < _number,
            "LIKE" => IsLike(value) == true,
            "UNLIKE" => IsLike(value) == false,
            "IS" => value == Constraint.Value || IsSameNumber(value, Constraint.Value),
            _ => false,
        };
    }

    /// <summary>Null for a pattern that takes too long: it says neither yes nor no.</summary>
    private bool? IsLike(string value)
    {
        try
        {
            return _pattern!.IsMatch(value);
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }

    private static bool IsSameNumber(string value, string? wanted) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var a)
        && double.TryParse(wanted, NumberStyles.Float, CultureInfo.InvariantCulture, out var b)
        && Math.Round(a, 3, MidpointRounding.ToEven) == Math.Round(b, 3, MidpointRounding.ToEven);
}
