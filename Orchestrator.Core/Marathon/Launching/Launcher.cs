using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Marathon.Daemons;
using Orchestrator.Core.Marathon.Instances;
using Orchestrator.Core.Marathon.Pods;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Core.Marathon.Launching;

/// <summary>
/// Places what waits on offers. Offers that came together are filled in turns, one instance each, so that an app spreads; apps
/// take turns on an offer, in random order. Unlike Marathon there is no limit of launches for an offer (5 there) or for a time
/// (100 in 30 s there): those limits make a large app start slowly, and one turn here is bounded by
/// <see cref="MaxTriesPerTurn"/>.
/// </summary>
internal sealed class Launcher(ServicesState state, InstanceBook instances)
{
    /// <summary>Offers that are filled together.</summary>
    public const int MaxBatch = 256;

    /// <summary>Apps held against offers in one turn; what is left over is declined for a short time.</summary>
    public const int MaxTriesPerTurn = 20_000;

    /// <summary>Offers that wait to be looked at; beyond, the oldest are declined for a short time.</summary>
    public const int MaxPendingOffers = 10_000;

    private readonly TaskBuilder _builder = new(state.Options);
    private readonly PodTaskBuilder _pods = new(state.Options);
    private readonly Queue<Offer> _pending = new();
    private readonly HashSet<string> _rescinded = [];

    /// <summary>The placement rules of the apps that were looked at in this turn.</summary>
    private readonly Dictionary<AppState, PlacementRules> _rules = [];

    /// <summary>The agents where an instance is, of the apps with one on every agent that were looked at in this turn.</summary>
    private readonly Dictionary<AppState, HashSet<string>> _occupied = [];

    /// <summary>Whether offers are left for another turn.</summary>
    public bool HasOffers => _pending.Count > 0;

    /// <summary>Offers arrived.</summary>
    public void Receive(Turn turn, IEnumerable<Offer> offers)
    {
        foreach (var offer in offers)
        {
            _pending.Enqueue(offer);
        }

        var late = new List<Offer>();
        while (_pending.Count > MaxPendingOffers)
        {
            late.Add(_pending.Dequeue());
        }

        Decline(turn, late, null);
    }

    /// <summary>An offer is void.</summary>
    public void Rescind(string offerId)
    {
        if (_pending.Any(offer => offer.Id.Value == offerId))
        {
            _rescinded.Add(offerId);
        }
    }

    /// <summary>The subscription broke: all offers are void.</summary>
    public void Disconnected()
    {
        _pending.Clear();
        _rescinded.Clear();
    }

    /// <summary>Answers the offers that wait.</summary>
    public void Advance(Turn turn)
    {
        if (_pending.Count == 0)
        {
            return;
        }

        var tries = MaxTriesPerTurn;
        var apps = new List<AppState>();
        foreach (var app in state.Waiting)
        {
            if (!app.Backoff.IsDelaying(turn.Now))
            {
                apps.Add(app);
            }
        }

        Shuffle(apps);
        while (_pending.Count > 0 && tries > 0)
        {
            apps.RemoveAll(app => app.Waiting.Count == 0);
            var batch = TakeBatch(apps.Count);
            Fill(turn, batch, apps, ref tries);
            Answer(turn, batch);
        }

        _rules.Clear();
        _occupied.Clear();
    }

    private List<OfferMatch> TakeBatch(int apps)
    {
        var batch = new List<OfferMatch>();
        while (batch.Count < MaxBatch && _pending.TryDequeue(out var offer))
        {
            if (!_rescinded.Remove(offer.Id.Value))
            {
                batch.Add(new OfferMatch(new OfferPool(offer, state.Random), apps == 0 ? 0 : state.Random.NextInt32(apps)) { IsDone = apps == 0 });
            }
        }

        return batch;
    }

    /// <summary>One instance on each offer, round after round, until nothing fits any more.</summary>
    private void Fill(Turn turn, List<OfferMatch> batch, List<AppState> apps, ref int tries)
    {
        var progress = apps.Count > 0;
        while (progress && tries > 0)
        {
            progress = false;
            foreach (var match in batch)
            {
                progress |= !match.IsDone && PlaceOne(turn, match, apps, ref tries);
            }
        }
    }

