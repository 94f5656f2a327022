using System.Globalization;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Web.Api.Marathon;

/// <summary>Which part of a list of apps is asked for: <c>?offset=100&amp;limit=50&amp;fields=id,instances,tasksRunning</c>.</summary>
/// <param name="Offset">Apps that are passed over, in the order of their ids.</param>
/// <param name="Limit">Most apps; null for all.</param>
/// <param name="Fields">The fields of each app; null for all.</param>
public sealed record ListPage(int Offset, int? Limit, IReadOnlySet<string>? Fields)
{
    /// <summary>Whether a part of the list is asked for: the answer says then how long the list is.</summary>
    public bool IsPart => Offset > 0 || Limit is not null;

    /// <summary>Reads the query; null with what is wrong with it.</summary>
    public static ListPage? Parse(IQueryCollection query, out string error)
    {
        if (!TryReadNumber(query, "offset", out var offset, out error) || !TryReadNumber(query, "limit", out var limit, out error))
        {
            return null;
        }

        var fields = query["fields"].SelectMany(text => (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToHashSet(StringComparer.Ordinal);
        return new ListPage(offset ?? 0, limit, fields.Count == 0 ? null : fields);
    }

    /// <summary>The apps of the part.</summary>
    public IEnumerable<AppView> Of(IReadOnlyList<AppView> apps) => apps.Skip(Offset).Take(Limit ?? int.MaxValue);

    /// <summary>Where the next part begins; null after the last.</summary>
    public int? NextOf(int total) => Limit is { } limit && Offset + (long)limit < total ? Offset + limit : null;

    private static bool TryReadNumber(IQueryCollection query, string name, out int? value, out string error)
    {
        (value, error) = (null, "");
        if (!query.TryGetValue(name, out var text))
        {
            return true;
        }

        if (!int.TryParse(text.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            error = $"The query parameter '{name}' is '{text}'; write a whole number, for example {name}=100";
            return false;
        }

        value = number;
        return true;
    }
}
