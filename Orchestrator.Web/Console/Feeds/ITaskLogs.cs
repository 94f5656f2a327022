namespace Orchestrator.Web.Console.Feeds;

/// <summary>
/// Reads the sandboxes of tasks from the agents that hold them. Every answer is bounded; an agent that is away, a file that
/// is not there and a refused account are told by <see cref="SandboxException"/>.
/// </summary>
public interface ITaskLogs
{
    /// <summary>
    /// Bytes of a file from an offset on, at most <see cref="SandboxLimits.MaxReadBytes"/>. Beyond the end there are none,
    /// and the answer tells how long the file is.
    /// </summary>
    /// <param name="sandbox">Whose file.</param>
    /// <param name="file">Path in the sandbox, for example <c>stdout</c>.</param>
    /// <param name="offset">First byte; negative counts from the end: -1000 are the last 1,000 bytes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SandboxException">It cannot be read.</exception>
    Task<LogChunk> ReadAsync(SandboxRef sandbox, string file, long offset, CancellationToken cancellationToken);

    /// <summary>
    /// Follows a file: yields what there is from <paramref name="from"/> on, and then what is added, within half a second.
    /// A file that was rotated is read from its beginning and the chunk says so. A reader that falls behind by more than
    /// <see cref="SandboxLimits.MaxLagBytes"/> is taken to the end: that chunk does not begin where the last one ended.
    /// Ends only by cancellation.
    /// </summary>
    /// <param name="sandbox">Whose file.</param>
    /// <param name="file">Path in the sandbox.</param>
    /// <param name="from">First byte; negative counts from the end.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="SandboxException">It cannot be read, or not any more.</exception>
    IAsyncEnumerable<LogChunk> FollowAsync(SandboxRef sandbox, string file, long from, CancellationToken cancellationToken);

    /// <summary>What is in a directory of the sandbox, at most <see cref="SandboxLimits.MaxEntries"/> entries, by name.</summary>
    /// <exception cref="SandboxException">It cannot be read.</exception>
    Task<IReadOnlyList<SandboxEntry>> BrowseAsync(SandboxRef sandbox, string directory, CancellationToken cancellationToken);

    /// <summary>A whole file as a stream; the caller disposes it.</summary>
    /// <exception cref="SandboxException">It cannot be read.</exception>
    Task<Stream> DownloadAsync(SandboxRef sandbox, string file, CancellationToken cancellationToken);
}
