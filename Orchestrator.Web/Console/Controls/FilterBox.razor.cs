using Microsoft.AspNetCore.Components;

namespace Orchestrator.Web.Console.Controls;

/// <summary>
/// The search field of a page. What is typed goes into the parameter <see cref="Parameter"/> of the address after a short
/// pause; the page reads it from there.
/// </summary>
public sealed partial class FilterBox
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(150);
    private ITimer? _timer;
    private string _text = "";
    private string? _known;

    /// <summary>The value in the address.</summary>
    [Parameter]
    [EditorRequired]
    public string? Value { get; set; }

    /// <summary>Name of the parameter.</summary>
    [Parameter]
    public string Parameter { get; set; } = "q";

    /// <summary>What can be searched for.</summary>
    [Parameter]
    public string Placeholder { get; set; } = "Filter";

    /// <summary>Where the address is changed.</summary>
    [Inject]
    public required NavigationManager Navigation { get; init; }

    /// <summary>The clock of the pause.</summary>
    [Inject]
    public required TimeProvider Time { get; init; }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        // While somebody types the field is ahead of the address; only a change from elsewhere (Back, a link) is taken over.
        if (_timer is null && Value != _known)
        {
            _text = Value ?? "";
        }

        _known = Value;
    }

    private void Typed(ChangeEventArgs change)
    {
        _text = change.Value?.ToString() ?? "";
        _timer?.Dispose();
        _timer = Time.CreateTimer(_ => InvokeAsync(Apply), null, s_pause, Timeout.InfiniteTimeSpan);
    }

    private void Apply()
    {
        _timer?.Dispose();
        _timer = null;
        Navigation.Set(Parameter, _text.Trim());
    }
}
