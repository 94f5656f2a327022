using Microsoft.AspNetCore.Components;
using Orchestrator.Web.Console.ViewModels.Apps;

namespace Orchestrator.Web.Console.Controls;

/// <summary>The health bar of an app, with its numbers when there is room.</summary>
public sealed partial class AppHealth
{
    /// <summary>The numbers.</summary>
    [Parameter]
    [EditorRequired]
    public HealthCounts Counts { get; set; } = null!;

    /// <summary>Whether a deployment changes it.</summary>
    [Parameter]
    public bool Moving { get; set; }

    /// <summary>Whether the numbers stand beside it.</summary>
    [Parameter]
    public bool WithText { get; set; }
}
