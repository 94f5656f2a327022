using System.Globalization;
using Orchestrator.Core.Views;

namespace Orchestrator.Web.Api.Operator;

/// <summary>What a reader of <c>/tasks</c> asks for, for example <c>?limit=10&amp;offset=20&amp;order=asc&amp;framework_id=…</c>.</summary>
public sealed record TaskListQuery
{
    /// <summary>Tasks given without a limit.</summary>
    public const int DefaultLimit = 100;

    /// <summary>Most tasks given; a negative limit means all.</summary>
    public required int Limit { get; init; }

    /// <summary>How many of the sorted list to pass over.</summary>
    public required int Offset { get; init; }

    /// <summary>Oldest first; by default newest first.</summary>
    public required bool Ascending { get; init; }

    /// <summary>Only of this framework.</summary>
    public string? FrameworkId { get; init; }

    /// <summary>Only of this id.</summary>
    public string? TaskId { get; init; }

    /// <summary>Reads the query; on a malformed one the text says which parameter.</summary>
    public static TaskListQuery? Parse(IQueryCollection query, out string error)
    {
        error = "";
        if (!TryNumber(query, "limit", DefaultLimit, out var limit) || !TryNumber(query, "offset", 0, out var offset))
        {
            error = $"Failed to parse '{(TryNumber(query, "limit", 0, out _) ? "offset" : "limit")}': expecting a whole number";
            return null;
        }

        return new TaskListQuery
        {
            Limit = limit < 0 ? int.MaxValue : limit,
            Offset = Math.Max(0, offset),
            Ascending = query["order"] == "asc",
            FrameworkId = query.TryGetValue("framework_id", out var framework) ? framework.ToString() : null,
            TaskId = query.TryGetValue("task_id", out var task) ? task.ToString() : null,
        };
    }

    /// <summary>Whether a task is asked for.</summary>
    public bool Matches(TaskView task) =>
        (FrameworkId is null || FrameworkId == task.Key.FrameworkId.Value) && (TaskId is null || TaskId == task.Key.TaskId.Value);

    private static bool TryNumber(IQueryCollection query, string name, int otherwise, out int number)
    {
        number = otherwise;
        return !query.TryGetValue(name, out var text) || int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }
}
