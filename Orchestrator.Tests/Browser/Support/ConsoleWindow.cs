using Microsoft.Playwright;

namespace Orchestrator.Tests.Browser.Support;

/// <summary>
/// One browser window on the console of a host. It keeps what the browser complains about (errors of scripts, violations of
/// the content security policy), which every test may ask for.
/// </summary>
public sealed class ConsoleWindow : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly Uri _host;
    private const string NetworkChanged = "ERR_NETWORK_CHANGED";
    private const string IsReady = "() => document.querySelector('[data-circuit=open]') !== null && customElements.get('modal-host') !== undefined";

    private readonly List<string> _complaints = [];
    private volatile bool _networkChanged;

    private ConsoleWindow(IBrowserContext context, IPage page, Uri host)
    {
        (_context, Page, _host) = (context, page, host);
        page.SetDefaultTimeout(20_000);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" || message.Text.Contains("Content Security Policy", StringComparison.Ordinal))
            {
                Note(message.Text);
            }
        };
        page.PageError += (_, error) => Note(error);
    }

    /// <summary>The page.</summary>
    public IPage Page { get; }

    /// <summary>What the browser complained about so far.</summary>
    public IReadOnlyList<string> Complaints
    {
        get
        {
            lock (_complaints)
            {
                return [.. _complaints];
            }
        }
    }

    /// <summary>Opens a window of a size; 1440 by 900 by default.</summary>
    public static async Task<ConsoleWindow> OpenAsync(ChromiumFixture chromium, Uri host, int width = 1440, int height = 900, ColorScheme scheme = ColorScheme.Light)
    {
        ArgumentNullException.ThrowIfNull(chromium);
        var context = await chromium.Browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme, TimezoneId = "UTC", Locale = "en-GB" });
        return new ConsoleWindow(context, await context.NewPageAsync(), host);
    }

    /// <summary>Opens a path of the host and waits until its circuit stands: from then on the page is live.</summary>
    public async Task GoAsync(string path)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await Page.GotoAsync(new Uri(_host, path).ToString());
                await Page.WaitForFunctionAsync(IsReady, null, new() { Timeout = 15_000 });
                return;
            }
            catch (Exception error) when (attempt < 3 && ((error is TimeoutException && _networkChanged) || error.Message.Contains(NetworkChanged, StringComparison.Ordinal)))
            {
                // A container that started or ended changed the machine's interfaces, and Chromium gave up loading a script.
                _networkChanged = false;
            }
        }
    }

    /// <summary>Waits until the circuit stands.</summary>
    public async Task LiveAsync() => await Page.WaitForSelectorAsync("[data-circuit=open]");

    /// <summary>The path and query that the address bar shows.</summary>
    public string Address => new Uri(Page.Url).PathAndQuery;

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private void Note(string complaint)
    {
        if (complaint.Contains(NetworkChanged, StringComparison.Ordinal))
        {
            _networkChanged = true;
            return;
        }

        lock (_complaints)
        {
            _complaints.Add(complaint);
        }
    }
}
