using System.Text;
using Microsoft.AspNetCore.Components;
using Orchestrator.Web.Console.Feeds;

namespace Orchestrator.Web.Console.Pages;

/// <summary>The files of a sandbox: folders, texts a page at a time, downloads.</summary>
public sealed partial class FilesView : IDisposable
{
    private readonly CancellationTokenSource _left = new();
    private ICollection<SandboxEntry>? _entries;
    private LogChunk? _page;
    private string _text = "";
    private string? _problem;
    private (SandboxRef, string?, string?) _shown;

    /// <summary>Whose files.</summary>
    [Parameter]
    [EditorRequired]
    public SandboxRef Sandbox { get; set; } = null!;

    /// <summary>Where a file is downloaded.</summary>
    [Parameter]
    [EditorRequired]
    public Func<string, string> DownloadUri { get; set; } = null!;

    /// <summary>The folder.</summary>
    [Parameter]
    public string? Folder { get; set; }

    /// <summary>The file that is read.</summary>
    [Parameter]
    public string? OpenFile { get; set; }

    /// <summary>Reads sandboxes.</summary>
    [Inject]
    public required ITaskLogs Logs { get; init; }

    /// <summary>Where choices are kept.</summary>
    [Inject]
    public required NavigationManager Navigation { get; init; }

    private IEnumerable<(string Name, string Path)> Crumbs
    {
        get
        {
            var names = (Folder ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
            return names.Select((name, i) => (name, string.Join('/', names[..(i + 1)])));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_shown != (Sandbox, Folder, OpenFile))
        {
            _shown = (Sandbox, Folder, OpenFile);
            (_entries, _page) = (null, null);
            await LoadAsync();
        }
    }

    private string Uri(string name, string? value) => Navigation.GetUriWithQueryParameters(new Dictionary<string, object?>
    {
        ["path"] = name == "path" ? value : Folder,
        ["open"] = name == "open" ? value : null,
    });

    private Task LoadAsync() => OpenFile is { Length: > 0 } ? PageAsync(0) : TryAsync(async token =>
        _entries = [.. await Logs.BrowseAsync(Sandbox, Folder ?? "", token)]);

    private Task PageAsync(long offset) => TryAsync(async token =>
    {
        _page = await Logs.ReadAsync(Sandbox, OpenFile!, Math.Max(0, offset), token);
        _text = Encoding.UTF8.GetString(_page.Bytes.Span);
    });

    private async Task TryAsync(Func<CancellationToken, Task> read)
    {
        _problem = null;
        try
        {
            await read(_left.Token);
        }
        catch (SandboxException error)
        {
            _problem = error.Message;
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException && _left.IsCancellationRequested)
        {
            // The page was left.
        }
    }
}
