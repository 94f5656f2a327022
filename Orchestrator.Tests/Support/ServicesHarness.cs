using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Marathon;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Tests.Support;

/// <summary>
/// A services engine with a hand-set clock and a small master played by hand: agents with resources, offers, tasks. What the
/// engine calls is done after the turn, as its edge would; what the master then says is queued until <see cref="Run"/>.
/// </summary>
internal sealed class ServicesHarness
{
    internal const string FrameworkName = "master-0000";

    /// <summary>What the engine puts off only to do more at once.</summary>
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(100);

    private readonly Queue<Event> _events = new();
    private readonly Dictionary<string, Offer> _offers = [];
    private readonly SeededRandom _random;
    private readonly Func<MarathonOptions, MarathonOptions> _change;
    private readonly string _role;
    private int _offerCount;
    private bool _suppressed;

    internal ServicesHarness(Func<MarathonOptions, MarathonOptions>? change = null, ulong seed = 7, ServicesHarness? earlier = null)
    {
        _change = change ?? (options => options);
        _random = new SeededRandom(seed);
        if (earlier is not null)
        {
            Now = earlier.Now;
            Journal = new(earlier.Journal);
            Tasks = earlier.Tasks;
            Agents = earlier.Agents;
            Kept = earlier.Kept;
            AutoRun = earlier.AutoRun;
            AutoKill = earlier.AutoKill;
        }

        var options = _change(new MarathonOptions { Seed = seed });
        _role = options.Role;
        Engine = new MarathonEngine(options, Journal.Select(row => new JournalRecord(MarathonEffects.Area, row.Key, row.Value)), Now);
    }

    internal MarathonEngine Engine { get; }

    internal DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch.AddDays(20000);

    internal Dictionary<string, byte[]> Journal { get; } = [];

    /// <summary>Each record in the order in which it became durable.</summary>
    internal List<(string Key, byte[]? Value)> Log { get; } = [];

    internal MarathonEffects Effects { get; } = new();

    internal List<MarathonEvent> Events { get; } = [];

    /// <summary>Everything that the engine called, in order.</summary>
    internal List<Call> Calls { get; } = [];

    /// <summary>The tasks that the master has.</summary>
    internal Dictionary<string, MasterTask> Tasks { get; } = [];

    /// <summary>Agents by id: cpus that are left.</summary>
    internal SortedDictionary<string, double> Agents { get; } = new() { ["S1"] = 100, ["S2"] = 100, ["S3"] = 100 };

    /// <summary>What is reserved on agents and no task uses.</summary>
    internal Dictionary<string, ResourceList> Kept { get; } = [];

    /// <summary>Whether launched tasks run at once.</summary>
    internal bool AutoRun { get; set; } = true;

    /// <summary>Whether kills end tasks at once.</summary>
    internal bool AutoKill { get; set; } = true;

    /// <summary>Called before every turn.</summary>
    internal Action? BeforeTurn { get; set; }

    /// <summary>Called after every turn, when what it called is done.</summary>
    internal Action? AfterTurn { get; set; }

    internal ServicesSnapshot Snapshot => Engine.Publish(Now);

    internal ServicesHarness Subscribed(string frameworkId = FrameworkName)
    {
        _suppressed = false;
        _offers.Clear();
        _events.Enqueue(new Event { Type = Event.Types.Type.Subscribed, Subscribed = new Event.Types.Subscribed { FrameworkId = new FrameworkID { Value = frameworkId }, HeartbeatIntervalSeconds = 15 } });
        MakeOffers();
        Run();
        return this;
    }

    /// <summary>One turn with one command.</summary>
    internal MarathonReply Tell(MarathonCommand command)
    {
        BeforeTurn?.Invoke();
        Effects.Clear();
        var reply = Engine.Apply(command, Now, Effects);
        Engine.Advance(Now, Effects);
        AfterApply();
        return reply;
    }

