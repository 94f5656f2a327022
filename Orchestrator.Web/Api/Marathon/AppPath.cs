namespace Orchestrator.Web.Api.Marathon;

/// <summary>
/// What stands behind <c>/v2/apps</c>: an id of any number of segments and what of the app is meant, for example
/// <c>//shop/web/tasks/shop_web.instance-1._app.1</c>. Empty segments do not count.
/// </summary>
/// <param name="Kind">What is meant.</param>
/// <param name="Id">Absolute id of the app or group, for example <c>/shop/web</c>.</param>
/// <param name="Item">Task id or version; null where there is none.</param>
public sealed record AppPath(AppPathKind Kind, string Id, string? Item = null)
{
    /// <summary>Reads a path; slashes may be written as <c>%2F</c>.</summary>
    public static AppPath Parse(string path)
    {
        var parts = path.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase).Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts switch
        {
            [] => new AppPath(AppPathKind.All, "/"),
            [.. var id, "*"] => new AppPath(AppPathKind.Group, Join(id)),
            [.. var id, "*", "tasks"] => new AppPath(AppPathKind.GroupTasks, Join(id)),
            [_, .., "restart"] => new AppPath(AppPathKind.Restart, Join(parts.AsSpan(..^1))),
            [_, .., "tasks"] => new AppPath(AppPathKind.Tasks, Join(parts.AsSpan(..^1))),
            [_, .., "explain"] => new AppPath(AppPathKind.Explain, Join(parts.AsSpan(..^1))),
            [_, .., "autoscaling"] => new AppPath(AppPathKind.Autoscaling, Join(parts.AsSpan(..^1))),
            [_, .., "versions"] => new AppPath(AppPathKind.Versions, Join(parts.AsSpan(..^1))),
            [_, .., "tasks", var task] => new AppPath(AppPathKind.Task, Join(parts.AsSpan(..^2)), task),
            [_, .., "versions", var version] => new AppPath(AppPathKind.Version, Join(parts.AsSpan(..^2)), version),
            _ => new AppPath(AppPathKind.App, Join(parts)),
        };
    }

    private static string Join(ReadOnlySpan<string> parts) => "/" + string.Join('/', parts!);
}
