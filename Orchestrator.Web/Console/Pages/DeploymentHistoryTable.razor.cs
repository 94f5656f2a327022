using System.Globalization;
using Microsoft.AspNetCore.Components;
using Orchestrator.Core.Views.Services;
using Orchestrator.Web.Console.Controls;

namespace Orchestrator.Web.Console.Pages;

/// <summary>Deployments that ended, newest first, with what became of them.</summary>
public sealed partial class DeploymentHistoryTable
{
    /// <summary>The deployments.</summary>
    [Parameter]
    [EditorRequired]
    public IReadOnlyList<DeploymentOutcomeView> Outcomes { get; set; } = [];

    private ICollection<DeploymentOutcomeView> Rows => Outcomes as ICollection<DeploymentOutcomeView> ?? [.. Outcomes];

    private static Tone ToneOf(string outcome) => outcome switch
    {
        "succeeded" => Tone.Good,
        "failed" => Tone.Bad,
        "rolledBack" => Tone.Warn,
        _ => Tone.Neutral,
    };

    private static string Words(DeploymentOutcomeView outcome) => outcome.Outcome switch
    {
        "succeeded" => outcome.RollbackOf is null ? "Succeeded" : "Took back",
        "failed" => "Failed",
        "rolledBack" => "Rolled back",
        "cancelled" => "Stopped",
        "superseded" => "Replaced",
        _ => outcome.Outcome,
    };

    private static string Took(DateTimeOffset from, DateTimeOffset to)
    {
        var time = to - from;
        return time.TotalSeconds < 120
            ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s")
            : time.TotalMinutes < 120
                ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0.#} min")
                : string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.#} h");
    }

    /// <summary>One line for each step: what it did, and how long that took.</summary>
    private static string StepTimes(DeploymentOutcomeView outcome) => string.Join('\n', outcome.Steps.Select((step, index) =>
    {
        var times = index < outcome.Times.Count ? outcome.Times[index] : new DeploymentStepTimes(null, null);
        var took = times.Began is { } began ? Took(began, times.Ended ?? outcome.EndedAt) : "not begun";
        return string.Create(CultureInfo.InvariantCulture, $"step {index + 1}: {string.Join(", ", step.Take(3).Select(action => $"{action.Action} {action.App}"))}{(step.Count > 3 ? " …" : "")}: {took}");
    }));
}
