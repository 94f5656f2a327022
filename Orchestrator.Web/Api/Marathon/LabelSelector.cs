using System.Text;
using System.Text.RegularExpressions;

namespace Orchestrator.Web.Api.Marathon;

/// <summary>
/// Which labels an app must have, for example <c>tier==web, stage in (test, live), !=</c>-forms included. All parts must
/// hold. Source: Marathon's label selectors.
/// </summary>
public sealed partial class LabelSelector
{
    /// <summary>Longest selector, in characters.</summary>
    public const int MaxLength = 8192;

    private readonly List<(string Key, string Operator, List<string> Values)> _parts = [];

    private LabelSelector()
    {
    }

    /// <summary>Reads a selector; on a malformed one the text says where and what would do.</summary>
    public static LabelSelector? Parse(string text, out string error)
    {
        error = "";
        var selector = new LabelSelector();
        var at = 0;
        while (true)
        {
            var match = text.Length <= MaxLength ? Part().Match(text, at) : Match.Empty;
            if (!match.Success)
            {
                error = $"The label selector '{text}' cannot be read from position {at + 1}; write key, key==value, key!=value, key in (a,b) or key notin (a,b), parts separated by commas, other characters than letters, digits, '-', '_' and '.' with a backslash before them";
                return null;
            }

            selector._parts.Add(Read(match));
            at = match.Index + match.Length;
            if (at == text.Length)
            {
                return selector;
            }

            // The pattern ends at the end or at a comma.
            at++;
        }
    }

    /// <summary>Whether labels are as it says. A label that is missing matches none of the forms, <c>!=</c> and <c>notin</c> included.</summary>
    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        foreach (var (key, form, values) in _parts)
        {
            if (!labels.TryGetValue(key, out var value) || !(form switch { "==" or "in" => values.Contains(value), "!=" or "notin" => !values.Contains(value), _ => true }))
            {
                return false;
            }
        }

        return true;
    }

    private static (string Key, string Operator, List<string> Values) Read(Match match)
    {
        var key = Unescape(match.Groups["key"].Value);
        if (match.Groups["equality"] is { Success: true } equality)
        {
            return (key, equality.Value, [Unescape(match.Groups["value"].Value)]);
        }

        return match.Groups["set"] is { Success: true } set
            ? (key, set.Value, [.. match.Groups["member"].Captures.Select(member => Unescape(member.Value))])
            : (key, "", []);
    }

    private static string Unescape(string text)
    {
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            plain.Append(text[i] == '\\' ? text[++i] : text[i]);
        }

        return plain.ToString();
    }

    [GeneratedRegex("""
        \G\s*(?<key>(?>(?:[A-Za-z0-9_.-]|\\.)+))
        (?:
            \s*(?<equality>==|!=)\s*(?<value>(?>(?:[A-Za-z0-9_.-]|\\.)+))
          | \s+(?<set>in|notin)\s*\(\s*(?<member>(?>(?:[A-Za-z0-9_.-]|\\.)+))(?:\s*,\s*(?<member>(?>(?:[A-Za-z0-9_.-]|\\.)+)))*\s*\)
        )?
        \s*(?=,|\z)
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Part();
}
