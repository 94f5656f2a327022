using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace Orchestrator.Web.Console.Pages.Parts;

/// <summary>One resource: how much is allocated of the total, with bar, use and rest.</summary>
public sealed partial class ResourceTile
{
    /// <summary>The numbers.</summary>
    [Parameter]
    [EditorRequired]
    public ResourceFigure Figure { get; set; } = null!;

    private string Share => Figure.Total > 0 ? (Figure.Allocated / Figure.Total).ToString("P0", CultureInfo.InvariantCulture).Replace(" ", "", StringComparison.Ordinal) : "none";
}
