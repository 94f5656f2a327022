using Microsoft.AspNetCore.WebUtilities;
using Orchestrator.Core.Marathon.Apps;

namespace Orchestrator.Web.Console.ViewModels.Apps;

/// <summary>
/// Which apps are listed and how, as the address says it: <c>?q=web&amp;group=/shop&amp;status=running&amp;health=unhealthy&amp;label=team:shop&amp;sort=-cpus</c>.
/// Values that mean nothing are ignored.
/// </summary>
public sealed record AppListQuery
{
    /// <summary>Most values of one filter.</summary>
    public const int MaxValues = 50;

    /// <summary>Part of the path, letters in this order; empty for all.</summary>
    public string Text { get; init; } = "";

    /// <summary>The group of which all apps are listed, those of groups in it too; <c>/</c> for all.</summary>
    public string Group { get; init; } = "/";

    /// <summary>One of these; empty for any.</summary>
    public IReadOnlyList<AppStatus> Statuses { get; init; } = [];

    /// <summary>With an instance in one of these parts; empty for any.</summary>
    public IReadOnlyList<HealthPart> Healths { get; init; } = [];

    /// <summary>With one of these labels, <c>key:value</c> or <c>key</c>; empty for any.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>The order.</summary>
    public AppSort Sort { get; init; }

    /// <summary>Whether it is turned around.</summary>
    public bool IsDescending { get; init; }

    /// <summary>The order as the address says it, descending with a leading minus.</summary>
    public string SortText => (IsDescending ? "-" : "") + Sort.ToString().ToLowerInvariant();

    /// <summary>Whether not all apps are wanted.</summary>
    public bool IsFiltered => Text.Length > 0 || Group.Length > 1 || Statuses.Count > 0 || Healths.Count > 0 || Labels.Count > 0;

    /// <summary>Reads an address.</summary>
    public static AppListQuery Parse(string uri)
    {
        var cut = uri.IndexOf('?', StringComparison.Ordinal);
        var values = QueryHelpers.ParseQuery(cut < 0 ? "" : uri[cut..]);
        IEnumerable<string> All(string name) => values.TryGetValue(name, out var given) ? given.OfType<string>().Where(value => value.Length > 0).Distinct().Take(MaxValues) : [];
        return new AppListQuery
        {
            Text = All("q").FirstOrDefault() ?? "",
            Group = All("group").FirstOrDefault() is { } group && PathId.CheckGroup(group) is null ? PathId.Absolute(group) : "/",
            Statuses = Enums<AppStatus>(All("status")),
            Healths = Enums<HealthPart>(All("health")),
            Labels = [.. All("label")],
            Sort = Enums<AppSort>(All("sort").Select(sort => sort.TrimStart('-'))).FirstOrDefault(),
            IsDescending = All("sort").FirstOrDefault()?.StartsWith('-') == true,
        };
    }

    /// <summary>The address of this list.</summary>
    public string ToUri(string path)
    {
        var pairs = new List<KeyValuePair<string, string?>>();
        void Add(string name, string value) => pairs.Add(KeyValuePair.Create(name, (string?)value));
        if (Text.Length > 0)
        {
            Add("q", Text);
        }

        if (Group.Length > 1)
        {
            Add("group", Group);
        }

        foreach (var status in Statuses)
        {
            Add("status", status.ToString().ToLowerInvariant());
        }

        foreach (var health in Healths)
        {
            Add("health", health.ToString().ToLowerInvariant());
        }

        foreach (var label in Labels)
        {
            Add("label", label);
        }

        if (Sort != AppSort.Name || IsDescending)
        {
            Add("sort", SortText);
        }

        return QueryHelpers.AddQueryString(path, pairs);
    }

    /// <summary>With a value of a filter added, or taken away when it was there.</summary>
    public static IReadOnlyList<T> Toggle<T>(IReadOnlyList<T> values, T value) => values.Contains(value) ? [.. values.Where(other => !Equals(other, value))] : [.. values, value];

    private static List<T> Enums<T>(IEnumerable<string> texts)
        where T : struct, Enum =>
        [.. texts.Where(text => text.Length > 0 && !char.IsAsciiDigit(text[0]) && Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value)).Select(text => Enum.Parse<T>(text, ignoreCase: true))];
}
