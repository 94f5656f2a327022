using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Coordination;
using Orchestrator.Core.Marathon;
using Orchestrator.Core.Master;
using Orchestrator.Core.Views.Services;
using Capability = Orchestrator.Core.Contract.Mesos.FrameworkInfo.Types.Capability;

namespace Orchestrator.Core.Simulation.Cluster;

/// <summary>
/// The services engine in the host's process: turns as in its event loop, commits of its own in the host's journal, and a
/// subscription at the master that ends and comes again as the framework driver's does.
/// </summary>
internal sealed class SimulatedServices(ClusterSimulation world, IJournal journal) : ISimulatedFramework
{
    private static readonly TimeSpan s_checkEvery = TimeSpan.FromSeconds(1);
    private readonly MarathonEffects _effects = new();
    private readonly Queue<(MarathonCommand Command, Action<MarathonReply>? Reply)> _waiting = new();
    private readonly List<(Action<MarathonReply> Reply, MarathonReply Value)> _replies = [];
    private readonly Queue<Call> _calls = new();
    private MarathonEngine? _engine;
    private SimulatedConnection? _connection;
    private bool _isSubscribed;
    private string? _durableId;
    private ServicesSnapshot? _before;
    private bool _isCommitting;
    private bool _turnIsDue;
    private DateTimeOffset? _timer;

    public string Name => "services";

    public string? Id { get; private set; }

    public bool IsPartitionAware => true;

    public bool IsUp => _engine is not null;

    public ServicesSnapshot? Snapshot { get; private set; }

    public int Wanted => Snapshot?.Apps.Sum(app => app.Definition.Instances) ?? 0;

    public void Start()
    {
        var engine = new MarathonEngine(new MarathonOptions { Seed = world.Random.NextUInt64() }, journal.Load(MarathonEffects.Area), world.Queue.Now);
        _engine = engine;
        Snapshot = engine.Publish(world.Queue.Now);
        if (_durableId is not null && Snapshot.FrameworkId != _durableId)
        {
            world.Oracle.Fail(Name, $"the services were {_durableId} and are {Snapshot.FrameworkId} after a restart");
        }

        Id = Snapshot.FrameworkId;
        CheckInstances(Snapshot);
        world.Oracle.ServicesStarted(Snapshot);
        ScheduleTurn();
        world.Queue.After(TimeSpan.FromMilliseconds(10), () => Subscribe(engine));
        world.Queue.After(s_checkEvery, () => CheckHealth(engine));
    }

    /// <summary>The host's process died.</summary>
    public void Die()
    {
        // In the middle of a commit nobody knows what is stored.
        _before = _isCommitting ? null : Snapshot;
        _isCommitting = false;
        _engine = null;
        Snapshot = null;
        _timer = null;
        _isSubscribed = false;
        _waiting.Clear();
        _replies.Clear();
        _calls.Clear();
        if (_connection is { } connection)
        {
            _connection = null;
            connection.ClientClosed = null;
            connection.EndByClient();
        }
    }

    /// <summary>The stream overflows: what is under way is lost.</summary>
    public void CutLink() => _connection?.Cut(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(5));

    /// <summary>Hands a command over; the reply comes once the turn is durable, and never from a process that died.</summary>
    public void Post(MarathonCommand command, Action<MarathonReply>? reply = null)
    {
        if (_engine is not null)
        {
            _waiting.Enqueue((command, reply));
            ScheduleTurn();
        }
    }

    public bool Wants(string taskId) => Snapshot is { } snapshot && snapshot.Apps.Any(app => app.Instances.Any(instance => instance.TaskId == taskId));

    public string? Unsettled()
    {
        if (Snapshot is not { Connected: true } snapshot)
        {
            return "the services are not subscribed";
        }

        if (snapshot.Deployments.Count > 0)
        {
            return $"{snapshot.Deployments.Count} deployments still run, the first on {string.Join(", ", snapshot.Deployments[0].AffectedApps)} at step {snapshot.Deployments[0].CurrentStep} of {snapshot.Deployments[0].Steps.Count}; {Say(snapshot)}";
        }

        foreach (var app in snapshot.Apps)
        {
            if (app.Instances.Count != app.Definition.Instances || app.Instances.Any(instance => instance.State != "TASK_RUNNING" || (app.Definition.HealthChecks.Count > 0 && instance.Healthy != true)))
            {
                return Say(snapshot);
            }
        }

        return null;
    }

    /// <summary>What ran before the host died is there still, under its name.</summary>
    private void CheckInstances(ServicesSnapshot restored)
    {
        var known = restored.Apps.SelectMany(app => app.Instances).Select(instance => (instance.Id, instance.TaskId)).ToHashSet();
        foreach (var instance in _before?.Apps.SelectMany(app => app.Instances) ?? [])
        {
            if (!known.Contains((instance.Id, instance.TaskId)))
            {
                world.Oracle.Fail(instance.Id, $"the services were started again and forgot {instance.Id} with {instance.TaskId}");
            }
        }
    }

    private static string Say(ServicesSnapshot snapshot) => string.Join("; ", snapshot.Apps.Select(app =>
        $"{app.Id} wants {app.Definition.Instances}, has {string.Join(", ", app.Instances.Select(instance => $"{instance.TaskId} {instance.Condition} healthy={instance.Healthy}"))}"));

