using Orchestrator.Core.Primitives;

namespace Orchestrator.Web.Console.Controls;

/// <summary>Addresses of the console's pages, relative to its base.</summary>
public static class Links
{
    /// <summary>The page of an app.</summary>
    /// <param name="appId">Its path, for example <c>/shop/web</c>.</param>
    public static string App(string appId) => "ui/apps" + appId;

    /// <summary>The page of a task.</summary>
    public static string Task(TaskKey key) => $"ui/tasks/{Uri.EscapeDataString(key.FrameworkId.Value)}/{Uri.EscapeDataString(key.TaskId.Value)}";

    /// <summary>The page of an agent.</summary>
    public static string Agent(string id) => $"ui/agents/{Uri.EscapeDataString(id)}";

    /// <summary>The page of a framework.</summary>
    public static string Framework(string id) => $"ui/frameworks/{Uri.EscapeDataString(id)}";
}
