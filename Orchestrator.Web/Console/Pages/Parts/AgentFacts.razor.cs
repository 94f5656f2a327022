using Microsoft.AspNetCore.Components;
using Orchestrator.Web.Console.ViewModels.Cluster;

namespace Orchestrator.Web.Console.Pages.Parts;

/// <summary>What an agent registered with.</summary>
public sealed partial class AgentFacts
{
    /// <summary>The agent.</summary>
    [Parameter]
    [EditorRequired]
    public AgentRow Row { get; set; } = null!;
}
