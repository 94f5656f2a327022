using Microsoft.AspNetCore.Components;

namespace Orchestrator.Web.Console.Controls;

/// <summary>Parts of a page, one shown at a time; each has its own address.</summary>
public sealed partial class Tabs
{
    /// <summary>For readers of the screen.</summary>
    [Parameter]
    public string Label { get; set; } = "Parts of this page";

    /// <summary>Name of the parameter in the address.</summary>
    [Parameter]
    public string Parameter { get; set; } = "view";

    /// <summary>The value in the address; empty is the first part.</summary>
    [Parameter]
    public string? Value { get; set; }

    /// <summary>Value, text and, when it helps, a count.</summary>
    [Parameter]
    [EditorRequired]
    public IReadOnlyList<(string Value, string Text, long? Count)> Options { get; set; } = [];

    /// <summary>Where we are.</summary>
    [Inject]
    public required NavigationManager Navigation { get; init; }

    private string Href(string value) => Navigation.GetUriWithQueryParameter(Parameter, value.Length == 0 ? null : value);
}
