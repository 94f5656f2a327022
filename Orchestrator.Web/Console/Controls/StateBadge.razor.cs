using Microsoft.AspNetCore.Components;

namespace Orchestrator.Web.Console.Controls;

/// <summary>A state as a word with its colour.</summary>
public sealed partial class StateBadge
{
    /// <summary>The state: <c>TASK_RUNNING</c>, <c>TaskRunning</c>, <c>Running</c>, <c>Deploying</c>, …</summary>
    [Parameter]
    [EditorRequired]
    public string State { get; set; } = "";

    /// <summary>The colour, when the state's own does not fit.</summary>
    [Parameter]
    public Tone? Tone { get; set; }

    /// <summary>The word, when the state's own does not fit.</summary>
    [Parameter]
    public string? Text { get; set; }

    /// <summary>A longer explanation.</summary>
    [Parameter]
    public string? Title { get; set; }
}
