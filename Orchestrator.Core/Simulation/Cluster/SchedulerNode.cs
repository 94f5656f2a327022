using System.Globalization;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Master;
using Orchestrator.Core.Resources;
using Capability = Orchestrator.Core.Contract.Mesos.FrameworkInfo.Types.Capability.Types.Type;

namespace Orchestrator.Core.Simulation.Cluster;

/// <summary>
/// A framework that wants a number of tasks to run, knows for certain what it launched (it writes before it acts), and
/// complains when it is told something that cannot be.
/// </summary>
internal sealed class SchedulerNode(ClusterSimulation world, int number, int wanted, bool partitionAware) : ISimulatedFramework
{
    private static readonly TimeSpan s_reconcileEvery = TimeSpan.FromSeconds(30);
    private readonly Dictionary<string, Launched> _tasks = [];
    private readonly HashSet<string> _ended = [];
    private SimulatedConnection? _connection;
    private bool _isSubscribed;
    private string? _id;
    private int _launches;
    private DateTimeOffset _cutOffUntil;

    /// <summary>One task that was launched and is not known to have ended. Written before it is launched.</summary>
    private sealed record Launched(string AgentId)
    {
        public TaskState State { get; set; } = TaskState.TaskStaging;

        public bool IsUnwanted { get; set; }
    }

    public string Name { get; } = string.Create(CultureInfo.InvariantCulture, $"scheduler{number}");

    public int Wanted => wanted;

    /// <summary>Its framework id; null before it first subscribed.</summary>
    public string? Id => _id;

    public bool IsPartitionAware => partitionAware;

    /// <summary>Tasks that it takes for running, and no others that it waits for.</summary>
    private bool IsSettled => _isSubscribed && _tasks.Count == wanted && _tasks.Values.All(task => task is { State: TaskState.TaskRunning, IsUnwanted: false });

    /// <inheritdoc/>
    public bool Wants(string taskId) => _tasks.ContainsKey(taskId);

    /// <inheritdoc/>
    public string? Unsettled() => IsSettled ? null : Say();

    private int Missing => wanted - _tasks.Values.Count(task => !task.IsUnwanted && task.State != TaskState.TaskUnreachable);

    private string Say() => $"{Name} wants {wanted}, has {string.Join(", ", _tasks.Select(task => $"{task.Key} {task.Value.State}{(task.Value.IsUnwanted ? " (unwanted)" : "")} on {task.Value.AgentId}"))}";

    public void Start()
    {
        Subscribe();
        Reconcile();
    }

    public void Crash()
    {
        world.Trace.Add(Name, "crashes");
        _connection?.EndByClient();
        Forget();
        world.Queue.After(TimeSpan.FromSeconds(1 + (15 * world.Random.NextDouble())), Subscribe);
    }

    public void CutLink() => _connection?.Cut(Soon(3), Soon(3));

    /// <summary>Loses its network; it notices by missing heartbeats.</summary>
    public void CutOff(TimeSpan duration)
    {
        world.Trace.Add(Name, $"is cut off for {duration.TotalSeconds:0} s");
        _cutOffUntil = world.Queue.Now + duration;
        _connection?.Cut(Soon(45), null);
    }

    /// <summary>Kills one of its tasks, which is then missing.</summary>
    public void KillOne()
    {
        var running = _tasks.Where(task => task.Value is { State: TaskState.TaskRunning, IsUnwanted: false }).Select(task => task.Key).ToArray();
        if (running.Length > 0)
        {
            var victim = running[world.Random.NextInt32(running.Length)];
            _tasks[victim].IsUnwanted = true;
            Kill(victim);
        }
    }

    private TimeSpan Soon(int seconds) => TimeSpan.FromSeconds(seconds * world.Random.NextDouble());

