using System.Threading.Channels;
using Google.Protobuf;
using Orchestrator.AgentService.Execution.Docker;
using Orchestrator.Core.Contract.AgentApi;

namespace Orchestrator.AgentService.Execution.Nested;

/// <summary>
/// A program inside a task's container. Its output goes to whoever is attached, and when that is nobody to files of its
/// sandbox; a reader that is slow makes it wait, as a terminal does.
/// </summary>
internal sealed class NestedContainer : IAsyncDisposable
{
    /// <summary>Pieces of output that wait for one reader.</summary>
    private const int MaxWaiting = 64;

    private readonly IInsideProcess _process;
    private readonly string _sandbox;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly List<Channel<ProcessIO>> _readers = [];
    private readonly TaskCompletionSource<int?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private OutputFile? _stdout;
    private OutputFile? _stderr;

    internal NestedContainer(string parent, string id, IInsideProcess process, string sandbox)
    {
        Parent = parent;
        Id = id;
        _process = process;
        _sandbox = sandbox;
    }

    /// <summary>The container id of the task.</summary>
    internal string Parent { get; }

    /// <summary>Its own id.</summary>
    internal string Id { get; }

    /// <summary>Completes with the exit code; null when it is not known.</summary>
    internal Task<int?> Ended => _ended.Task;

    /// <summary>Attaches a reader of all output from now on. It completes with the program.</summary>
    internal Channel<ProcessIO> Attach()
    {
        var reader = Channel.CreateBounded<ProcessIO>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
        lock (_gate)
        {
            if (_ended.Task.IsCompleted)
            {
                reader.Writer.TryComplete();
            }
            else
            {
                _readers.Add(reader);
            }
        }

        return reader;
    }

    /// <summary>Takes a reader away; what it has not read is dropped.</summary>
    internal void Detach(Channel<ProcessIO> reader)
    {
        lock (_gate)
        {
            _readers.Remove(reader);
        }

        reader.Writer.TryComplete();
    }

    /// <summary>Follows the program to its end. Called once, in the background.</summary>
    internal async Task FollowAsync()
    {
        int? code = null;
        try
        {
            code = await _process.RunAsync(HandOverAsync, _stop.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or DockerException or DockerUnavailableException or InvalidDataException)
        {
            // The daemon or the container has gone, or the agent stops; how it ended is not known.
        }

        lock (_gate)
        {
            _ended.TrySetResult(code);
            _readers.ForEach(reader => reader.Writer.TryComplete());
            _readers.Clear();
            _stdout?.Dispose();
            _stderr?.Dispose();
        }
    }

    internal Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => _process.WriteAsync(bytes, cancellationToken);

    internal Task CloseInputAsync(CancellationToken cancellationToken) => _process.CloseInputAsync(cancellationToken);

    internal Task ResizeAsync(uint rows, uint columns, CancellationToken cancellationToken) => _process.ResizeAsync(rows, columns, cancellationToken);

    internal Task KillAsync(int signal, CancellationToken cancellationToken) => _process.KillAsync(signal, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _process.DisposeAsync();
    }

    private async ValueTask HandOverAsync(bool isError, ReadOnlyMemory<byte> bytes)
    {
        Channel<ProcessIO>[] readers;
        lock (_gate)
        {
            readers = [.. _readers];
        }

        if (readers.Length == 0)
        {
            Keep(isError, bytes.Span);
            return;
        }

        var piece = new ProcessIO
        {
            Type = ProcessIO.Types.Type.Data,
            Data = new ProcessIO.Types.Data { Type = isError ? ProcessIO.Types.Data.Types.Type.Stderr : ProcessIO.Types.Data.Types.Type.Stdout, Data_ = ByteString.CopyFrom(bytes.Span) },
        };
        foreach (var reader in readers)
        {
            try
            {
                await reader.Writer.WriteAsync(piece, _stop.Token);
            }
            catch (ChannelClosedException)
            {
                // It has detached meanwhile.
            }
        }
    }

    private void Keep(bool isError, ReadOnlySpan<byte> bytes)
    {
        Directory.CreateDirectory(_sandbox);
        ref var file = ref isError ? ref _stderr : ref _stdout;
        file ??= OutputFile.Open(Path.Combine(_sandbox, isError ? "stderr" : "stdout"), LogOptions.Default, null);
        file.Write(bytes);
        file.Flush();
        if (file.IsFull)
        {
            file.Rotate();
        }
    }
}
