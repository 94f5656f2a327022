using Microsoft.AspNetCore.Components;

namespace Orchestrator.Web.Console.Controls;

/// <summary>
/// The search field of a page. What is typed goes into the parameter <see cref="Parameter"/> of the address after a short
/// pause; the page reads it from there.
/// </summary>
public sealed partial class FilterBox
{
    private const int MaxSent = 32;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(150);

    /// <summary>What went into the address and has not come back from there yet.</summary>
    private readonly List<string> _sent = [];
    private ITimer? _timer;
    private string _typed = "";

    /// <summary>
    /// What was rendered. It stays while somebody types: the field in the browser is ahead of the circuit, and rendering
    /// what the circuit knows would eat letters.
    /// </summary>
    private string _shown = "";
    private string _known = "";
    private int _generation;

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
        var value = Value ?? "";
        if (value == _known)
        {
            return;
        }

        _known = value;
        var own = _sent.IndexOf(value);
        if (own >= 0)
        {
            _sent.RemoveRange(0, own + 1);
        }
        else if (_timer is null)
        {
            // Changed elsewhere, by Back or a link: a new field takes it over whatever the old one held.
            (_shown, _typed) = (value, value);
            _generation++;
        }
    }

    private void Typed(ChangeEventArgs change)
    {
        _typed = change.Value?.ToString() ?? "";
        _timer?.Dispose();
        _timer = Time.CreateTimer(_ => InvokeAsync(Apply), null, s_pause, Timeout.InfiniteTimeSpan);
    }

    private void Apply()
    {
        _timer?.Dispose();
        _timer = null;
        var value = _typed.Trim();
        if (_sent.Count == 0 && value == _known)
        {
            return;
        }

        if (_sent.Count >= MaxSent)
        {
            _sent.RemoveAt(0);
        }

        _sent.Add(value);
        Navigation.Set(Parameter, value);
    }
}
