using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Orchestrator.Web.Console.Feeds;

namespace Orchestrator.Web.Console.Controls;

/// <summary>
/// The last hour of some figures as lines. The history is sent once; afterwards a point a sample goes to the browser and
/// nothing is rendered.
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

    /// <summary>The samples so far.</summary>
    [Inject]
    public required ClusterHistory History { get; init; }

    /// <summary>The browser.</summary>
    [Inject]
    public required IJSRuntime Browser { get; init; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        History.Sampled -= Follow;
        if (Interlocked.Exchange(ref _module, null) is { } module)
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
        if (!firstRender)
        {
            return;
        }

        var module = await Browser.InvokeAsync<IJSObjectReference>("import", "/assets/charts.js");
        var samples = History.Samples;
        double[][] data = [[.. samples.Select(sample => sample.At)], .. Series.Select(one => samples.Select(one.Value).ToArray())];
        var series = Series.Select(one => new { label = one.Label, colour = one.Colour, filled = one.Fill.Length > 0, fill = one.Fill, dashed = one.Dashed });
        await module.InvokeVoidAsync("init", _plot, series, Unit, Floor, data, ClusterHistory.MaxSamples);
        _sent = samples.Length > 0 ? samples[^1].At : 0;
        _module = module;
        History.Sampled += Follow;
    }

    private void Follow(ClusterSample sample) => _ = InvokeAsync(() => PushAsync(sample));

    private async Task PushAsync(ClusterSample sample)
    {
        if (_module is not { } module || sample.At <= _sent)
        {
            return;
        }

        _sent = sample.At;
        try
        {
            await module.InvokeVoidAsync("push", _plot, sample.At, Series.Select(one => one.Value(sample)).ToArray());
        }
        catch (Exception error) when (error is JSDisconnectedException or TaskCanceledException)
        {
            // The page went with its browser, or does not answer: the chart is drawn anew with the next page.
        }
    }
}
