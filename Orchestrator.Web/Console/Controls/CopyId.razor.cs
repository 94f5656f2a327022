using Microsoft.AspNetCore.Components;

namespace Orchestrator.Web.Console.Controls;

/// <summary>An id, shortened to its tail, with a button that copies all of it.</summary>
public sealed partial class CopyId
{
    /// <summary>The whole id.</summary>
    [Parameter]
    [EditorRequired]
    public string Value { get; set; } = "";

    /// <summary>Shows all of it.</summary>
    [Parameter]
    public bool Full { get; set; }
}
