using Microsoft.AspNetCore.Components;

namespace Orchestrator.Web.Console.Controls;

/// <summary>Names and values below each other: a list of <see cref="Fact"/>.</summary>
public sealed partial class Facts
{
    /// <summary>The facts.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }
}
