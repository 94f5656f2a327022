using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Web.Console.ViewModels.Apps;

/// <summary>The apps that are listed, and how many each value of a filter would leave.</summary>
public sealed record AppList
{
    /// <summary>Most groups shown as folders.</summary>
    public const int MaxFolders = 200;

    /// <summary>Most labels offered as filters.</summary>
    public const int MaxLabels = 200;

    /// <summary>The apps, in order.</summary>
    public required IReadOnlyList<AppRow> Rows { get; init; }

    /// <summary>How many apps there are.</summary>
    public required int All { get; init; }

    /// <summary>Apps in each status.</summary>
    public required IReadOnlyDictionary<AppStatus, int> ByStatus { get; init; }

    /// <summary>Apps with an instance in each part of the health bar.</summary>
    public required IReadOnlyDictionary<HealthPart, int> ByHealth { get; init; }

    /// <summary>Apps with each label, <c>key:value</c>, by name.</summary>
    public required IReadOnlyList<(string Label, int Count)> ByLabel { get; init; }

    /// <summary>The groups directly in the one that is listed, each with the apps in and below it.</summary>
    public required IReadOnlyList<(string Id, int Apps)> Folders { get; init; }

    /// <summary>Makes the list.</summary>
    public static AppList Make(ServicesSnapshot services, AppListQuery query, DateTimeOffset now)
    {
        var rows = services.Apps.Select(app => AppRow.Of(app, now)).ToList();
        return new AppList
        {
            Rows = Sort(rows.Where(row => Matches(row, query)), query),
            All = rows.Count,
            Folders = FoldersOf(services, query.Group),
            ByStatus = rows.CountBy(row => row.Status).ToDictionary(),
            ByHealth = rows.SelectMany(row => row.Health.Parts.Select(part => part.Part)).CountBy(part => part).ToDictionary(),
            ByLabel = [.. rows.SelectMany(row => row.Labels).CountBy(label => Label(label)).OrderBy(label => label.Key, StringComparer.Ordinal).Take(MaxLabels).Select(label => (label.Key, label.Value))],
        };
    }

    /// <summary>A label as filters write it.</summary>
    public static string Label(KeyValuePair<string, string> label) => label.Value.Length == 0 ? label.Key : $"{label.Key}:{label.Value}";

    private static List<(string Id, int Apps)> FoldersOf(ServicesSnapshot services, string group)
    {
        var start = group.Length == 1 ? 1 : group.Length + 1;
        string? FolderOf(string path) => PathId.IsBelow(path, group) && path.IndexOf('/', start) is > 0 and var slash ? path[..slash] : null;
        var folders = new SortedDictionary<string, int>(services.Groups.Where(child => child.Id.Length > 1 && PathId.Parent(child.Id) == group).ToDictionary(child => child.Id, _ => 0), StringComparer.Ordinal);
        foreach (var folder in services.Apps.Select(app => FolderOf(app.Id)).OfType<string>())
        {
            folders[folder] = folders.GetValueOrDefault(folder) + 1;
        }

        return [.. folders.Take(MaxFolders).Select(folder => (folder.Key, folder.Value))];
    }

    private static bool Matches(AppRow row, AppListQuery query) =>
        PathId.IsBelow(row.Id, query.Group)
        && (query.Text.Length == 0 || Score(row.Id, query.Text) > 0)
        && (query.Statuses.Count == 0 || query.Statuses.Contains(row.Status))
        && (query.Healths.Count == 0 || query.Healths.Any(part => row.Health[part] > 0))
        && (query.Labels.Count == 0 || query.Labels.Any(label => row.Labels.Any(own => label == own.Key || label == Label(own))));

    private static List<AppRow> Sort(IEnumerable<AppRow> rows, AppListQuery query)
    {
        // A search without an order of its own puts the best match first.
        if (query is { Text.Length: > 0, Sort: AppSort.Name, IsDescending: false })
        {
            return [.. rows.OrderByDescending(row => Score(row.Id, query.Text)).ThenBy(row => row.Id, StringComparer.Ordinal)];
        }

        IComparable Key(AppRow row) => query.Sort switch
        {
            AppSort.Cpus => row.Cpus,
            AppSort.Mem => row.MemMiB,
            AppSort.Status => row.Status,
            AppSort.Running => row.Running,
            AppSort.Health => -row.Health.Weight,
            _ => 0,
        };
        var ordered = query.Sort == AppSort.Name
            ? query.IsDescending ? rows.OrderByDescending(row => row.Id, StringComparer.Ordinal) : rows.OrderBy(row => row.Id, StringComparer.Ordinal)
            : query.IsDescending ? rows.OrderByDescending(Key) : rows.OrderBy(Key);
        return [.. ordered.ThenBy(row => row.Id, StringComparer.Ordinal)];
    }

    /// <summary>How well a path matches what was typed: 0 not at all; more for letters that stand together and at a beginning.</summary>
    public static int Score(string id, string text)
    {
        var whole = id.IndexOf(text, StringComparison.OrdinalIgnoreCase);
        if (whole >= 0)
        {
            return 1000 - Math.Min(900, whole + id.Length - text.Length);
        }

        var at = 0;
        foreach (var letter in text)
        {
            at = id.IndexOf(letter.ToString(), at, StringComparison.OrdinalIgnoreCase) + 1;
            if (at == 0)
            {
                return 0;
            }
        }

        return Math.Max(1, 99 - id.Length);
    }
}