    /// <summary>Lets the master say what it has to say until nobody has anything to do, now or in a moment.</summary>
    internal void Run()
    {
        for (var turns = 0; ; turns++)
        {
            Assert.True(turns < 200_000, "the engine and the master never come to rest");
            if (_events.TryDequeue(out var next))
            {
                Tell(new MarathonCommand.SchedulerEvent(next));
            }
            else if (Engine.NextDue <= Now + s_moment)
            {
                Now = Engine.NextDue.Value > Now ? Engine.NextDue.Value : Now;
                Advance();
            }
            else
            {
                return;
            }
        }
    }

    /// <summary>Hands the engine one event of those that wait.</summary>
    internal void RunOne() => Tell(new MarathonCommand.SchedulerEvent(_events.Dequeue()));

    /// <summary>Time passes; whatever falls due in it is done at its time.</summary>
    internal void Pass(TimeSpan time)
    {
        var end = Now + time;
        for (var turns = 0; Engine.NextDue <= end; turns++)
        {
            Assert.True(turns < 100_000, "the engine is due for ever");
            Now = Engine.NextDue.Value > Now ? Engine.NextDue.Value : Now;
            Advance();
            Run();
        }

        Now = end;
        Advance();
        Run();
    }

    internal MarathonReply Create(string json, bool force = false)
    {
        var reply = Tell(new MarathonCommand.CreateApp(Json(json), force, Origin));
        Run();
        return reply;
    }

    internal MarathonReply Update(string id, string json, bool partial = true, bool force = false, bool mayCreate = true)
    {
        var reply = Tell(new MarathonCommand.UpdateApps(id, Json(json), partial, mayCreate, force, Origin));
        Run();
        return reply;
    }

    internal MarathonReply Delete(string id, bool force = true)
    {
        var reply = Tell(new MarathonCommand.DeleteApp(id, force, Origin));
        Run();
        return reply;
    }

    internal MarathonReply Restart(string id, bool force = false)
    {
        var reply = Tell(new MarathonCommand.RestartApp(id, force, Origin));
        Run();
        return reply;
    }

    internal MarathonReply Kill(string? appId, IReadOnlyList<string>? ids = null, string? host = null, bool scale = false, bool wipe = false, bool force = false)
    {
        var reply = Tell(new MarathonCommand.KillTasks(appId, ids, host, scale, wipe, force, Origin));
        Run();
        return reply;
    }

    internal void Check(string taskId, bool? alive, int index = 0, string? cause = null)
    {
        Tell(new MarathonCommand.HealthChecked(taskId, index, alive, cause));
        Run();
    }

    /// <summary>All running instances of the app answer their checks so.</summary>
    internal void CheckAll(string appId, bool alive)
    {
        foreach (var instance in App(appId).Instances.Where(instance => instance.State == "TASK_RUNNING"))
        {
            Check(instance.TaskId, alive);
        }
    }

    /// <summary>The agent says what became of a task.</summary>
    internal void Say(string taskId, TaskState state, TaskStatus.Types.Reason? reason = null, string message = "", bool? healthy = null)
    {
        Queue(taskId, state, reason, message, healthy);
        Run();
    }

    internal void Queue(string taskId, TaskState state, TaskStatus.Types.Reason? reason = null, string message = "", bool? healthy = null)
    {
        var status = new TaskStatus { TaskId = new TaskID { Value = taskId }, State = state, Message = message, Uuid = ByteString.CopyFrom(_random.NextGuid().ToByteArray()) };
        if (reason is { } because)
        {
            status.Reason = because;
        }

        if (healthy is { } is_)
        {
            status.Healthy = is_;
        }

        if (Tasks.TryGetValue(taskId, out var task))
        {
            status.AgentId = task.Info.AgentId;
            task.State = state;
            if (state is TaskState.TaskFinished or TaskState.TaskFailed or TaskState.TaskKilled or TaskState.TaskError or TaskState.TaskGone)
            {
                Tasks.Remove(taskId);
                Free(task.Info);
                MakeOffers();
            }
        }

        _events.Enqueue(new Event { Type = Event.Types.Type.Update, Update = new Event.Types.Update { Status = status } });
    }

