using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace Orchestrator.Web.Console.Controls;

/// <summary>
/// Actions behind three dots. The list lies above everything (a popover), so that a table's frame does not cut it off;
/// console.js puts it beside the dots and closes it when one is chosen.
/// </summary>
public sealed partial class RowMenu
{
    private static long s_menus;
    private readonly string _id = "menu-" + Interlocked.Increment(ref s_menus).ToString(CultureInfo.InvariantCulture);

    /// <summary>Of what these are the actions.</summary>
    [Parameter]
    [EditorRequired]
    public string Label { get; set; } = "";

    /// <summary>Buttons and links.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }
}
