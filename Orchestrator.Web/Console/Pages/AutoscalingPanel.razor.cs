using System.Globalization;
using Microsoft.AspNetCore.Components;
using Orchestrator.Core.Views.Services;
using Orchestrator.Web.Console.Controls;

namespace Orchestrator.Web.Console.Pages;

/// <summary>How the number of instances of an app follows its load: figures of now, the rule, and every decision with its reason.</summary>
public sealed partial class AutoscalingPanel
{
    /// <summary>The app.</summary>
    [Parameter]
    [EditorRequired]
    public AppView App { get; set; } = null!;

    private IReadOnlyList<ScalingDecisionView>? Shown { get; set; }

    /// <summary>Newest first.</summary>
    private ScalingDecisionView[] Decisions { get; set; } = [];

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        if (!ReferenceEquals(Shown, App.Autoscaling?.Decisions))
        {
            Shown = App.Autoscaling?.Decisions;
            Decisions = [.. Shown?.Reverse() ?? []];
        }
    }

    private static string Share(double? share) => share is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known * 100:0}%") : "–";

    private static string TextOf(ScalingDecisionView decision) => decision.Action switch
    {
        "ScaleUp" or "ScaleDown" => $"{decision.From} → {decision.To}",
        "AtMaximum" => "At the maximum",
        "NoFigures" => "No figures",
        _ => decision.Action,
    };

    private static Tone ToneOf(ScalingDecisionView decision) => decision.Action switch
    {
        "ScaleUp" or "ScaleDown" => Tone.Good,
        _ => Tone.Warn,
    };
}