    /// <summary>A second engine that starts from the journal of this one, as after kill -9; the master goes on.</summary>
    internal ServicesHarness Restart(ulong seed = 99)
    {
        var next = new ServicesHarness(_change, seed, this);
        next.Advance();
        return next;
    }

    internal AppView App(string id = "/web") => Snapshot.FindApp(id)!;

    internal string[] TaskIds(string id = "/web") => [.. App(id).Instances.Select(instance => instance.TaskId)];

    internal IEnumerable<JsonElement> EventsOf(string type) => Events.Where(happened => happened.EventType == type).Select(happened => Json(Encoding.UTF8.GetString(happened.Json.Span)));

    /// <summary>What the master had to say gets lost.</summary>
    internal void DropEvents() => _events.Clear();

    internal void Disconnect()
    {
        _events.Clear();
        Tell(new MarathonCommand.Disconnected());
    }

    internal static CommandOrigin Origin { get; } = new("10.0.0.9", "/v2/apps");

    internal static JsonElement Json(string json)
    {
        using var document = JsonDocument.Parse(json.Replace('\'', '"'));
        return document.RootElement.Clone();
    }

    internal static JsonElement Body(MarathonReply reply)
    {
        using var document = JsonDocument.Parse(reply.Json);
        return document.RootElement.Clone();
    }

    /// <summary>One turn without a command.</summary>
    internal void Advance()
    {
        BeforeTurn?.Invoke();
        Effects.Clear();
        Engine.Advance(Now, Effects);
        AfterApply();
    }

    private void AfterApply()
    {
        foreach (var record in Effects.Records)
        {
            Assert.Equal(MarathonEffects.Area, record.Area);
            Log.Add((record.Key, record.Value));
            if (record.Value is null)
            {
                Journal.Remove(record.Key);
            }
            else
            {
                Journal[record.Key] = record.Value;
            }
        }

        Events.AddRange(Effects.Events);
        foreach (var call in Effects.Calls.ToArray())
        {
            Calls.Add(call.Clone());
            Do(call);
        }

        AfterTurn?.Invoke();
    }

    private void Do(Call call)
    {
        switch (call.Type)
        {
            case Call.Types.Type.Accept:
                Accept(call.Accept);
                break;
            case Call.Types.Type.Decline:
                foreach (var id in call.Decline.OfferIds)
                {
                    Assert.True(_offers.Remove(id.Value), $"offer {id.Value} was declined and is not there");
                }

                break;
            case Call.Types.Type.Revive:
                _suppressed = false;
                MakeOffers();
                break;
            case Call.Types.Type.Suppress:
                _suppressed = true;
                break;
            case Call.Types.Type.Kill:
                KillTask(call.Kill.TaskId.Value, call.Kill.AgentId);
                break;
            case Call.Types.Type.Reconcile:
                Reconcile(call.Reconcile);
                break;
        }
    }

    private void Accept(Call.Types.Accept accept)
    {
        var offer = _offers[accept.OfferIds.Single().Value];
        _offers.Remove(offer.Id.Value);
        var rest = ResourceList.FromProto(offer.Resources);
        foreach (var operation in accept.Operations.Where(operation => operation.Launch is null && operation.LaunchGroup is null))
        {
            rest = ResourceConversion.Of(operation).Apply(rest) ?? throw new InvalidOperationException($"{operation} does not fit into {rest.ToFullText()}");
        }

        var launches = accept.Operations.Where(operation => operation.Launch is not null || operation.LaunchGroup is not null);
        foreach (var info in launches.SelectMany(operation => operation.Launch?.TaskInfos ?? operation.LaunchGroup.TaskGroup.Tasks))
        {
            var used = ResourceList.FromProto(info.Resources);
            Assert.True(rest.Contains(used), $"{used.ToFullText()} was launched on {rest.ToFullText()}");
            rest -= used;
            Tasks.Add(info.TaskId.Value, new MasterTask(info.Clone()));
            if (AutoRun)
            {
                Queue(info.TaskId.Value, TaskState.TaskRunning);
            }
        }

        Agents[offer.AgentId.Value] = rest.Unreserved().Scalar("cpus").ToDouble();
        Kept[offer.AgentId.Value] = rest.Where(item => item.IsReserved);
        if (accept.Operations.Any(operation => operation.Launch is null))
        {
            // What operations made and nothing used is offered at once.
            MakeOffers();
        }
    }

