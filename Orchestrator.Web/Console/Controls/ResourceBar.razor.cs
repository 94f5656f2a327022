using Microsoft.AspNetCore.Components;

namespace Orchestrator.Web.Console.Controls;

/// <summary>One resource as a bar: allocated and offered of the total, and, as a thin line below, what is really used.</summary>
public sealed partial class ResourceBar
{
    /// <summary>Its name: <c>cpus</c>, <c>mem</c>, <c>disk</c>, <c>gpus</c>, <c>ports</c>.</summary>
    [Parameter]
    [EditorRequired]
    public string Name { get; set; } = "";

    /// <summary>All there is.</summary>
    [Parameter]
    public double Total { get; set; }

    /// <summary>What tasks hold.</summary>
    [Parameter]
    public double Allocated { get; set; }

    /// <summary>What is in offers.</summary>
    [Parameter]
    public double Offered { get; set; }

    /// <summary>What is measured; null when nothing measures it.</summary>
    [Parameter]
    public double? Used { get; set; }

    private string Label =>
        $"{Figures.Of(Name, Allocated)} of {Figures.Of(Name, Total)} {Name} allocated"
        + (Offered > 0 ? $", {Figures.Of(Name, Offered)} offered" : "")
        + (Used is { } used ? $", {Figures.Of(Name, used)} used" : "");
}