    private bool PlaceOne(Turn turn, OfferMatch match, List<AppState> apps, ref int tries)
    {
        for (var looked = 0; looked < apps.Count; looked++)
        {
            var app = apps[match.Next % apps.Count];
            match.Next = (match.Next + 1) % apps.Count;
            if (app.Waiting.Count == 0 || match.Refused.Contains(app))
            {
                continue;
            }

            if (tries-- <= 0)
            {
                return false;
            }

            if (app.Driven.IsDaemon && !HasRoom(app, match.Pool.Offer.AgentId.Value))
            {
                match.Refused.Add(app);
                NoteUnused(turn, app, match.Pool.Offer, [new OfferRejection("UnfulfilledConstraint", "an agent without an instance", "has one already")]);
                continue;
            }

            var rejections = new List<OfferRejection>();
            var instance = app.Driven.IsResident ? ResidentFor(app, match.Pool, rejections) : app.Waiting[^1];
            if (instance is not null && Take(instance, match.Pool, rejections) is { } placement)
            {
                match.Operations.AddRange(placement.Operations);
                Launch(turn, instance, match, placement);
                return true;
            }

            match.Refused.Add(app);
            NoteUnused(turn, app, match.Pool.Offer, rejections);
        }

        match.IsDone = true;
        return false;
    }

    /// <summary>The instance whose data is on the offer's agent, or one that has none yet; null when all that wait have theirs elsewhere.</summary>
    private static InstanceState? ResidentFor(AppState app, OfferPool pool, List<OfferRejection> rejections)
    {
        InstanceState? fresh = null;
        foreach (var instance in app.Waiting)
        {
            if (pool.Holds(instance))
            {
                return instance;
            }

            fresh ??= instance.Reservation is null ? instance : null;
        }

        if (fresh is null)
        {
            rejections.Add(new OfferRejection("NoCorrespondingReservationFound", "the volumes of an instance", "none of them"));
        }

        return fresh;
    }

    private Placement? Take(InstanceState instance, OfferPool pool, List<OfferRejection> rejections)
    {
        var rules = RulesOf(instance.App);
        if (!instance.Spec.IsResident)
        {
            return pool.Take(instance.Spec, rules, rejections);
        }

        if (instance.Reservation is not null)
        {
            return pool.TakeReserved(instance, rules, rejections);
        }

        var volumes = instance.Spec.Container!.Volumes.Where(volume => volume.Persistent is not null).Select(volume => (volume.ContainerPath, state.Random.NextGuid().ToString())).ToList();
        if (pool.TakeNew(instance, volumes, state.FrameworkId, rules, rejections) is not { } placement)
        {
            return null;
        }

        instance.Reservation = new Reservation(pool.Offer.AgentId.Value, instance.Incarnation + 1, volumes, placement.Ports);
        return placement;
    }

    /// <summary>Whether nobody needs what is reserved on an agent for an instance.</summary>
    private bool IsStray(string? frameworkId, string instanceId, string agentId) =>
        frameworkId == state.FrameworkId && !(state.Instances.TryGetValue(instanceId, out var instance) && instance.Reservation?.AgentId == agentId);

    private void Launch(Turn turn, InstanceState instance, OfferMatch match, Placement placement)
    {
        var app = instance.App;
        var pool = match.Pool;
        var ports = TaskBuilder.PortsOf(instance.Spec, placement);
        instance.Incarnation++;
        instance.AgentId = pool.Offer.AgentId.Value;
        instance.Host = pool.Offer.Hostname;
        instance.Attributes = pool.Fields;
        RulesOf(app).Add(pool.Fields);
        _occupied.GetValueOrDefault(app)?.Add(instance.AgentId);
        instance.Ports = placement.Ports.Any(port => port is not null) ? ports : [];
        app.ProcessedOffers++;
        app.LastUsedOfferAt = turn.Now;
        app.Unused.Remove(instance.AgentId);
        instances.Launched(turn, instance);
        if (instance.Spec.Pod is { } pod)
        {
            match.Groups.Add(_pods.Build(instance, pod, pool.Offer, placement, ports));
        }
        else
        {
            match.Tasks.Add(_builder.Build(instance, pool.Offer, placement, ports));
        }
    }

