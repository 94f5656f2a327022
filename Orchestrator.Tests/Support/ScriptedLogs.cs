using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using Orchestrator.Web.Console.Feeds;

namespace Orchestrator.Tests.Support;

/// <summary>Sandboxes as a test says: one text for every file, or a failure.</summary>
internal sealed class ScriptedLogs : ITaskLogs
{
    private readonly ConcurrentQueue<string> _asked = new();

    public string Text { get; set; } = "";

    public SandboxException? Failure { get; set; }

    public IReadOnlyList<SandboxEntry> Entries { get; set; } = [];

    /// <summary>What was asked for, in order.</summary>
    public IReadOnlyList<string> Asked => [.. _asked];

    public Task<LogChunk> ReadAsync(SandboxRef sandbox, string file, long offset, CancellationToken cancellationToken)
    {
        _asked.Enqueue($"read {file} {offset}");
        var bytes = Encoding.UTF8.GetBytes(Text);
        var first = (int)(offset < 0 ? Math.Max(0, bytes.Length + offset) : Math.Min(offset, bytes.Length));
        return Failure is null ? Task.FromResult(new LogChunk(first, bytes.AsMemory(first), bytes.Length)) : Task.FromException<LogChunk>(Failure);
    }

    public async IAsyncEnumerable<LogChunk> FollowAsync(SandboxRef sandbox, string file, long from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return await ReadAsync(sandbox, file, from, cancellationToken);
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    public Task<IReadOnlyList<SandboxEntry>> BrowseAsync(SandboxRef sandbox, string directory, CancellationToken cancellationToken)
    {
        _asked.Enqueue($"browse {directory}");
        return Failure is null ? Task.FromResult(Entries) : Task.FromException<IReadOnlyList<SandboxEntry>>(Failure);
    }

    public Task<Stream> DownloadAsync(SandboxRef sandbox, string file, CancellationToken cancellationToken) =>
        Failure is null ? Task.FromResult<Stream>(new MemoryStream(Encoding.UTF8.GetBytes(Text))) : Task.FromException<Stream>(Failure);
}
