using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Orchestrator.AgentService.Execution.Commands;
using Orchestrator.AgentService.Isolation;
using Orchestrator.AgentService.Sandbox;

namespace Orchestrator.AgentService.Execution.Fetching;

/// <summary>Brings the bytes of a source: over HTTP, or from a file of the machine that the task's user may read.</summary>
internal sealed class Downloader : IDisposable
{
    private const int MaxRedirects = 10;
    private const int MaxErrorBytes = 4096;
    private readonly FetcherOptions _options;
    private readonly CommandTools _tools;
    private readonly DescriptorWatcher _watcher = new();

    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = true,
        MaxAutomaticRedirections = MaxRedirects,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        ConnectTimeout = TimeSpan.FromSeconds(30),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    internal Downloader(FetcherOptions options, CommandTools tools)
    {
        _options = options;
        _tools = tools;
        _client.DefaultRequestHeaders.UserAgent.ParseAdd("orchestrator-agent/1");
    }

    /// <summary>Writes all of a source.</summary>
    /// <param name="source">What to bring.</param>
    /// <param name="user">Who must be able to read it, if it is a file; null for the agent.</param>
    /// <param name="target">An empty file.</param>
    /// <param name="grow">Asked with the size that the file will have.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="FetchException">It cannot be had.</exception>
    internal async Task DownloadAsync(FetchSource source, string? user, FileStream target, Action<long>? grow, CancellationToken cancellationToken)
    {
        try
        {
            if (source.Address is { } address)
            {
                await DownloadAsync(address, target, grow, cancellationToken);
            }
            else
            {
                await CopyAsync(source.LocalPath!, user, target, grow, cancellationToken);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or UnauthorizedAccessException or ContainerLaunchException)
        {
            throw new FetchException(e.InnerException is { } inner and not OperationCanceledException ? $"{e.Message} ({inner.Message})" : e.Message);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.Dispose();
        _watcher.Dispose();
    }

    private async Task DownloadAsync(Uri address, FileStream target, Action<long>? grow, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (address.UserInfo.Length > 0)
        {
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(address.UserInfo))));
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_options.StallTimeout);
        HttpResponseMessage answer;
        try
        {
            answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new FetchException($"no answer within {_options.StallTimeout.TotalSeconds} s (--fetcher_stall_timeout)");
        }

        using (answer)
        {
            if ((int)answer.StatusCode != 200)
            {
                throw new FetchException(string.Create(CultureInfo.InvariantCulture, $"the server answered {(int)answer.StatusCode} {answer.ReasonPhrase}"));
            }

            if (answer.Content.Headers.ContentLength is { } announced)
            {
                grow?.Invoke(announced);
            }

            await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
            await new ByteBudget(_options.MaxBytes).CopyAsync(body, target, _options.StallTimeout, grow, cancellationToken);
        }
    }

    /// <summary>The agent may read more than the task's user, so it lets a process of that user read.</summary>
    private async Task CopyAsync(string path, string? user, FileStream target, Action<long>? grow, CancellationToken cancellationToken)
    {
        using (var located = Posix.Locate(path) ?? throw new FetchException("there is no such file on the agent"))
        {
            if (Posix.Inspect(located) is not { IsRegular: true } facts)
            {
                throw new FetchException("it is no ordinary file");
            }

            grow?.Invoke(facts.Size);
        }

        var identity = _tools.Become(user);
        if (identity.Count == 0)
        {
            await using var own = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            await new ByteBudget(_options.MaxBytes).CopyAsync(own, target, null, grow, cancellationToken);
            return;
        }

        using var nothing = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        using var errors = Native.MemoryFile("errors", []);
        var limit = (_options.MaxBytes + 1).ToString(CultureInfo.InvariantCulture);
        var pid = ProcessSpawner.Start(identity[0], [.. identity, "head", "-c", limit, path], CommandTools.Environment, nothing, target.SafeFileHandle, errors);
        var process = new ProcessIdentity(pid, ProcessStat.Read(pid)!.StartTicks);
        try
        {
            await _watcher.WaitForProcessAsync(process, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Native.Kill(-pid, Native.SigKill);
            await _watcher.WaitForProcessAsync(process, CancellationToken.None);
            throw;
        }
        finally
        {
            Native.Reap(pid);
        }

        if (RandomAccess.GetLength(errors) > 0)
        {
            throw new FetchException(ErrorText(errors));
        }

        if (RandomAccess.GetLength(target.SafeFileHandle) > _options.MaxBytes)
        {
            throw new FetchException($"it is longer than {_options.MaxBytes} bytes (--fetcher_max_size)");
        }
    }

    private static string ErrorText(SafeFileHandle errors)
    {
        var buffer = new byte[MaxErrorBytes];
        var read = RandomAccess.Read(errors, buffer, 0);
        return Encoding.UTF8.GetString(buffer, 0, read).Trim().Split('\n')[0];
    }
}
