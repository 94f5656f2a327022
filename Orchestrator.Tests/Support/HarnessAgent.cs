using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Master;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;

namespace Orchestrator.Tests.Support;

/// <summary>An agent on a <see cref="MasterHarness"/>.</summary>
internal sealed class HarnessAgent(MasterHarness master, string hostname, string resources)
{
    private static readonly AgentInfo.Types.Capability.Types.Type[] s_capabilities =
    [
        AgentInfo.Types.Capability.Types.Type.ResizeVolume, AgentInfo.Types.Capability.Types.Type.AgentOperationFeedback,
    ];

    private byte _uuids;

    internal string Id { get; private set; } = "";

    internal StreamId Stream { get; private set; }

    internal MasterReply Reply { get; private set; }

    internal IReadOnlyList<AgentEvent> Waiting => [.. master.Inbox(Stream).Where(delivery => delivery.Agent is not null).Select(delivery => delivery.Agent!)];

    internal bool IsClosed => master.Inbox(Stream).Any(delivery => delivery.IsClose);

    /// <summary>Registers, or registers again with the id that it was given.</summary>
    internal void Subscribe(Action<AgentCall.Types.Subscribe>? change = null)
    {
        Stream = master.NextStream();
        var subscribe = new AgentCall.Types.Subscribe
        {
            Version = "1.11.0",
            Capabilities = { s_capabilities.Select(type => new AgentInfo.Types.Capability { Type = type }) },
            AgentInfo = new AgentInfo { Hostname = hostname, Port = 5051, Resources = { ResourceList.Parse(resources).ToProto() } },
        };
        if (Id.Length > 0)
        {
            subscribe.AgentInfo.Id = new AgentID { Value = Id };
        }

        change?.Invoke(subscribe);
        Reply = master.Tell(new MasterCommand.SubscribeAgent(Stream, subscribe, "10.0.0.1"));
        if (Waiting is [{ Subscribed: { } subscribed }, ..])
        {
            Id = subscribed.AgentId.Value;
        }
    }

    /// <summary>The same agent towards a master that restarted: it keeps its id.</summary>
    internal HarnessAgent At(MasterHarness other) => new(other, hostname, resources) { Id = Id };

    internal void Disconnect() => master.Tell(new MasterCommand.DisconnectAgent(Stream));

    internal AgentEvent Take(AgentEvent.EventOneofCase kind)
    {
        var inbox = master.Inbox(Stream);
        var index = inbox.FindIndex(delivery => delivery.Agent?.EventCase == kind);
        Assert.True(index >= 0, $"no {kind} event; waiting: {string.Join(", ", Waiting.Select(waiting => waiting.EventCase))}");
        var taken = inbox[index].Agent!;
        inbox.RemoveRange(0, index + 1);
        return taken;
    }

    internal bool Has(AgentEvent.EventOneofCase kind) => Waiting.Any(waiting => waiting.EventCase == kind);

    internal MasterReply Call(AgentCall call) => master.Tell(new MasterCommand.CallAgent(Stream, call));

    internal void Pong() => Call(new AgentCall { Pong = new AgentCall.Types.Pong() });

    /// <summary>Reports a state of a task under a new uuid, or none.</summary>
    internal TaskStatus Report(string framework, string task, TaskState state, bool acknowledged = true, Action<TaskStatus>? change = null)
    {
        var status = Status(task, state, change);
        if (!acknowledged)
        {
            status.ClearUuid();
        }

        Call(new AgentCall { Update = new AgentCall.Types.Update { FrameworkId = new FrameworkID { Value = framework }, Status = status, LatestState = state } });
        return status;
    }

    internal TaskStatus Status(string task, TaskState state, Action<TaskStatus>? change = null)
    {
        var status = new TaskStatus
        {
            TaskId = new TaskID { Value = task },
            AgentId = new AgentID { Value = Id },
            State = state,
            Source = TaskStatus.Types.Source.Executor,
            Timestamp = 1,
            Uuid = MasterHarness.Uuid(++_uuids),
        };
        change?.Invoke(status);
        return status;
    }

    /// <summary>Registers again and says that it holds these tasks.</summary>
    internal void SubscribeHolding(string framework, params (TaskInfo Task, TaskStatus Latest)[] tasks) => Subscribe(subscribe =>
    {
        subscribe.Frameworks.Add(new FrameworkInfo { User = "root", Name = "f", Id = new FrameworkID { Value = framework } });
        subscribe.Tasks.Add(tasks.Select(held => new AgentCall.Types.HeldTask
        {
            TaskInfo = held.Task,
            FrameworkId = new FrameworkID { Value = framework },
            Latest = held.Latest,
            Unacknowledged = held.Latest.HasUuid ? held.Latest : null,
        }));
    });
}
