namespace Orchestrator.Web.Console.Layout;

/// <summary>The list of keyboard shortcuts; console.js opens it and acts on the keys.</summary>
public sealed partial class HelpDialog
{
    private static readonly Group[] s_groups =
    [
        new("Go to", [("g o", "Overview"), ("g a", "Apps"), ("g s", "Pods"), ("g d", "Deployments"), ("g t", "Tasks"), ("g n", "Agents"), ("g f", "Frameworks"), ("g r", "Roles"), ("g p", "Offers")]),
        new("Act", [("c", "Create an app"), ("e", "Edit the app of this page"), ("Ctrl Enter", "Submit a dialog"), ("Esc", "Close a dialog, leave a field")]),
        new("Look", [("/", "Search in this page"), ("s", "Search in this page"), ("t", "Switch light and dark"), ("?", "This help")]),
    ];

    private sealed record Group(string Title, (string Keys, string What)[] Rows);
}