    private void NoteUnused(Turn turn, AppState app, Offer offer, List<OfferRejection> rejections)
    {
        app.ProcessedOffers++;
        app.UnusedOffers++;
        app.LastUnusedOfferAt = turn.Now;
        app.Unused.Remove(offer.AgentId.Value);
        if (app.Unused.Count >= AppState.MaxUnusedOffers)
        {
            app.Unused.Remove(app.Unused.MinBy(unused => unused.Value.At).Key);
        }

        app.Unused[offer.AgentId.Value] = new UnusedOfferView(offer.Id.Value, offer.AgentId.Value, offer.Hostname, turn.Now, offer, rejections);
        state.Show(app);
    }

    private bool HasRoom(AppState app, string agentId)
    {
        if (!_occupied.TryGetValue(app, out var occupied))
        {
            _occupied[app] = occupied = DaemonBook.Occupied(app);
        }

        return state.Daemons.Knows(agentId) && !occupied.Contains(agentId);
    }

    private PlacementRules RulesOf(AppState app)
    {
        if (!_rules.TryGetValue(app, out var rules))
        {
            _rules[app] = rules = app.Driven.Constraints.Count == 0 ? PlacementRules.None : new PlacementRules(app.Driven.Constraints, app.Placed);
        }

        return rules;
    }

    private void Answer(Turn turn, List<OfferMatch> batch)
    {
        var unused = new List<Offer>();
        var unfinished = new List<Offer>();
        foreach (var match in batch)
        {
            var released = new HashSet<string>();
            match.Operations.AddRange(match.Pool.Clean((framework, instance) => IsStray(framework, instance, match.Pool.Offer.AgentId.Value), released));
            foreach (var instance in released)
            {
                state.Released.Remove(instance);
            }

            if (match.Tasks.Count > 0 || match.Groups.Count > 0 || match.Operations.Count > 0)
            {
                var accept = new Call.Types.Accept();
                accept.OfferIds.Add(match.Pool.Offer.Id);
                accept.Operations.Add(match.Operations);
                if (match.Tasks.Count > 0)
                {
                    var launch = new Offer.Types.Operation { Type = Offer.Types.Operation.Types.Type.Launch, Launch = new Offer.Types.Operation.Types.Launch() };
                    launch.Launch.TaskInfos.Add(match.Tasks);
                    accept.Operations.Add(launch);
                }

                accept.Operations.Add(match.Groups);
                turn.Effects.Send(new Call { Type = Call.Types.Type.Accept, Accept = accept });
            }
            else
            {
                (match.IsDone ? unused : unfinished).Add(match.Pool.Offer);
            }
        }

        Decline(turn, unused, new Filters { RefuseSeconds = state.Options.DeclineOfferDuration.TotalSeconds });
        Decline(turn, unfinished, null);
    }

    /// <summary>Declines; without filters for as long as the master does by itself (5 s).</summary>
    private static void Decline(Turn turn, List<Offer> offers, Filters? filters)
    {
        if (offers.Count == 0)
        {
            return;
        }

        var decline = new Call.Types.Decline { Filters = filters };
        decline.OfferIds.Add(offers.Select(offer => offer.Id));
        turn.Effects.Send(new Call { Type = Call.Types.Type.Decline, Decline = decline });
    }

    private void Shuffle(List<AppState> apps)
    {
        for (var i = apps.Count - 1; i > 0; i--)
        {
            var other = state.Random.NextInt32(i + 1);
            (apps[i], apps[other]) = (apps[other], apps[i]);
        }
    }

    /// <summary>One offer while it is being filled.</summary>
    private sealed class OfferMatch(OfferPool pool, int first)
    {
        public OfferPool Pool => pool;

        /// <summary>Index of the app that is next.</summary>
        public int Next { get; set; } = first;

        /// <summary>Nothing that waits fits any more.</summary>
        public bool IsDone { get; set; }

        public HashSet<AppState> Refused { get; } = [];

        /// <summary>Reservations and volumes that are made for the tasks, or given back.</summary>
        public List<Offer.Types.Operation> Operations { get; } = [];

        public List<TaskInfo> Tasks { get; } = [];

        /// <summary>LAUNCH_GROUP, one for each pod.</summary>
        public List<Offer.Types.Operation> Groups { get; } = [];
    }
}
