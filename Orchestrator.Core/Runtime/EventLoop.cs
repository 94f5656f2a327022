using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Orchestrator.Core.Coordination;
using Orchestrator.Core.Primitives;

namespace Orchestrator.Core.Runtime;

/// <summary>
/// The one writer of an engine, on a thread of its own. A turn: take what waits, apply it with one time, advance, make the
/// records durable in one batch, publish the snapshot, dispatch the effects, answer. Nothing leaves before it is durable.
/// </summary>
/// <typeparam name="TCommand">What the engine is told.</typeparam>
/// <typeparam name="TReply">What the teller hears.</typeparam>
/// <typeparam name="TEffects">What a turn wants done.</typeparam>
/// <typeparam name="TSnapshot">What readers see.</typeparam>
public sealed partial class EventLoop<TCommand, TReply, TEffects, TSnapshot> : IEngineGateway<TCommand, TReply, TSnapshot>, IDisposable
    where TEffects : IEffects
    where TSnapshot : class
{
    /// <summary>Most commands that may wait; further ones are refused with <see cref="EngineOverloadedException"/>.</summary>
    public const int MaxWaiting = 131_072;

    /// <summary>Most commands of one turn, so that replies and snapshots do not starve under load.</summary>
    public const int MaxPerTurn = 4096;

    private static readonly TimeSpan s_slowTurn = TimeSpan.FromMilliseconds(50);
    private readonly Lock _gate = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly IEngine<TCommand, TReply, TEffects, TSnapshot> _engine;
    private readonly TEffects _effects;
    private readonly IJournal _journal;
    private readonly IEffectDispatcher<TEffects> _dispatcher;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _name;
    private readonly Thread _thread;
    private readonly ITimer _timer;
    private readonly TReply[] _replies = new TReply[MaxPerTurn];
    private Queue<Envelope> _waiting = new();
    private volatile TSnapshot _current;
    private TaskCompletionSource _published = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private EngineStoppedException? _stopped;
    private long _turns;
    private long _slowTurns;

    /// <summary>A loop that is not yet running; see <see cref="Start"/>.</summary>
    public EventLoop(string name, IEngine<TCommand, TReply, TEffects, TSnapshot> engine, TEffects effects, IJournal journal, IEffectDispatcher<TEffects> dispatcher, TimeProvider time, ILogger logger)
    {
        _name = name;
        _engine = engine;
        _effects = effects;
        _journal = journal;
        _dispatcher = dispatcher;
        _time = time;
        _logger = logger;
        _current = engine.Publish(time.GetUtcNow());
        _timer = time.CreateTimer(_ => _wake.Set(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _thread = new Thread(Run) { IsBackground = true, Name = name };
    }

    /// <summary>Called once, on the loop's thread, when a turn failed and the loop has stopped. The host must stop.</summary>
    public event Action<Exception>? Failed;

    /// <inheritdoc/>
    public TSnapshot Current => _current;

    /// <summary>Turns since the start.</summary>
    public long Turns => Volatile.Read(ref _turns);

    /// <summary>Turns that took over 50 ms.</summary>
    public long SlowTurns => Volatile.Read(ref _slowTurns);

    /// <summary>Starts the thread.</summary>
    public void Start() => _thread.Start();

    /// <inheritdoc/>
    public ValueTask<TReply> SendAsync(TCommand command, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var reply = new TaskCompletionSource<TReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        Enqueue(new Envelope(command, reply), MaxWaiting);
        return new ValueTask<TReply>(reply.Task);
    }

    /// <summary>Hands a command over without waiting for its reply.</summary>
    /// <param name="command">The command.</param>
    /// <param name="maxWaiting">How many may wait before it: less than all for floods that can be held back elsewhere, so that others are still heard.</param>
    /// <exception cref="EngineOverloadedException">The queue is full.</exception>
    /// <exception cref="EngineStoppedException">The loop has stopped.</exception>
    public void Post(TCommand command, int maxWaiting = MaxWaiting) => Enqueue(new Envelope(command, null), maxWaiting);

    /// <inheritdoc/>
    public async IAsyncEnumerable<TSnapshot> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TSnapshot? last = null;
        while (true)
        {
            // The signal first: a snapshot published after it is taken wakes this reader again.
            var signal = Volatile.Read(ref _published).Task;
            var current = _current;
            if (!ReferenceEquals(current, last))
            {
                last = current;
                yield return current;
            }
            else
            {
                await signal.WaitAsync(cancellationToken);
            }
        }
    }

    /// <summary>Stops after the turn under way; what still waits is refused.</summary>
    public void Dispose()
    {
        Stop(new EngineStoppedException("The host is stopping."));
        if (_thread.IsAlive && Environment.CurrentManagedThreadId != _thread.ManagedThreadId)
        {
            _thread.Join(TimeSpan.FromSeconds(10));
        }

        _timer.Dispose();
    }

    private void Enqueue(Envelope envelope, int maxWaiting)
    {
        lock (_gate)
        {
            if (_stopped is not null)
            {
                throw new EngineStoppedException(_stopped.Message, _stopped.InnerException);
            }

            if (_waiting.Count >= maxWaiting)
            {
                throw new EngineOverloadedException();
            }

            _waiting.Enqueue(envelope);
        }

        _wake.Set();
    }

    private void Run()
    {
        var batch = new List<Envelope>(MaxPerTurn);
        try
        {
            // The first turn is empty: what the engine restored may have something due.
            do
            {
                Turn(batch);
            }
            while (Next(batch));
        }
        catch (Exception error)
        {
            LogFailed(_name, error);
            foreach (var envelope in batch)
            {
                envelope.Reply?.TrySetException(new EngineStoppedException(error.Message, error));
            }

            Stop(new EngineStoppedException(error.Message, error));
            Failed?.Invoke(error);
        }
    }

    /// <summary>Waits until there is something to do; false when the loop has been stopped.</summary>
    private bool Next(List<Envelope> batch)
    {
        batch.Clear();
        while (true)
        {
            var due = _engine.NextDue;
            lock (_gate)
            {
                if (_stopped is not null)
                {
                    return false;
                }

                while (batch.Count < MaxPerTurn && _waiting.TryDequeue(out var envelope))
                {
                    batch.Add(envelope);
                }
            }

            var now = _time.GetUtcNow();
            if (batch.Count > 0 || due <= now)
            {
                return true;
            }

            _timer.Change(due is { } at ? at - now : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _wake.WaitOne();
        }
    }

    private void Turn(List<Envelope> batch)
    {
        var started = _time.GetTimestamp();
        var now = _time.GetUtcNow();
        _effects.Clear();
        for (var i = 0; i < batch.Count; i++)
        {
            _replies[i] = _engine.Apply(batch[i].Command, now, _effects);
        }

        _engine.Advance(now, _effects);
        if (_effects.Records.Count > 0)
        {
            _journal.Commit(_effects.Records);
        }

        Publish(_engine.Publish(now));
        _dispatcher.Dispatch(_effects);
        for (var i = 0; i < batch.Count; i++)
        {
            batch[i].Reply?.TrySetResult(_replies[i]);
        }

        Interlocked.Increment(ref _turns);
        var took = _time.GetElapsedTime(started);
        if (took > s_slowTurn)
        {
            Interlocked.Increment(ref _slowTurns);
            LogSlowTurn(_name, took.TotalMilliseconds, batch.Count);
        }
    }

    private void Publish(TSnapshot snapshot)
    {
        if (ReferenceEquals(snapshot, _current))
        {
            return;
        }

        _current = snapshot;
        Interlocked.Exchange(ref _published, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    private void Stop(EngineStoppedException reason)
    {
        Queue<Envelope> refused;
        lock (_gate)
        {
            if (_stopped is not null)
            {
                return;
            }

            _stopped = reason;
            (refused, _waiting) = (_waiting, new Queue<Envelope>());
        }

        foreach (var envelope in refused)
        {
            envelope.Reply?.TrySetException(reason);
        }

        _wake.Set();
    }

    [LoggerMessage(LogLevel.Warning, "A turn of {Loop} took {Milliseconds:0} ms for {Commands} commands.")]
    private partial void LogSlowTurn(string loop, double milliseconds, int commands);

    [LoggerMessage(LogLevel.Critical, "The loop of {Loop} has stopped.")]
    private partial void LogFailed(string loop, Exception error);

    private readonly record struct Envelope(TCommand Command, TaskCompletionSource<TReply>? Reply);
}
