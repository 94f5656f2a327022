using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Orchestrator.Web.Console.Feeds;

namespace Orchestrator.Web.Console.Controls;

/// <summary>
/// The last hour of some figures as lines. The history is sent once; afterwards a point a sample goes to the browser and
/// nothing is rendered again.
/// </summary>
public sealed partial class TimeChart : IAsyncDisposable
{
    private ElementReference _plot;
    private IJSObjectReference? _module;
    private double _sent;

    /// <summary>For readers of the screen.</summary>
    [Parameter]
    [EditorRequired]
    public string Label { get; set; } = "";

    /// <summary>The lines.</summary>
    [Parameter]
    [EditorRequired]
    public IReadOnlyList<ChartSeries> Series { get; set; } = [];

    /// <summary><c>MiB</c> or empty.</summary>
    [Parameter]
    public string Unit { get; set; } = "";

    /// <summary>The scale reaches at least up to here.</summary>
    [Parameter]
    public double Floor { get; set; } = 1;

    /// <summary>The newest sample; a new one is appended to the lines.</summary>
    [Parameter]
    public ClusterSample? Newest { get; set; }

    /// <summary>The samples so far.</summary>
    [Inject]
    public required ClusterHistory History { get; init; }

    /// <summary>The browser.</summary>
    [Inject]
    public required IJSRuntime Browser { get; init; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_module is { } module)
        {
            try
            {
                await module.InvokeVoidAsync("dispose", _plot);
                await module.DisposeAsync();
            }
            catch (JSDisconnectedException)
            {
                // The page went with its browser.
            }
        }
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            var module = await Browser.InvokeAsync<IJSObjectReference>("import", "/assets/charts.js");
            var samples = History.Samples;
            double[][] data = [[.. samples.Select(sample => sample.At)], .. Series.Select(one => samples.Select(one.Value).ToArray())];
            var series = Series.Select(one => new { label = one.Label, colour = one.Colour, filled = one.Fill.Length > 0, fill = one.Fill, dashed = one.Dashed });
            await module.InvokeVoidAsync("init", _plot, series, Unit, Floor, data, ClusterHistory.MaxSamples);
            _sent = samples.Length > 0 ? samples[^1].At : 0;
            _module = module;
        }
        else if (_module is not null && Newest is { } sample && sample.At > _sent)
        {
            _sent = sample.At;
            await _module.InvokeVoidAsync("push", _plot, sample.At, Series.Select(one => one.Value(sample)).ToArray());
        }
    }
}