    private void Subscribe()
    {
        if (_connection is not null)
        {
            return;
        }

        if (!world.Host.IsUp || world.Queue.Now < _cutOffUntil)
        {
            world.Queue.After(TimeSpan.FromSeconds(1), Subscribe);
            return;
        }

        var info = new FrameworkInfo { Name = Name, User = "nobody", FailoverTimeout = 604_800, Checkpoint = true };
        info.Capabilities.Add(new FrameworkInfo.Types.Capability { Type = Capability.TaskKillingState });
        if (partitionAware)
        {
            info.Capabilities.Add(new FrameworkInfo.Types.Capability { Type = Capability.PartitionAware });
        }

        var call = new Call { Type = Call.Types.Type.Subscribe, Subscribe = new Call.Types.Subscribe { FrameworkInfo = info } };
        if (_id is not null)
        {
            info.Id = call.FrameworkId = new FrameworkID { Value = _id };
        }

        var connection = world.Connect();
        _connection = connection;
        connection.ClientClosed = () =>
        {
            if (_connection == connection)
            {
                world.Trace.Add(Name, "stream lost");
                Forget();
                world.Queue.After(Soon(3), Subscribe);
            }
        };
        world.Host.Open(connection, (Event message) => Receive(connection, message));
        connection.Up(() => world.Host.Post(new MasterCommand.SubscribeScheduler(connection.Id, call, null)));
    }

    private void Forget()
    {
        _connection = null;
        _isSubscribed = false;
    }

    private void Receive(SimulatedConnection connection, Event original)
    {
        if (_connection != connection || world.Tamper.SchedulerEvent(this, original) is not { } message)
        {
            return;
        }

        switch (message.Type)
        {
            case Event.Types.Type.Subscribed:
                OnSubscribed(message.Subscribed.FrameworkId.Value);
                break;
            case Event.Types.Type.Offers:
                foreach (var offer in message.Offers.Offers_)
                {
                    Use(offer);
                }

                break;
            case Event.Types.Type.Update:
                OnUpdate(message.Update.Status);
                break;
            case Event.Types.Type.Error:
                world.Oracle.Fail(Name, $"{Name} got an error: {message.Error.Message}");
                break;
        }
    }

    private void OnSubscribed(string id)
    {
        world.Trace.Add(Name, $"is subscribed as {id}");
        if (_id is not null && _id != id)
        {
            world.Oracle.Fail(Name, $"{Name} was {_id} and is {id} now");
        }

        _id = id;
        _isSubscribed = true;
        ReconcileNow();
    }

    private void Use(Offer offer)
    {
        var rest = ResourceList.FromProto(offer.Resources);
        var launch = new Offer.Types.Operation { Type = Offer.Types.Operation.Types.Type.Launch, Launch = new Offer.Types.Operation.Types.Launch() };
        while (Missing > 0 && launch.Launch.TaskInfos.Count < 2 && Make(offer, ref rest) is { } task)
        {
            launch.Launch.TaskInfos.Add(task);
            _tasks.Add(task.TaskId.Value, new Launched(offer.AgentId.Value));
            world.Trace.Add(Name, $"launches {task.TaskId.Value} on {offer.AgentId.Value}");
        }

        var filters = new Filters { RefuseSeconds = 1 + world.Random.NextInt32(4) };
        Send(launch.Launch.TaskInfos.Count == 0
            ? new Call { Type = Call.Types.Type.Decline, Decline = new Call.Types.Decline { OfferIds = { offer.Id }, Filters = filters } }
            : new Call { Type = Call.Types.Type.Accept, Accept = new Call.Types.Accept { OfferIds = { offer.Id }, Operations = { launch }, Filters = filters } });
    }

    private TaskInfo? Make(Offer offer, ref ResourceList rest)
    {
        var port = rest.Ranges("ports") is { Count: > 0 } ranges ? ranges[0].Begin : 0;
        var needs = ResourceList.Parse(string.Create(CultureInfo.InvariantCulture, $"cpus:{0.2 + (0.2 * world.Random.NextInt32(3))};mem:{64 << world.Random.NextInt32(4)};ports:[{port}-{port}]"));
        if (port == 0 || !rest.Contains(needs))
        {
            return null;
        }

        rest -= needs;
        var task = new TaskInfo
        {
            Name = "task",
            TaskId = new TaskID { Value = string.Create(CultureInfo.InvariantCulture, $"t{number}.{++_launches}") },
            AgentId = offer.AgentId,
            Command = new CommandInfo { Value = "run" },
            Labels = new Labels(),
        };
        task.Resources.Add(needs.ToProto(ResourceFormat.PreRefinement));
        task.Labels.Labels_.Add(new Label { Key = SimulatedProgram.Label, Value = world.ProgramOfNewTask() });
        if (world.Random.NextInt32(4) == 0)
        {
            task.HealthCheck = new HealthCheck { Type = HealthCheck.Types.Type.Command, Command = new CommandInfo { Value = "true" }, DelaySeconds = 1, IntervalSeconds = 5 };
        }

        return task;
    }

