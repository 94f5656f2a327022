using Microsoft.AspNetCore.Components;

namespace Orchestrator.Web.Console.Controls;

/// <summary>One of a few, kept in the address: states to filter by, views of a page.</summary>
public sealed partial class Choices
{
    /// <summary>What is chosen, for readers of the screen.</summary>
    [Parameter]
    [EditorRequired]
    public string Label { get; set; } = "";

    /// <summary>Name of the parameter in the address.</summary>
    [Parameter]
    [EditorRequired]
    public string Parameter { get; set; } = "";

    /// <summary>The value in the address; empty is the first choice.</summary>
    [Parameter]
    public string? Value { get; set; }

    /// <summary>Value, text and, when it helps, a count.</summary>
    [Parameter]
    [EditorRequired]
    public IReadOnlyList<(string Value, string Text, long? Count)> Options { get; set; } = [];

    /// <summary>Where the address is changed.</summary>
    [Inject]
    public required NavigationManager Navigation { get; init; }

    private void Choose(string value) => Navigation.Set(Parameter, value);
}