    private void Subscribe(MarathonEngine engine)
    {
        if (_engine != engine || _connection is not null)
        {
            return;
        }

        var info = new FrameworkInfo { Name = "marathon", User = "root", FailoverTimeout = 604_800, Checkpoint = true, Roles = { "*" } };
        foreach (var type in new[] { Capability.Types.Type.MultiRole, Capability.Types.Type.PartitionAware, Capability.Types.Type.TaskKillingState })
        {
            info.Capabilities.Add(new Capability { Type = type });
        }

        var call = new Call { Type = Call.Types.Type.Subscribe, Subscribe = new Call.Types.Subscribe { FrameworkInfo = info } };
        if (Snapshot!.FrameworkId is { } id)
        {
            info.Id = call.FrameworkId = new FrameworkID { Value = id };
        }

        var connection = new SimulatedConnection(world.Queue, world.Random, TimeSpan.FromMilliseconds(1), new Primitives.StreamId(world.Random.NextGuid()));
        _connection = connection;
        connection.ClientClosed = () => OnClosed(engine, connection);
        world.Host.Open(connection, (Event message) => Receive(connection, message));
        connection.Up(() => world.Host.Post(new MasterCommand.SubscribeScheduler(connection.Id, call, null)));
    }

    private void OnClosed(MarathonEngine engine, SimulatedConnection connection)
    {
        if (_connection != connection)
        {
            return;
        }

        world.Trace.Add(Name, "stream lost");
        _connection = null;
        _isSubscribed = false;
        Post(new MarathonCommand.Disconnected(), _ =>
        {
            _calls.Clear();
            world.Queue.After(TimeSpan.FromMilliseconds(250), () => Subscribe(engine));
        });
    }

    private void Receive(SimulatedConnection connection, Event message)
    {
        if (_connection != connection)
        {
            return;
        }

        switch (message.Type)
        {
            case Event.Types.Type.Subscribed:
                world.Trace.Add(Name, $"are subscribed as {message.Subscribed.FrameworkId.Value}");
                if (Id is not null && Id != message.Subscribed.FrameworkId.Value)
                {
                    world.Oracle.Fail(Name, $"the services were {Id} and are {message.Subscribed.FrameworkId.Value} now");
                }

                Id = message.Subscribed.FrameworkId.Value;
                _isSubscribed = true;
                SendCalls();
                break;
            case Event.Types.Type.Update:
                world.Trace.Add(Name, $"hear {message.Update.Status.TaskId.Value} is {message.Update.Status.State}{(message.Update.Status.HasUuid ? "" : " (no uuid)")}: {message.Update.Status.Message}");
                world.Oracle.StatusReceived(this, message.Update.Status);
                break;
            case Event.Types.Type.Error:
                world.Oracle.Fail(Name, $"the services got an error: {message.Error.Message}");
                break;
        }

        Post(new MarathonCommand.SchedulerEvent(message));
    }

    private void SendCalls()
    {
        while (_isSubscribed && _connection is { } connection && _calls.TryDequeue(out var call))
        {
            call.FrameworkId = new FrameworkID { Value = Id };
            Note(call);
            connection.Up(() => world.Host.Post(new MasterCommand.CallScheduler(connection.Id.ToString(), call, null), reply =>
            {
                if (reply.Status >= 400 && _connection == connection)
                {
                    world.Trace.Add(Name, $"hear that {call.Type} was refused: {reply.Message}");
                }
            }));
        }
    }

    private void Note(Call call)
    {
        if (call.Accept is { } accept)
        {
            foreach (var task in accept.Operations.SelectMany(operation => operation.Launch?.TaskInfos ?? []))
            {
                world.Trace.Add(Name, $"launch {task.TaskId.Value} on {task.AgentId.Value}");
            }
        }
        else if (call.Kill is { } kill)
        {
            world.Trace.Add(Name, $"kill {kill.TaskId.Value}");
        }
    }

    private void ScheduleTurn()
    {
        if (_turnIsDue)
        {
            return;
        }

        _turnIsDue = true;
        var pause = world.Random.NextInt32(4) == 0 ? TimeSpan.FromMilliseconds(5 * world.Random.NextDouble()) : TimeSpan.Zero;
        world.Queue.After(pause, () =>
        {
            _turnIsDue = false;
            if (_engine is not null)
            {
                Turn(_engine);
            }
        });
    }

    private void Turn(MarathonEngine engine)
    {
        var now = world.Queue.Now;
        _effects.Clear();
        while (_waiting.TryDequeue(out var item))
        {
            var reply = engine.Apply(item.Command, now, _effects);
            if (item.Reply is not null)
            {
                _replies.Add((item.Reply, reply));
            }
        }

        engine.Advance(now, _effects);
        _isCommitting = true;
        if (_effects.Records.Count > 0 && !world.Host.Commit(_effects.Records))
        {
            return;
        }

        _isCommitting = false;
        Snapshot = engine.Publish(now);
        _durableId = Snapshot.FrameworkId;
        foreach (var call in _effects.Calls)
        {
            _calls.Enqueue(call.Clone());
        }

        SendCalls();
        foreach (var (reply, value) in _replies.ToArray())
        {
            reply(value);
        }

        _replies.Clear();
        SetTimer(engine);
    }

    private void SetTimer(MarathonEngine engine)
    {
        if (engine.NextDue is not { } due || _timer <= due)
        {
            return;
        }

        _timer = due;
        world.Queue.At(due, () =>
        {
            _timer = _timer == due ? null : _timer;
            if (_engine == engine)
            {
                ScheduleTurn();
            }
        });
    }

    /// <summary>The checks that the host asks: a container that runs answers.</summary>
    private void CheckHealth(MarathonEngine engine)
    {
        if (_engine != engine)
        {
            return;
        }

        foreach (var instance in Snapshot!.Apps.SelectMany(app => app.Instances))
        {
            if (instance.State == "TASK_RUNNING")
            {
                Post(new MarathonCommand.HealthChecked(instance.TaskId, 0, world.Oracle.IsRunning(Id!, instance.TaskId), "does not answer"));
            }
        }

        world.Queue.After(s_checkEvery, () => CheckHealth(engine));
    }
}
