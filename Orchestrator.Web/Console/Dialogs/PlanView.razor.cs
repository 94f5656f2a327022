using Microsoft.AspNetCore.Components;
using Orchestrator.Web.Console.ViewModels;

namespace Orchestrator.Web.Console.Dialogs;

/// <summary>What a change would do: fields before and after, instances, steps.</summary>
public sealed partial class PlanView
{
    /// <summary>The plan.</summary>
    [Parameter]
    [EditorRequired]
    public PlanPreview Plan { get; set; } = null!;
}