    private void Free(TaskInfo info)
    {
        var used = ResourceList.FromProto(info.Resources);
        var agent = info.AgentId.Value;
        Agents[agent] += used.Unreserved().Scalar("cpus").ToDouble();
        Kept[agent] = Kept.GetValueOrDefault(agent, ResourceList.Empty) + used.Where(item => item.IsReserved);
    }

    private void KillTask(string taskId, AgentID? agent)
    {
        if (!Tasks.TryGetValue(taskId, out var task))
        {
            Answer(taskId, agent, TaskState.TaskGone);
        }
        else if (AutoKill && task.State != TaskState.TaskUnreachable)
        {
            Queue(taskId, TaskState.TaskKilled);
        }
    }

    private void Reconcile(Call.Types.Reconcile reconcile)
    {
        foreach (var asked in reconcile.Tasks)
        {
            Answer(asked.TaskId.Value, asked.AgentId, Tasks.TryGetValue(asked.TaskId.Value, out var task) ? task.State : TaskState.TaskGone);
        }

        foreach (var (id, task) in reconcile.Tasks.Count == 0 ? Tasks.ToArray() : [])
        {
            Answer(id, task.Info.AgentId, task.State);
        }
    }

    private void Answer(string taskId, AgentID? agent, TaskState state) => _events.Enqueue(new Event
    {
        Type = Event.Types.Type.Update,
        Update = new Event.Types.Update
        {
            Status = new TaskStatus { TaskId = new TaskID { Value = taskId }, AgentId = agent, State = state, Reason = TaskStatus.Types.Reason.Reconciliation },
        },
    });

    private void MakeOffers()
    {
        if (_suppressed)
        {
            return;
        }

        var offers = new Event.Types.Offers();
        foreach (var (id, cpus) in Agents)
        {
            var kept = Kept.GetValueOrDefault(id, ResourceList.Empty);
            if ((cpus > 0.001 || !kept.IsEmpty) && _offers.Values.All(offer => offer.AgentId.Value != id))
            {
                var offer = Offer($"O{_offerCount++}", id, cpus);
                offer.AllocationInfo = new Resource.Types.AllocationInfo { Role = _role };
                offer.Resources.Add(kept.ToProto(ResourceFormat.PreRefinement));
                _offers.Add(offer.Id.Value, offer);
                offers.Offers_.Add(offer);
            }
        }

        if (offers.Offers_.Count > 0)
        {
            _events.Enqueue(new Event { Type = Event.Types.Type.Offers, Offers = offers });
        }
    }

    internal static Offer Offer(string id, string agent, double cpus, Action<Offer>? change = null)
    {
        var offer = new Offer { Id = new OfferID { Value = id }, AgentId = new AgentID { Value = agent }, FrameworkId = new FrameworkID { Value = FrameworkName }, Hostname = $"host-{agent}" };
        foreach (var (name, amount) in new[] { ("cpus", cpus), ("mem", 1_000_000), ("disk", 1_000_000) })
        {
            offer.Resources.Add(new Resource { Name = name, Type = Value.Types.Type.Scalar, Scalar = new Value.Types.Scalar { Value = amount } });
        }

        var ports = new Value.Types.Ranges();
        ports.Range.Add(new Value.Types.Range { Begin = 31000, End = 32000 });
        offer.Resources.Add(new Resource { Name = "ports", Type = Value.Types.Type.Ranges, Ranges = ports });
        change?.Invoke(offer);
        return offer;
    }

    /// <summary>A task as the master knows it.</summary>
    internal sealed class MasterTask(TaskInfo info)
    {
        internal TaskInfo Info => info;

        internal TaskState State { get; set; } = TaskState.TaskStaging;
    }
}
