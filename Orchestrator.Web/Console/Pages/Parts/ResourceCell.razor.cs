using Microsoft.AspNetCore.Components;
using Orchestrator.Core.Views;

namespace Orchestrator.Web.Console.Pages.Parts;

/// <summary>One resource of an agent in a table; empty for an agent that is away.</summary>
public sealed partial class ResourceCell
{
    /// <summary>Which resource.</summary>
    [Parameter]
    [EditorRequired]
    public string Name { get; set; } = "";

    /// <summary>The agent.</summary>
    [Parameter]
    [EditorRequired]
    public AgentView? Agent { get; set; }

    private double Total => Agent!.Total.Scalar(Name).ToDouble();

    private double Allocated => Agent!.Used.Scalar(Name).ToDouble();

    private double? Used => Name switch
    {
        "cpus" => Agent!.Usage?.Cpus,
        "mem" => Agent!.Usage?.MemMiB,
        "disk" => Agent!.Usage?.DiskMiB,
        _ => null,
    };
}
