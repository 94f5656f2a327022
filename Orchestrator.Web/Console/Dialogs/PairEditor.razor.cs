using Microsoft.AspNetCore.Components;
using Orchestrator.Web.Console.ViewModels.Forms;

namespace Orchestrator.Web.Console.Dialogs;

/// <summary>Rows of names with values.</summary>
public sealed partial class PairEditor
{
    /// <summary>The rows; changed in place.</summary>
    [Parameter]
    [EditorRequired]
    public List<PairRow> Items { get; set; } = [];

    /// <summary>What one row is, for example <c>label</c>.</summary>
    [Parameter]
    [EditorRequired]
    public string Noun { get; set; } = "";

    /// <summary>The path of all rows in the definition.</summary>
    [Parameter]
    [EditorRequired]
    public string Path { get; set; } = "";

    /// <summary>An example of a name.</summary>
    [Parameter]
    public string KeyPlaceholder { get; set; } = "name";

    /// <summary>Something was changed.</summary>
    [Parameter]
    public EventCallback OnChange { get; set; }

    /// <summary>What is wrong with the definition.</summary>
    [CascadingParameter]
    public FormProblems? All { get; set; }

    private bool Bad(PairRow row) => All is { } all && row.Key.Length > 0 && all.At($"{Path}/{row.Key}").Count > 0;
}
