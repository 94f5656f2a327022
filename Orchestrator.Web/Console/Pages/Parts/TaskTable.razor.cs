using Microsoft.AspNetCore.Components;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Views;

namespace Orchestrator.Web.Console.Pages.Parts;

/// <summary>The tasks of an agent or a framework.</summary>
public sealed partial class TaskTable
{
    /// <summary>The tasks in their order.</summary>
    [Parameter]
    [EditorRequired]
    public TaskView[] Tasks { get; set; } = [];

    /// <summary>The order in the address.</summary>
    [Parameter]
    public string? Sort { get; set; }

    /// <summary>Names frameworks; null leaves their column out.</summary>
    [Parameter]
    public Func<FrameworkId, string>? Frameworks { get; set; }

    /// <summary>Names hosts; null leaves their column out.</summary>
    [Parameter]
    public Func<AgentId, string>? Hosts { get; set; }

    /// <summary>What stands there without tasks.</summary>
    [Parameter]
    public RenderFragment? Empty { get; set; }
}
