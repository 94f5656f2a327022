using Microsoft.AspNetCore.Components;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Views;

namespace Orchestrator.Web.Console.Pages.Parts;

/// <summary>Outstanding offers, of one framework or of all.</summary>
public sealed partial class OfferTable
{
    private static readonly string[] s_columns = ["cpus", "mem", "disk", "gpus"];

    /// <summary>The offers.</summary>
    [Parameter]
    [EditorRequired]
    public OfferView[] Offers { get; set; } = [];

    /// <summary>Names hosts.</summary>
    [Parameter]
    [EditorRequired]
    public Func<AgentId, string> Hosts { get; set; } = null!;

    /// <summary>Names frameworks; null leaves their column out.</summary>
    [Parameter]
    public Func<FrameworkId, string>? Frameworks { get; set; }

    /// <summary>The order in the address.</summary>
    [Parameter]
    public string? Sort { get; set; }

    private static string TitleOf(string name) => name switch { "cpus" => "CPU", "mem" => "Memory", "disk" => "Disk", _ => "GPU" };
}
