using Microsoft.AspNetCore.Components;

namespace Orchestrator.Web.Console.Controls;

/// <summary>
/// A time that reads as its age. The age is written by console.js in the browser, every second and at no cost to the
/// circuit; without script the time itself stands there.
/// </summary>
public sealed partial class RelativeTime
{
    /// <summary>When; null reads <c>never</c>.</summary>
    [Parameter]
    [EditorRequired]
    public DateTimeOffset? At { get; set; }
}
