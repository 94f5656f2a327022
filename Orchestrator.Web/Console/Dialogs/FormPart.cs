using Microsoft.AspNetCore.Components;
using Orchestrator.Web.Console.ViewModels.Forms;

namespace Orchestrator.Web.Console.Dialogs;

/// <summary>A section of the dialog: shows a part of the form and tells when it was changed.</summary>
public abstract class FormPart : ComponentBase
{
    /// <summary>The form; changed in place.</summary>
    [Parameter]
    [EditorRequired]
    public AppForm Form { get; set; } = null!;

    /// <summary>Something was changed.</summary>
    [Parameter]
    [EditorRequired]
    public EventCallback OnChange { get; set; }

    /// <summary>What is wrong with the definition.</summary>
    [CascadingParameter]
    public FormProblems? Problems { get; set; }

    /// <summary>Changes something and tells it.</summary>
    protected Task ChangeAsync(Action change)
    {
        change();
        return OnChange.InvokeAsync();
    }

    /// <summary>A handler that puts what was typed.</summary>
    protected EventCallback<string> Put(Action<string> change) => EventCallback.Factory.Create<string>(this, text => ChangeAsync(() => change(text)));

    /// <summary>Whether something is wrong with exactly this field.</summary>
    protected string Invalid(string path) => Problems?.At(path).Count > 0 ? "invalid" : "";
}
