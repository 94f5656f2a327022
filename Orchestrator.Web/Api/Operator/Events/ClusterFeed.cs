using Orchestrator.Core.Master;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Views;

namespace Orchestrator.Web.Api.Operator.Events;

/// <summary>
/// The changes of the cluster for everybody who follows them. While nobody does, the master does not even note them. A
/// subscriber that falls too far behind is cut off, and nobody else waits for it.
/// </summary>
public sealed class ClusterFeed : IClusterObserver
{
    /// <summary>Most changes that may wait for one subscriber.</summary>
    public const int MaxOutstanding = 65_536;

    /// <summary>Most subscribers at once; beyond it the oldest is dropped. Source: Mesos' max_operator_event_stream_subscribers.</summary>
    public const int MaxListeners = 1000;

    private readonly Lock _gate = new();
    private ClusterListener[] _listeners = [];
    private Func<long> _version = () => 0;

    /// <summary>How many follow.</summary>
    public int Count => Volatile.Read(ref _listeners).Length;

    /// <summary>What its master fills; it notes changes only while somebody follows.</summary>
    internal MasterEffects? Source { get; set; }

    /// <summary>Says which snapshot is the newest.</summary>
    internal void Attach(MasterEffects source, Func<long> version)
    {
        Source = source;
        _version = version;
    }

    /// <inheritdoc/>
    public void Deliver(IReadOnlyList<ClusterChange> changes)
    {
        var version = _version();
        var listeners = Volatile.Read(ref _listeners);
        foreach (var change in changes)
        {
            var frame = new ClusterFrame(version, change);
            foreach (var listener in listeners)
            {
                listener.Deliver(frame);
            }
        }
    }

    internal ClusterListener Listen()
    {
        lock (_gate)
        {
            if (_listeners.Length >= MaxListeners)
            {
                _listeners[0].CutOff();
                Volatile.Write(ref _listeners, _listeners[1..]);
            }

            var listener = new ClusterListener(this);
            Volatile.Write(ref _listeners, [.. _listeners, listener]);
            Watch();
            return listener;
        }
    }

    internal void Leave(ClusterListener listener)
    {
        lock (_gate)
        {
            Volatile.Write(ref _listeners, [.. _listeners.Where(other => other != listener)]);
            Watch();
        }
    }

    private void Watch()
    {
        if (Source is not null)
        {
            Source.IsWatched = _listeners.Length > 0;
        }
    }
}
