using Microsoft.AspNetCore.Components;
using Orchestrator.Web.Console.ViewModels.Forms;

namespace Orchestrator.Web.Console.Dialogs;

/// <summary>One text of a form with what is wrong with it. What is typed is told letter by letter.</summary>
public sealed partial class FormField
{
    /// <summary>Its name.</summary>
    [Parameter]
    [EditorRequired]
    public string Label { get; set; } = "";

    /// <summary>The path of the field in the definition, by which problems find it.</summary>
    [Parameter]
    [EditorRequired]
    public string Path { get; set; } = "";

    /// <summary>The text.</summary>
    [Parameter]
    [EditorRequired]
    public string Value { get; set; } = "";

    /// <summary>It was changed.</summary>
    [Parameter]
    public EventCallback<string> ValueChanged { get; set; }

    /// <summary>What stands there when it is empty: the default, or an example.</summary>
    [Parameter]
    public string Placeholder { get; set; } = "";

    /// <summary>Small print.</summary>
    [Parameter]
    public string Hint { get; set; } = "";

    /// <summary>Whether phones show digits.</summary>
    [Parameter]
    public bool IsNumber { get; set; }

    /// <summary>Whether it has the focus when the dialog opens.</summary>
    [Parameter]
    public bool IsFirst { get; set; }

    /// <summary>Whether problems of anything below the path are shown here as well.</summary>
    [Parameter]
    public bool IsList { get; set; }

    /// <summary>Whether it is only shown.</summary>
    [Parameter]
    public bool IsReadOnly { get; set; }

    /// <summary>Lines; more than one for a larger field.</summary>
    [Parameter]
    public int Rows { get; set; } = 1;

    /// <summary>Further classes.</summary>
    [Parameter]
    public string Class { get; set; } = "";

    /// <summary>What is wrong with the definition.</summary>
    [CascadingParameter]
    public FormProblems? All { get; set; }

    private IReadOnlyList<string> Problems => All is null ? [] : IsList ? All.Below(Path) : All.At(Path);

    private Task SetAsync(string? text) => ValueChanged.InvokeAsync(text ?? "");
}
