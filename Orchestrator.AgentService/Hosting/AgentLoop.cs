using System.Threading.Channels;
using Orchestrator.AgentService.Link;
using Orchestrator.AgentService.Sandbox;
using Orchestrator.Core.Agent;
using Orchestrator.Core.Contract.Link;

namespace Orchestrator.AgentService.Hosting;

/// <summary>
/// The one thread of the engine. A turn: take what is waiting, apply it, make it durable, show the snapshot, then let
/// actions, calls and replies go. When the disk refuses, the turn waits and is tried again: nothing leaves undurable.
/// </summary>
/// <param name="engine">The state machine.</param>
/// <param name="store">Where it is made durable.</param>
/// <param name="time">The clock of the turns.</param>
/// <param name="logger">The log.</param>
public sealed partial class AgentLoop(AgentEngine engine, CheckpointStore store, TimeProvider time, ILogger<AgentLoop> logger) : IAgentLoop
{
    /// <summary>Commands that may wait; further tellers wait with them.</summary>
    public const int MaxWaiting = 10_000;

    private const int MaxTurn = 256;

    /// <summary>From so many tasks on a snapshot is not shown with each turn.</summary>
    private const int ManyTasks = 200;
    private static readonly TimeSpan s_publishPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_diskPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_slowTurn = TimeSpan.FromMilliseconds(50);

    private readonly Channel<(AgentCommand Command, TaskCompletionSource<AgentReply>? Reply)> _commands =
        Channel.CreateBounded<(AgentCommand, TaskCompletionSource<AgentReply>?)>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });

    private readonly AgentEffects _effects = new();
    private DateTimeOffset _publishedAt;
    private DateTimeOffset? _publishDue;
    private bool _isLarge;
    private volatile AgentSnapshot _current = engine.Publish(time.GetUtcNow());
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The newest snapshot.</summary>
    public AgentSnapshot Current => _current;

    /// <summary>Does what the engine wants done on the machine; must not block. Set before <see cref="RunAsync"/>.</summary>
    public Action<AgentAction> Act { get; set; } = _ => { };

    /// <summary>Sends what the engine wants told; must not block. Set before <see cref="RunAsync"/>.</summary>
    public Action<AgentCall> Send { get; set; } = _ => { };

    /// <inheritdoc/>
    public async ValueTask<AgentReply> AskAsync(AgentCommand command, CancellationToken cancellationToken)
    {
        var reply = new TaskCompletionSource<AgentReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _commands.Writer.WriteAsync((command, reply), cancellationToken);
        return await reply.Task.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask TellAsync(AgentCommand command, CancellationToken cancellationToken) =>
        _commands.Writer.WriteAsync((command, null), cancellationToken);

    /// <summary>Waits until a snapshot is as wanted, and gives it.</summary>
    public async Task<AgentSnapshot> WaitForAsync(Func<AgentSnapshot, bool> wanted, CancellationToken cancellationToken)
    {
        while (true)
        {
            var changed = Volatile.Read(ref _changed).Task;
            var current = _current;
            if (wanted(current))
            {
                return current;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Runs turns until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var replies = new List<(TaskCompletionSource<AgentReply> Waiter, AgentReply Reply)>();
        while (await WaitAsync(cancellationToken))
        {
            var started = time.GetTimestamp();
            var now = time.GetUtcNow();
            for (var taken = 0; taken < MaxTurn && _commands.Reader.TryRead(out var item); taken++)
            {
                var reply = engine.Apply(item.Command, now, _effects);
                if (item.Reply is not null)
                {
                    replies.Add((item.Reply, reply));
                }
            }

            engine.Advance(now, _effects);
            await PersistAsync(cancellationToken);
            if (time.GetElapsedTime(started) > s_slowTurn)
            {
                LogSlowTurn(logger, (int)time.GetElapsedTime(started).TotalMilliseconds, _effects.Checkpoints.Count);
            }

            Publish(now, isAwaited: replies.Count > 0);
            Dispatch();
            foreach (var (waiter, reply) in replies)
            {
                waiter.TrySetResult(reply);
            }

            replies.Clear();
            _effects.Clear();
        }
    }

    /// <summary>Waits for a command or the engine's next deadline; false when cancelled.</summary>
    private async Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            var due = engine.NextDue is { } next && !(next > _publishDue) ? next : _publishDue;
            if (due is null)
            {
                return await _commands.Reader.WaitToReadAsync(cancellationToken);
            }

            var pause = due.Value - time.GetUtcNow();
            if (pause > TimeSpan.Zero)
            {
                using var timer = new CancellationTokenSource(pause, time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
                try
                {
                    await _commands.Reader.WaitToReadAsync(either.Token);
                }
                catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
                {
                    // The deadline has come.
                }
            }

            return !cancellationToken.IsCancellationRequested;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task PersistAsync(CancellationToken cancellationToken)
    {
        while (_effects.Checkpoints.Count > 0)
        {
            try
            {
                store.Write(_effects.Checkpoints);
                return;
            }
            catch (CheckpointException e)
            {
                LogDiskRefuses(logger, e.Message);
                await Task.Delay(s_diskPause, time, cancellationToken);
            }
        }
    }

    /// <summary>
    /// Shows the snapshot, which costs more the more tasks there are: of many, turns that follow each other closely show it
    /// together. Who asked finds what came of it when the reply comes.
    /// </summary>
    private void Publish(DateTimeOffset now, bool isAwaited)
    {
        if (!isAwaited && _isLarge && now - _publishedAt < s_publishPause)
        {
            _publishDue = _publishedAt + s_publishPause;
            return;
        }

        _publishDue = null;
        _publishedAt = now;
        var snapshot = engine.Publish(now);
        if (ReferenceEquals(snapshot, _current))
        {
            return;
        }

        _current = snapshot;
        _isLarge = snapshot.Tasks.Skip(ManyTasks).Any();
        Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    private void Dispatch()
    {
        foreach (var note in _effects.Notes)
        {
            LogNote(logger, note);
        }

        foreach (var action in _effects.Actions)
        {
            Act(action);
        }

        foreach (var call in _effects.Calls)
        {
            Send(call);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Note}")]
    private static partial void LogNote(ILogger logger, string note);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A turn took {Milliseconds} ms with {Checkpoints} checkpoints: is the disk slow?")]
    private static partial void LogSlowTurn(ILogger logger, int milliseconds, int checkpoints);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Message} The agent waits until it can.")]
    private static partial void LogDiskRefuses(ILogger logger, string message);
}
