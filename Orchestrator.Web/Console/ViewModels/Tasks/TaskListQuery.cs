using Microsoft.AspNetCore.WebUtilities;

namespace Orchestrator.Web.Console.ViewModels.Tasks;

/// <summary>
/// Which tasks are listed and how, as the address says it: <c>?q=web&amp;state=running&amp;framework=F&amp;agent=A&amp;sort=-host</c>.
/// Values that mean nothing are ignored.
/// </summary>
public sealed record TaskListQuery
{
    /// <summary>Most selected tasks that the address carries.</summary>
    public const int MaxSelectedInUri = 40;

    /// <summary>Part of id, name or host; empty for all.</summary>
    public string Text { get; init; } = "";

    /// <summary>By state.</summary>
    public TaskFilter Filter { get; init; }

    /// <summary>Id of a framework; empty for all.</summary>
    public string Framework { get; init; } = "";

    /// <summary>Id of an agent; empty for all.</summary>
    public string Agent { get; init; } = "";

    /// <summary>The order.</summary>
    public TaskSort Sort { get; init; }

    /// <summary>Whether it is turned around. By update the newest come first and turning around puts the oldest first.</summary>
    public bool IsDescending { get; init; }

    /// <summary>The order as the address says it, turned around with a leading minus.</summary>
    public string SortText => (IsDescending ? "-" : "") + Sort.ToString().ToLowerInvariant();

    /// <summary>Names the list in a cache: everything but the selection.</summary>
    public string CacheKey => $"tasks|{Filter}|{Framework}|{Agent}|{Sort}|{IsDescending}|{Text}";

    /// <summary>Whether more than the usual active tasks of all is asked.</summary>
    public bool IsFiltered => Text.Length > 0 || Filter != TaskFilter.Active || Framework.Length > 0 || Agent.Length > 0;

    /// <summary>Reads an address.</summary>
    public static TaskListQuery Parse(string uri)
    {
        var values = Values(uri);
        string First(string name) => values.TryGetValue(name, out var given) ? given.FirstOrDefault() ?? "" : "";
        return new TaskListQuery
        {
            Text = First("q"),
            Filter = Read<TaskFilter>(First("state")),
            Framework = First("framework"),
            Agent = First("agent"),
            Sort = Read<TaskSort>(First("sort").TrimStart('-')),
            IsDescending = First("sort").StartsWith('-'),
        };
    }

    /// <summary>The selected tasks that an address carries, <c>framework/task</c> each.</summary>
    public static IReadOnlyList<string> ParseSelection(string uri) =>
        Values(uri).TryGetValue("selected", out var given) ? [.. given.OfType<string>().Where(key => key.Contains('/', StringComparison.Ordinal)).Take(MaxSelectedInUri)] : [];

    /// <summary>The address of this list; a selection that is too long for an address is left out.</summary>
    public string ToUri(string path, IReadOnlyCollection<string>? selection = null)
    {
        var pairs = new List<KeyValuePair<string, string?>>();
        void Add(string name, string value)
        {
            if (value.Length > 0)
            {
                pairs.Add(KeyValuePair.Create(name, (string?)value));
            }
        }

        Add("q", Text);
        Add("state", Filter == TaskFilter.Active ? "" : Filter.ToString().ToLowerInvariant());
        Add("framework", Framework);
        Add("agent", Agent);
        Add("sort", Sort == TaskSort.Updated && !IsDescending ? "" : SortText);
        foreach (var key in selection is { Count: <= MaxSelectedInUri } ? selection : [])
        {
            Add("selected", key);
        }

        return QueryHelpers.AddQueryString(path, pairs);
    }

    private static Dictionary<string, Microsoft.Extensions.Primitives.StringValues> Values(string uri)
    {
        var cut = uri.IndexOf('?', StringComparison.Ordinal);
        return QueryHelpers.ParseQuery(cut < 0 ? "" : uri[cut..]);
    }

    private static T Read<T>(string text)
        where T : struct, Enum =>
        text.Length > 0 && !char.IsAsciiDigit(text[0]) && Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) ? value : default;
}
