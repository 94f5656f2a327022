using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Web.Hosting.Probing;

/// <summary>
/// When which health check is due. One queue for all, so that 100,000 instances cost no timer each; a change of the snapshot
/// costs what changed, for apps that did not change are the same objects. Used by one caller at a time.
/// </summary>
/// <param name="random">Gives numbers from 0 to 1, to spread what begins at the same time.</param>
internal sealed class ProbeSchedule(Func<double> random)
{
    /// <summary>The first check of a task is made at most this long after it began to run. Source: Marathon.</summary>
    public static readonly TimeSpan MaxFirstDelay = TimeSpan.FromSeconds(5);

    /// <summary>Share of the first delay by which tasks that start together are spread.</summary>
    private const double Spread = 0.2;

    /// <summary>Tells the readiness checks of a task from its health checks.</summary>
    private const string ReadinessSuffix = "/ready";

    private readonly Dictionary<string, FollowedApp> _apps = new(StringComparer.Ordinal);
    private readonly PriorityQueue<Probe, DateTimeOffset> _queue = new();
    private long _generation;
    private int _gone;

    /// <summary>Checks that are followed.</summary>
    public int Count { get; private set; }

    /// <summary>When the next check is due; null when there is none.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            DropGone();
            return _queue.TryPeek(out _, out var due) ? due : null;
        }
    }

    /// <summary>Follows a newer snapshot.</summary>
    public void Update(ServicesSnapshot snapshot, DateTimeOffset now)
    {
        _generation++;
        foreach (var app in snapshot.Apps)
        {
            if (!_apps.TryGetValue(app.Id, out var followed))
            {
                if (!IsAsked(app))
                {
                    continue;
                }

                _apps[app.Id] = followed = new FollowedApp();
            }

            followed.Generation = _generation;
            if (!ReferenceEquals(followed.View, app))
            {
                followed.View = app;
                Follow(followed, app, now);
            }
        }

        foreach (var (id, followed) in _apps)
        {
            if (followed.Generation != _generation || followed.Tasks.Count == 0 && !IsAsked(followed.View!))
            {
                Forget(followed, static _ => true);
                _apps.Remove(id);
            }
        }

        // What is gone leaves the queue in its time; when that is most of it, at once.
        if (_gone > 1024 && _gone > _queue.Count / 2)
        {
            var rest = _queue.UnorderedItems.Where(item => !item.Element.IsGone).ToList();
            _queue.Clear();
            _queue.EnqueueRange(rest.Select(item => (item.Element, item.Priority)));
            _gone = 0;
        }
    }

    /// <summary>Takes the next check that is due; null when none is. It comes back by <see cref="Done"/>.</summary>
    public Probe? Take(DateTimeOffset now)
    {
        DropGone();
        if (!_queue.TryPeek(out var probe, out var due) || due > now)
        {
            return null;
        }

        _queue.Dequeue();
        probe.IsQueued = false;
        return probe;
    }

    /// <summary>A check was made: the next one is due after its interval.</summary>
    public void Done(Probe probe, DateTimeOffset now)
    {
        if (!probe.IsGone)
        {
            Enqueue(probe, now + probe.Target.Interval);
        }
    }

    private static bool IsAsked(AppView app) => IsAsked(app.Definition) || app.Definitions.Values.Any(IsAsked);

    private static bool IsAsked(AppDefinition definition)
    {
        if (definition.ReadinessChecks.Count > 0)
        {
            return true;
        }

        foreach (var check in definition.HealthChecks)
        {
            if (check.IsAskedByHost)
            {
                return true;
            }
        }

        return false;
    }

    private void Follow(FollowedApp followed, AppView app, DateTimeOffset now)
    {
        foreach (var instance in app.Instances)
        {
            if (instance.Condition != "Running")
            {
                continue;
            }

            Follow(followed, instance.TaskId, () => ProbesOf(app, instance), probe => FirstDue(probe.Target, instance, now));
            if (instance.AwaitsReadiness)
            {
                // A deployment waits for it: at once.
                Follow(followed, instance.TaskId + ReadinessSuffix, () => ReadinessOf(app, instance), _ => now);
            }
        }

        Forget(followed, task => task.Generation != _generation);
    }

    private void Follow(FollowedApp followed, string key, Func<List<Probe>?> make, Func<Probe, DateTimeOffset> due)
    {
        if (!followed.Tasks.TryGetValue(key, out var task))
        {
            if (make() is not { } probes)
            {
                return;
            }

            followed.Tasks[key] = task = new FollowedTask(probes);
            foreach (var probe in probes)
            {
                Count++;
                Enqueue(probe, due(probe));
            }
        }

        task.Generation = _generation;
    }

    private void Forget(FollowedApp followed, Func<FollowedTask, bool> isGone)
    {
        foreach (var (id, task) in followed.Tasks)
        {
            if (!isGone(task))
            {
                continue;
            }

            followed.Tasks.Remove(id);
            foreach (var probe in task.Probes)
            {
                probe.IsGone = true;
                Count--;
                _gone += probe.IsQueued ? 1 : 0;
            }
        }
    }

    private void Enqueue(Probe probe, DateTimeOffset due)
    {
        probe.IsQueued = true;
        _queue.Enqueue(probe, due);
    }

    /// <summary>Null while an address that is to be asked is not known yet.</summary>
    private static List<Probe>? ProbesOf(AppView app, InstanceView instance)
    {
        var spec = app.Definitions.GetValueOrDefault(instance.Version, app.Definition);
        var probes = new List<Probe>();
        for (var i = 0; i < spec.HealthChecks.Count; i++)
        {
            if (!spec.HealthChecks[i].IsAskedByHost)
            {
                continue;
            }

            if (ProbeTarget.Of(spec, instance, i) is not { } target)
            {
                return null;
            }

            probes.Add(new Probe(target));
        }

        return probes;
    }

    private static List<Probe>? ReadinessOf(AppView app, InstanceView instance)
    {
        var spec = app.Definitions.GetValueOrDefault(instance.Version, app.Definition);
        var targets = spec.ReadinessChecks.Select((_, index) => ProbeTarget.OfReadiness(spec, instance, index)).ToList();
        return targets.Contains(null) ? null : [.. targets.Select(target => new Probe(target!))];
    }

    /// <summary>
    /// A task that just started gets a moment first. One that has run for long, known from before a restart, is asked soon,
    /// for nothing is known of its health; all of them spread over the same time.
    /// </summary>
    private DateTimeOffset FirstDue(ProbeTarget target, InstanceView instance, DateTimeOffset now)
    {
        var delay = target.Interval < MaxFirstDelay ? target.Interval : MaxFirstDelay;
        return instance.StartedAt is { } started && started + delay >= now
            ? started + (delay * (1 - (Spread * random())))
            : now + (delay * random());
    }

    private void DropGone()
    {
        while (_queue.TryPeek(out var probe, out _) && probe.IsGone)
        {
            _queue.Dequeue();
            _gone--;
        }
    }

    private sealed class FollowedApp
    {
        public AppView? View { get; set; }

        public long Generation { get; set; }

        public Dictionary<string, FollowedTask> Tasks { get; } = new(StringComparer.Ordinal);
    }

    private sealed class FollowedTask(List<Probe> probes)
    {
        public List<Probe> Probes => probes;

        public long Generation { get; set; }
    }
}
