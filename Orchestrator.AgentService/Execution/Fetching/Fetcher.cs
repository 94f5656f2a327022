using Orchestrator.AgentService.Execution.Commands;
using Orchestrator.AgentService.Sandbox;
using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.AgentService.Execution.Fetching;

/// <summary>Brings the URIs of a task into its sandbox before its container starts. Source: Mesos' fetcher.</summary>
internal sealed class Fetcher : IDisposable
{
    /// <summary>Downloads under way at a time; others wait.</summary>
    private const int MaxParallel = 16;

    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private readonly FetcherOptions _options;
    private readonly Downloader _downloader;
    private readonly SemaphoreSlim _free = new(MaxParallel);
    private readonly Lock _lock = new();
    private FetcherCache? _cache;

    internal Fetcher(FetcherOptions options, CommandTools tools)
    {
        _options = options;
        _downloader = new Downloader(options, tools);
    }

    /// <summary>Fetches everything, in order.</summary>
    /// <exception cref="ContainerLaunchException">One could not be had; the message names it and why.</exception>
    internal async Task FetchAsync(ContainerPlan plan, CancellationToken cancellationToken)
    {
        foreach (var uri in plan.Task.Command?.Uris ?? [])
        {
            var shown = "'uris.value'";
            try
            {
                var source = FetchSource.Parse(uri, _options.Home);
                shown = $"'{source.Shown}'";
                CheckLocal(plan, source);
                await FetchAsync(plan, uri, source, cancellationToken);
            }
            catch (Exception e) when (e is FetchException or IOException or UnauthorizedAccessException)
            {
                var cause = e.Message.StartsWith('\'') && e is FetchException ? e.Message : $"{shown}: {e.Message}";
                throw new ContainerLaunchException($"Failed to launch container: Failed to fetch all URIs for container '{plan.ContainerId}': {cause}");
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _downloader.Dispose();
        _free.Dispose();
    }

    private async Task FetchAsync(ContainerPlan plan, CommandInfo.Types.URI uri, FetchSource source, CancellationToken cancellationToken)
    {
        var owner = SandboxOwner.Of(plan.User);
        var path = SandboxPaths.Prepare(plan.SandboxDirectory, source.FileName, owner);
        var extract = uri.Extract && !uri.Executable && ArchiveExtractor.KindOf(source.FileName) != ArchiveKind.None;
        var archive = path;
        using var lease = uri.Cache ? await CachedAsync(plan, uri, source, cancellationToken) : null;
        if (lease is null)
        {
            await WriteAsync(path, file => DownloadAsync(source, plan.User, file, null, cancellationToken));
        }
        else if (extract)
        {
            // As the reference: what is extracted from the cache is not copied too.
            archive = lease.Path;
        }
        else
        {
            await WriteAsync(path, async file =>
            {
                await using var cached = new FileStream(lease.Path, FileMode.Open, FileAccess.Read);
                await cached.CopyToAsync(file, cancellationToken);
            });
        }

        if (archive == path)
        {
            var mode = uri.Executable ? ExtractionTarget.DefaultMode | Executable : ExtractionTarget.DefaultMode;
            File.SetUnixFileMode(path, mode);
            owner.Give(path);
        }

        if (extract)
        {
            await ArchiveExtractor.ExtractAsync(archive, source.FileName, new ExtractionTarget(plan.SandboxDirectory, owner, _options.MaxBytes), cancellationToken);
        }
    }

    /// <summary>The cached file; null when it does not fit into the cache and is to be fetched past it.</summary>
    private async Task<FetcherCache.Lease?> CachedAsync(ContainerPlan plan, CommandInfo.Types.URI uri, FetchSource source, CancellationToken cancellationToken)
    {
        FetcherCache cache;
        lock (_lock)
        {
            cache = _cache ??= new FetcherCache(_options.CacheDirectory, _options.CacheBytes);
        }

        try
        {
            return await cache.GetAsync(
                (plan.User ?? "", uri.Value),
                (file, grow) => DownloadAsync(source, plan.User, file, grow, CancellationToken.None),
                cancellationToken);
        }
        catch (FetcherCache.FullException)
        {
            return null;
        }
    }

    private async Task DownloadAsync(FetchSource source, string? user, FileStream file, Action<long>? grow, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
            await _downloader.DownloadAsync(source, user, file, grow, cancellationToken);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Writes a new file in the place of whatever had the name; never through a link.</summary>
    private static async Task WriteAsync(string path, Func<FileStream, Task> write)
    {
        if (Posix.Inspect(path) is { IsDirectory: false })
        {
            File.Delete(path);
        }

        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite);
        await write(file);
    }

    /// <summary>A container must not see by a copy what it may not mount.</summary>
    private void CheckLocal(ContainerPlan plan, FetchSource source)
    {
        if (source.LocalPath is { } path && plan.Task.Container is { HasType: true, Type: ContainerInfo.Types.Type.Docker })
        {
            using var located = Posix.Locate(path);
            var real = located is null ? path : Posix.PathOf(located) ?? path;
            if ((_options.Policy.CheckHostPath(path) ?? _options.Policy.CheckHostPath(real)) is { } refusal)
            {
                throw new FetchException(refusal);
            }
        }
    }
}
