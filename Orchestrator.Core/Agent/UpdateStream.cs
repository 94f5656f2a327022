using Google.Protobuf;

namespace Orchestrator.Core.Agent;

/// <summary>
/// The status updates of one task that are not acknowledged, oldest first. Only the head is sent; it is repeated after
/// 10 s, 20 s, … up to 10 minutes until it is acknowledged, then the next one is sent. Source: Mesos' status update manager.
/// </summary>
internal sealed class UpdateStream
{
    /// <summary>Beyond this, health updates are left out; changes of state are few and always kept.</summary>
    internal const int MaxPending = 100;

    internal static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(10);
    internal static readonly TimeSpan LastRetry = TimeSpan.FromMinutes(10);

    private readonly Queue<TaskStatus> _pending = new();
    private TimeSpan _interval;

    /// <summary>The update under way; null when all are acknowledged.</summary>
    internal TaskStatus? Head => _pending.TryPeek(out var head) ? head : null;

    internal int Count => _pending.Count;

    internal bool IsFull => _pending.Count >= MaxPending;

    /// <summary>When the head must be repeated; null while it was not sent on this link.</summary>
    internal DateTimeOffset? RetryAt { get; private set; }

    internal void Add(TaskStatus status) => _pending.Enqueue(status);

    internal void Clear()
    {
        _pending.Clear();
        Reset();
    }

    /// <summary>The head was sent.</summary>
    internal void Sent(DateTimeOffset now)
    {
        _interval = _interval == TimeSpan.Zero ? FirstRetry : TimeSpan.FromTicks(Math.Min(_interval.Ticks * 2, LastRetry.Ticks));
        RetryAt = now + _interval;
    }

    /// <summary>The link is another one: the head counts as not sent.</summary>
    internal void Reset()
    {
        _interval = TimeSpan.Zero;
        RetryAt = null;
    }

    /// <summary>Takes the head away if it has this uuid; false for a stale or foreign acknowledgement.</summary>
    internal bool Acknowledge(ByteString uuid)
    {
        if (!_pending.TryPeek(out var head) || !head.Uuid.Equals(uuid))
        {
            return false;
        }

        _pending.Dequeue();
        Reset();
        return true;
    }
}
