using Microsoft.AspNetCore.Components;

namespace Orchestrator.Web.Console.Controls;

/// <summary>One name with its value.</summary>
public sealed partial class Fact
{
    /// <summary>What it is.</summary>
    [Parameter]
    [EditorRequired]
    public string Name { get; set; } = "";

    /// <summary>The value.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }
}
