using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Orchestrator.Web.Console.Controls;
using Orchestrator.Web.Console.Feeds;
using Orchestrator.Web.Console.ViewModels.Logs;

namespace Orchestrator.Web.Console.Pages;

/// <summary>
/// The output of a task, followed. Lines go to the browser as they come and are kept there only, the newest 5,000 of them
/// (tasklog.js); this side holds one chunk at a time and reads the next when the browser has taken the last.
/// </summary>
public sealed partial class LogView : IAsyncDisposable
{
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(2);
    private static readonly (string Value, string Text, long? Count)[] s_files = [("", "stdout", null), ("stderr", "stderr", null)];

    private ElementReference _root;
    private IJSObjectReference? _module;
    private CancellationTokenSource? _following;
    private (SandboxRef Sandbox, string File)? _shown;
    private (string Title, string Text)? _problem;
    private long _first;
    private long _end;
    private long _length;
    private bool _isPaused;
    private bool _isEmpty;
    private bool _reading;
    private bool _wraps = true;

    /// <summary>Whose output.</summary>
    [Parameter]
    [EditorRequired]
    public SandboxRef Sandbox { get; set; } = null!;

    /// <summary>Whether the task has ended.</summary>
    [Parameter]
    public bool IsEnded { get; set; }

    /// <summary>Where a file is downloaded.</summary>
    [Parameter]
    [EditorRequired]
    public Func<string, string> DownloadUri { get; set; } = null!;

    /// <summary>Which file; stdout when not said.</summary>
    [Parameter]
    public string? ChosenFile { get; set; }

    /// <summary>What is searched for when the page opens.</summary>
    [Parameter]
    public string? Find { get; set; }

    /// <summary>Reads sandboxes.</summary>
    [Inject]
    public required ITaskLogs Logs { get; init; }

    /// <summary>The browser.</summary>
    [Inject]
    public required IJSRuntime Browser { get; init; }

    /// <summary>Where choices are kept.</summary>
    [Inject]
    public required NavigationManager Navigation { get; init; }

    /// <summary>The clock of retries.</summary>
    [Inject]
    public required TimeProvider Time { get; init; }

    private string FileName => string.IsNullOrEmpty(ChosenFile) ? "stdout" : ChosenFile;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Stop();
        if (_module is { } module)
        {
            try
            {
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
            _module = await Browser.InvokeAsync<IJSObjectReference>("import", "/assets/tasklog.js");
            await _module.InvokeVoidAsync("init", _root);
        }

        if (_module is not null && _shown != (Sandbox, FileName))
        {
            _shown = (Sandbox, FileName);
            _isPaused = false;
            Start(-SandboxLimits.TailBytes, clear: true);
        }
    }

    private void Start(long from, bool clear)
    {
        Stop();
        _following = new CancellationTokenSource();
        _ = FollowAsync(from, clear, _following.Token);
    }

    private void Stop()
    {
        _following?.Cancel();
        _following?.Dispose();
        _following = null;
    }

    /// <summary>Follows until it is cancelled; what cannot be read is tried again, from where it was.</summary>
    private async Task FollowAsync(long from, bool clear, CancellationToken cancellationToken)
    {
        var lines = new LogLines();
        try
        {
            while (true)
            {
                try
                {
                    await foreach (var chunk in Logs.FollowAsync(Sandbox, FileName, from, cancellationToken))
                    {
                        await ShowAsync(lines, chunk, isFirst: from < 0, clear, cancellationToken);
                        (from, clear) = (chunk.End, false);
                    }
                }
                catch (SandboxException error)
                {
                    _problem = Explain(error);
                    await InvokeAsync(StateHasChanged);
                    await Task.Delay(s_retry, Time, cancellationToken);
                }
            }
        }
        catch (Exception error) when (error is OperationCanceledException or JSDisconnectedException or ObjectDisposedException)
        {
            // Paused, or the page was left.
        }
    }

    private async Task ShowAsync(LogLines lines, LogChunk chunk, bool isFirst, bool clear, CancellationToken cancellationToken)
    {
        var skipped = isFirst || chunk.IsRestart ? 0 : chunk.Offset - _end;
        var marker = chunk.IsRestart ? "the file was begun anew" : skipped > 0 ? $"{Figures.Bytes(skipped)} left out" : "";
        if (isFirst)
        {
            _first = chunk.Offset;
        }

        if (marker.Length > 0)
        {
            lines.Reset();
        }

        var bytes = chunk.Bytes;
        if ((isFirst || skipped > 0) && chunk.Offset > 0)
        {
            // A read in the middle begins inside some line, perhaps inside a character: the rest of that line is left out.
            var end = bytes.Span.IndexOf((byte)'\n');
            bytes = end < 0 ? bytes : bytes[(end + 1)..];
            _first = isFirst ? chunk.End - bytes.Length : _first;
        }

        var ended = lines.Add(bytes.Span);
        (_end, _length) = (chunk.End, chunk.FileLength);
        (_problem, _isEmpty) = (null, chunk.FileLength == 0);
        await _module!.InvokeVoidAsync("append", cancellationToken, _root, ended, lines.Open, marker, clear);
        await InvokeAsync(StateHasChanged);
    }

    private (string Title, string Text) Explain(SandboxException error) => error.Failure switch
    {
        SandboxFailure.AgentAway => ("The agent is away", error.Message),
        SandboxFailure.NotFound when !IsEnded => ("No output yet", "It appears here as soon as the task has begun."),
        SandboxFailure.NotFound => ("The output is gone", error.Message),
        SandboxFailure.Refused => ("The agent refuses", error.Message),
        _ => ("The output cannot be read", error.Message),
    };

    private void TogglePause()
    {
        _isPaused = !_isPaused;
        if (_isPaused)
        {
            Stop();
        }
        else
        {
            // Everything anew from the end: what was read further up may not join what comes.
            Start(-SandboxLimits.TailBytes, clear: true);
        }
    }

    private async Task EarlierAsync()
    {
        _isPaused = true;
        _reading = true;
        Stop();
        try
        {
            var offset = Math.Max(0, _first - SandboxLimits.MaxReadBytes);
            var chunk = await Logs.ReadAsync(Sandbox, FileName, offset, CancellationToken.None);
            var bytes = chunk.Bytes[..(int)Math.Min(chunk.Bytes.Length, _first - offset)];
            var start = offset == 0 ? 0 : bytes.Span.IndexOf((byte)'\n') + 1;
            var lines = new LogLines();
            var earlier = lines.Add(bytes.Span[start..]).ToList();
            if (lines.Open.Length > 0)
            {
                earlier.Add(lines.Open);
            }

            await _module!.InvokeVoidAsync("prepend", _root, earlier);
            _first = start > 0 || offset == 0 ? offset + start : offset;
        }
        catch (SandboxException error)
        {
            _problem = Explain(error);
        }
        finally
        {
            _reading = false;
        }
    }

    private void KeepSearch(ChangeEventArgs change) => Navigation.Set("find", change.Value as string);
}
