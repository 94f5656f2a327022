using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Master;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;

namespace Orchestrator.Tests.Support;

/// <summary>A framework on a <see cref="MasterHarness"/>: sends calls, and takes events from its inbox in order.</summary>
internal sealed class HarnessFramework(MasterHarness master, string? id)
{
    private FrameworkInfo _info = new();

    internal string Id { get; private set; } = id ?? "";

    internal StreamId Stream { get; private set; }

    /// <summary>What was sent and not yet taken.</summary>
    internal IReadOnlyList<Event> Waiting => [.. master.Inbox(Stream).Where(delivery => delivery.Scheduler is not null).Select(delivery => delivery.Scheduler!)];

    internal bool IsClosed => master.Inbox(Stream).Any(delivery => delivery.IsClose);

    /// <summary>Subscribes on a new stream, as the first time or after a disconnect.</summary>
    internal void Subscribe(Action<FrameworkInfo>? change = null, params string[] suppressed)
    {
        _info = new FrameworkInfo { User = "root", Name = "f", FailoverTimeout = 60 };
        change?.Invoke(_info);
        SubscribeAgain(suppressed);
    }

    /// <summary>Subscribes with the same info on another stream.</summary>
    internal void SubscribeAgain(params string[] suppressed)
    {
        Stream = master.NextStream();
        var info = _info.Clone();
        var call = new Call { Type = Call.Types.Type.Subscribe, Subscribe = new Call.Types.Subscribe { FrameworkInfo = info, SuppressedRoles = { suppressed } } };
        if (Id.Length > 0)
        {
            info.Id = new FrameworkID { Value = Id };
            call.FrameworkId = info.Id;
        }

        master.Tell(new MasterCommand.SubscribeScheduler(Stream, call, null));
        if (Waiting is [{ Type: Event.Types.Type.Subscribed } subscribed, ..])
        {
            Id = subscribed.Subscribed.FrameworkId.Value;
        }
    }

    internal void Disconnect() => master.Tell(new MasterCommand.DisconnectScheduler(Stream));

    /// <summary>The next event of a type; those before it are dropped.</summary>
    internal Event Take(Event.Types.Type type)
    {
        var inbox = master.Inbox(Stream);
        var index = inbox.FindIndex(delivery => delivery.Scheduler?.Type == type);
        Assert.True(index >= 0, $"no {type} event; waiting: {string.Join(", ", Waiting.Select(waiting => waiting.ToString()))}");
        var taken = inbox[index].Scheduler!;
        inbox.RemoveRange(0, index + 1);
        return taken;
    }

    /// <summary>The offers of the next OFFERS event.</summary>
    internal IReadOnlyList<Offer> TakeOffers() => Take(Event.Types.Type.Offers).Offers.Offers_;

    /// <summary>The one offer of the next OFFERS event.</summary>
    internal Offer TakeOffer() => Assert.Single(TakeOffers());

    /// <summary>The status of the next UPDATE event.</summary>
    internal TaskStatus TakeUpdate() => Take(Event.Types.Type.Update).Update.Status;

    /// <summary>The statuses of all UPDATE events that wait; everything that waits is dropped.</summary>
    internal List<TaskStatus> TakeUpdates()
    {
        var statuses = Waiting.Where(waiting => waiting.Type == Event.Types.Type.Update).Select(waiting => waiting.Update.Status).ToList();
        Drop();
        return statuses;
    }

    /// <summary>Forgets what waits.</summary>
    internal void Drop() => master.Inbox(Stream).RemoveAll(delivery => !delivery.IsClose);

    /// <summary>Whether an event of this type waits.</summary>
    internal bool Has(Event.Types.Type type) => Waiting.Any(waiting => waiting.Type == type);

    internal MasterReply Send(Call call)
    {
        call.FrameworkId = new FrameworkID { Value = Id };
        return master.Tell(new MasterCommand.CallScheduler(Stream.ToString(), call, null));
    }

    internal void Decline(Offer offer, double? refuseSeconds = null) => Send(new Call
    {
        Type = Call.Types.Type.Decline,
        Decline = new Call.Types.Decline { OfferIds = { offer.Id }, Filters = refuseSeconds is { } seconds ? new Filters { RefuseSeconds = seconds } : null },
    });

    internal void Revive(params string[] roles) =>
        Send(new Call { Type = Call.Types.Type.Revive, Revive = new Call.Types.Revive { Roles = { roles } } });

    internal void Suppress(params string[] roles) =>
        Send(new Call { Type = Call.Types.Type.Suppress, Suppress = new Call.Types.Suppress { Roles = { roles } } });

    internal void Kill(string task, string? agent = null) => Send(new Call
    {
        Type = Call.Types.Type.Kill,
        Kill = new Call.Types.Kill { TaskId = new TaskID { Value = task }, AgentId = agent is null ? null : new AgentID { Value = agent } },
    });

    internal void Reconcile(params (string Task, string? Agent)[] tasks) => Send(new Call
    {
        Type = Call.Types.Type.Reconcile,
        Reconcile = new Call.Types.Reconcile
        {
            Tasks =
            {
                tasks.Select(asked => new Call.Types.Reconcile.Types.Task
                {
                    TaskId = new TaskID { Value = asked.Task },
                    AgentId = asked.Agent is null ? null : new AgentID { Value = asked.Agent },
                }),
            },
        },
    });

    internal void Acknowledge(TaskStatus status) => Send(new Call
    {
        Type = Call.Types.Type.Acknowledge,
        Acknowledge = new Call.Types.Acknowledge { AgentId = status.AgentId, TaskId = status.TaskId, Uuid = status.Uuid },
    });

    internal void Teardown() => Send(new Call { Type = Call.Types.Type.Teardown });

    internal void Accept(IEnumerable<Offer> offers, Filters? filters, params Offer.Types.Operation[] operations) => Send(new Call
    {
        Type = Call.Types.Type.Accept,
        Accept = new Call.Types.Accept { OfferIds = { offers.Select(offer => offer.Id) }, Operations = { operations }, Filters = filters },
    });

    /// <summary>Launches tasks on one offer; what is left of it is not refused.</summary>
    internal void Launch(Offer offer, params TaskInfo[] tasks) => Accept([offer], new Filters { RefuseSeconds = 0 }, Launching(tasks));

    internal static Offer.Types.Operation Launching(params TaskInfo[] tasks) => new()
    {
        Type = Offer.Types.Operation.Types.Type.Launch,
        Launch = new Offer.Types.Operation.Types.Launch { TaskInfos = { tasks } },
    };

    internal static TaskInfo Task(string id, string agent, string resources = "cpus:1;mem:64", Action<TaskInfo>? change = null)
    {
        var task = new TaskInfo
        {
            Name = id,
            TaskId = new TaskID { Value = id },
            AgentId = new AgentID { Value = agent },
            Command = new CommandInfo { Value = "true" },
            Resources = { ResourceList.Parse(resources).ToProto(ResourceFormat.PreRefinement) },
        };
        change?.Invoke(task);
        return task;
    }

    internal static FrameworkInfo.Types.Capability Capability(FrameworkInfo.Types.Capability.Types.Type type) => new() { Type = type };

    /// <summary>Adds MULTI_ROLE and roles.</summary>
    internal static Action<FrameworkInfo> Roles(params string[] roles) => info =>
    {
        info.Roles.Add(roles);
        info.Capabilities.Add(Capability(FrameworkInfo.Types.Capability.Types.Type.MultiRole));
    };

    internal static void PartitionAware(FrameworkInfo info) => info.Capabilities.Add(Capability(FrameworkInfo.Types.Capability.Types.Type.PartitionAware));
}
