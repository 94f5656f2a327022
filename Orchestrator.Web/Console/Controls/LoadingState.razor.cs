using Microsoft.AspNetCore.Components;

namespace Orchestrator.Web.Console.Controls;

/// <summary>Grey rows where data will be.</summary>
public sealed partial class LoadingState
{
    /// <summary>How many.</summary>
    [Parameter]
    public int Rows { get; set; } = 6;
}
