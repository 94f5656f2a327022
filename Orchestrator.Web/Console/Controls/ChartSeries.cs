using Orchestrator.Web.Console.Feeds;

namespace Orchestrator.Web.Console.Controls;

/// <summary>One line of a <see cref="TimeChart"/>.</summary>
/// <param name="Label">What it shows.</param>
/// <param name="Value">Picks the figure.</param>
/// <param name="Colour">Name of a token, for example <c>--accent</c>.</param>
/// <param name="Fill">Token of the area below it; empty for none.</param>
/// <param name="Dashed">A thin dashed line, for limits.</param>
public sealed record ChartSeries(string Label, Func<ClusterSample, double> Value, string Colour, string Fill = "", bool Dashed = false);
