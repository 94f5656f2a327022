using Microsoft.AspNetCore.Components;

namespace Orchestrator.Web.Console.Pages;

/// <summary>Every address below <c>/ui</c> that is no page.</summary>
public sealed partial class NotFound
{
    /// <summary>The rest of the address.</summary>
    [Parameter]
    public string? Rest { get; set; }

    /// <summary>The request; null once the circuit stands.</summary>
    [CascadingParameter]
    public HttpContext? Context { get; set; }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        if (Context is { Response.HasStarted: false } context)
        {
            // Blazor answers with an empty page when the status says 404 while it renders: it is set with the first byte.
            context.Response.OnStarting(() =>
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            });
        }
    }
}
