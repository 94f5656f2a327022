using Google.Protobuf;
using Orchestrator.Core.Agent;
using Orchestrator.Core.Contract.ExecutorApi;
using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;

namespace Orchestrator.Tests.Support;

/// <content>The side of an executor.</content>
internal sealed partial class AgentEngineHarness
{
    internal const string ExecutorName = "exec-1";

    private int _streams;

    /// <summary>Events that the last turn sends to executors.</summary>
    internal IEnumerable<Event> ToExecutor => Effects.Actions.OfType<AgentAction.ToExecutor>().Select(action => action.Event);

    internal static TaskInfo ExecutorTask(string id = "t1", Action<ExecutorInfo>? change = null) => Task(id, task =>
    {
        task.Command = null;
        task.Executor = new ExecutorInfo
        {
            ExecutorId = new ExecutorID { Value = ExecutorName },
            FrameworkId = new FrameworkID { Value = FrameworkName },
            Command = new CommandInfo { Value = "./executor" },
        };
        task.Executor.Resources.Add(new Resource { Name = "mem", Type = Value.Types.Type.Scalar, Scalar = new Value.Types.Scalar { Value = 10 } });
        change?.Invoke(task.Executor);
    });

    /// <summary>Sends a task of an executor that is there already.</summary>
    internal void RunMore(TaskInfo task, FrameworkInfo? framework = null) =>
        Tell(new AgentEvent { RunTask = new AgentEvent.Types.RunTask { FrameworkInfo = framework ?? Framework(), Task = task } });

    /// <summary>The executor subscribes; the stream of its events.</summary>
    internal StreamId SubscribeExecutor(params IEnumerable<string> unacknowledgedTasks) => SubscribeExecutor(unacknowledgedTasks, []);

    internal StreamId SubscribeExecutor(IEnumerable<string> unacknowledgedTasks, IEnumerable<TaskStatus> unacknowledgedUpdates)
    {
        var stream = new StreamId(new Guid(++_streams, 0, 0, new byte[8]));
        var subscribe = new Call.Types.Subscribe();
        subscribe.UnacknowledgedTasks.Add(unacknowledgedTasks.Select(id => ExecutorTask(id)));
        subscribe.UnacknowledgedUpdates.Add(unacknowledgedUpdates.Select(status => new Call.Types.Update { Status = status }));
        LastReply = Tell(new AgentCommand.SubscribeExecutor(stream, CallOf(Call.Types.Type.Subscribe, call => call.Subscribe = subscribe)));
        return stream;
    }

    internal AgentReply LastReply { get; private set; }

    /// <summary>Launches the executor with a first task and lets it subscribe; the id of its container.</summary>
    internal string RunExecutor(string task = "t1", FrameworkInfo? framework = null, Action<ExecutorInfo>? change = null)
    {
        var container = Run(ExecutorTask(task, change), framework);
        Tell(new AgentCommand.Launched(container, [], 4711, null));
        SubscribeExecutor();
        return container;
    }

    internal static TaskStatus StatusOf(string task, TaskState state, byte mark = 1) => new()
    {
        TaskId = new TaskID { Value = task },
        State = state,
        Source = TaskStatus.Types.Source.Executor,
        Uuid = ByteString.CopyFrom([mark, (byte)state, .. new byte[14]]),
    };

    internal void UpdateByExecutor(TaskStatus status) =>
        Tell(new AgentCommand.CallByExecutor(CallOf(Call.Types.Type.Update, call => call.Update = new Call.Types.Update { Status = status })));

    internal static Call CallOf(Call.Types.Type type, Action<Call>? change = null)
    {
        var call = new Call { Type = type, FrameworkId = new FrameworkID { Value = FrameworkName }, ExecutorId = new ExecutorID { Value = ExecutorName } };
        change?.Invoke(call);
        return call;
    }
}