    private void OnUpdate(TaskStatus status)
    {
        var id = status.TaskId.Value;
        world.Trace.Add(Name, $"hears {id} is {status.State}{(status.HasUuid ? "" : " (no uuid)")}: {status.Message}");
        world.Oracle.StatusReceived(this, status);
        if (status.HasUuid)
        {
            Acknowledge(status);
        }

        if (IsEnd(status.State))
        {
            _ended.Add(id);
            _tasks.Remove(id);
        }
        else if (_tasks.TryGetValue(id, out var task))
        {
            task.State = status.State;
            if (status.State == TaskState.TaskRunning && Missing < 0)
            {
                task.IsUnwanted = true;
            }

            if (task.IsUnwanted && status.State is TaskState.TaskRunning or TaskState.TaskStarting)
            {
                Kill(id);
            }
        }
        else if (!_ended.Contains(id))
        {
            world.Oracle.Fail(id, $"{Name} was told that {id} is {status.State} but never launched it");
        }
        else if (partitionAware && status.State != TaskState.TaskUnreachable)
        {
            // That its agent is unreachable is said of any task, also of one that never reached it.
            world.Oracle.Fail(id, $"{Name} was told that {id} had ended, and now that it is {status.State}");
        }
        else if (status.State is TaskState.TaskRunning or TaskState.TaskStarting)
        {
            Kill(id);
        }
    }

    /// <summary>Acknowledges a status that was received.</summary>
    public void Acknowledge(TaskStatus status) => Send(new Call
    {
        Type = Call.Types.Type.Acknowledge,
        Acknowledge = new Call.Types.Acknowledge { AgentId = status.AgentId, TaskId = status.TaskId, Uuid = status.Uuid },
    });

    private void Kill(string id)
    {
        // Without its agent the master could only say that it knows of no such task.
        var agent = _tasks.GetValueOrDefault(id)?.AgentId;
        world.Trace.Add(Name, $"kills {id}");
        Send(new Call { Type = Call.Types.Type.Kill, Kill = new Call.Types.Kill { TaskId = new TaskID { Value = id }, AgentId = agent is null ? null : new AgentID { Value = agent } } });
    }

    private void Reconcile() => world.Queue.After(s_reconcileEvery, () =>
    {
        ReconcileNow();
        foreach (var (id, task) in _tasks)
        {
            if (task.IsUnwanted)
            {
                Kill(id);
            }
        }

        Reconcile();
    });

    /// <summary>Asks for each task that it knows, and for everything.</summary>
    private void ReconcileNow()
    {
        var call = new Call { Type = Call.Types.Type.Reconcile, Reconcile = new Call.Types.Reconcile() };
        foreach (var (id, task) in _tasks)
        {
            call.Reconcile.Tasks.Add(new Call.Types.Reconcile.Types.Task { TaskId = new TaskID { Value = id }, AgentId = new AgentID { Value = task.AgentId } });
        }

        if (_tasks.Count > 0)
        {
            Send(call);
        }

        Send(new Call { Type = Call.Types.Type.Reconcile, Reconcile = new Call.Types.Reconcile() });
    }

    private void Send(Call call)
    {
        if (_connection is not { } connection || !_isSubscribed || world.Tamper.SchedulerCall(this, call) is not { } tampered)
        {
            return;
        }

        tampered.FrameworkId = new FrameworkID { Value = _id };
        var copy = tampered.Clone();
        connection.Up(() => world.Host.Post(new MasterCommand.CallScheduler(connection.Id.ToString(), copy, null)));
    }

    private static bool IsEnd(TaskState state) => state is not (TaskState.TaskStaging or TaskState.TaskStarting or TaskState.TaskRunning or TaskState.TaskKilling or TaskState.TaskUnreachable);
}
