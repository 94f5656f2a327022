using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace Orchestrator.Web.Console.Layout;

/// <summary>The HTML document around every page. Pages that must work without a circuit (sign-in) get no script of Blazor.</summary>
public sealed partial class ConsoleDocument
{
    /// <summary>The request.</summary>
    [CascadingParameter]
    public required HttpContext Context { get; init; }

    /// <summary>The clock.</summary>
    [Inject]
    public required TimeProvider Time { get; init; }

    private IComponentRenderMode? Mode => Context.AcceptsInteractiveRouting() ? Microsoft.AspNetCore.Components.Web.RenderMode.InteractiveServer : null;

    /// <summary>Browsers' clocks differ: relative times count from the host's, in milliseconds.</summary>
    private string ServerTime => Time.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
}
