namespace Orchestrator.Web.Console.ViewModels;

/// <summary>Addresses and short names of tasks and apps.</summary>
public static class TaskLinks
{
    /// <summary>The page of a task.</summary>
    public static string Of(string frameworkId, string taskId) => $"ui/tasks/{Uri.EscapeDataString(frameworkId)}/{Uri.EscapeDataString(taskId)}";

    /// <summary>The page of an app.</summary>
    public static string App(string appId) => "ui/apps" + Uri.EscapeDataString(appId).Replace("%2F", "/", StringComparison.Ordinal);

    /// <summary>The page of a pod.</summary>
    public static string Pod(string podId) => "ui/pods" + Uri.EscapeDataString(podId).Replace("%2F", "/", StringComparison.Ordinal);

    /// <summary>Where a file of a task's sandbox is downloaded.</summary>
    public static string Download(string frameworkId, string taskId, string path) =>
        $"ui/download/{Uri.EscapeDataString(frameworkId)}/{Uri.EscapeDataString(taskId)}?path={Uri.EscapeDataString(path)}";

    /// <summary>
    /// A task id of the services engine with its UUID shortened, enough to tell neighbours apart:
    /// <c>shop_web.instance-0b4e7f3c-….._app.2</c> is <c>shop_web.0b4e7f3c.2</c>; other ids pass.
    /// </summary>
    public static string ShortName(string id)
    {
        var cut = id.IndexOf(".instance-", StringComparison.Ordinal);
        if (cut < 0)
        {
            return id;
        }

        var rest = id[(cut + ".instance-".Length)..];
        var uuid = rest.Split('-', '.')[0];
        var incarnation = rest[(rest.LastIndexOf('.') + 1)..];
        return $"{id[..cut]}.{uuid}{(rest.Contains('.', StringComparison.Ordinal) && incarnation != "1" && incarnation.All(char.IsAsciiDigit) ? "." + incarnation : "")}";
    }
}
