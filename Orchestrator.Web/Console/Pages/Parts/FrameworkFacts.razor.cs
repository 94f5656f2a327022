using Microsoft.AspNetCore.Components;
using Orchestrator.Core.Views;

namespace Orchestrator.Web.Console.Pages.Parts;

/// <summary>What a framework subscribed with.</summary>
public sealed partial class FrameworkFacts
{
    /// <summary>The framework.</summary>
    [Parameter]
    [EditorRequired]
    public FrameworkView Framework { get; set; } = null!;

    private static string Or(string text) => text.Length > 0 ? text : "none";
}
