using Orchestrator.Core.Agent;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Tests.Support;
using static Orchestrator.Tests.Support.AgentEngineHarness;

namespace Orchestrator.Tests.Unit.Agent.Executors;

/// <summary>
/// The life of an executor with three tasks, cut off after every single checkpoint: whatever was on disk then, each task
/// that came is told one end by somebody, and nothing is left.
/// </summary>
public sealed class ExecutorCrashTests
{
    private static AgentEngineHarness Live()
    {
        var agent = new AgentEngineHarness().Registered();
        var container = agent.RunExecutor();
        agent.UpdateByExecutor(StatusOf("t1", TaskState.TaskRunning));
        agent.RunMore(ExecutorTask("t2"));
        agent.Acknowledge(StatusOf("t1", TaskState.TaskRunning).Uuid);
        agent.UpdateByExecutor(StatusOf("t2", TaskState.TaskRunning));
        agent.Kill();
        agent.UpdateByExecutor(StatusOf("t1", TaskState.TaskKilled));
        agent.Acknowledge(StatusOf("t1", TaskState.TaskKilled).Uuid);
        agent.RunMore(ExecutorTask("t3"));
        agent.Acknowledge(StatusOf("t2", TaskState.TaskRunning).Uuid, "t2");
        agent.Exit(container, 1);
        AcknowledgeAll(agent);
        return agent;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Crash_after_any_checkpoint_tells_one_end_of_each_task_and_leaves_nothing(bool comesBack)
    {
        var whole = Live();
        Assert.Empty(whole.Engine.Publish(whole.Now).Frameworks);
        Assert.InRange(whole.Checkpoints.Count, 15, 100);
        for (var durable = 0; durable <= whole.Checkpoints.Count; durable++)
        {
            var earlier = new AgentEngineHarness { Now = whole.Now };
            earlier.Checkpoints.AddRange(whole.Checkpoints.Take(durable));
            var open = Open(earlier.Checkpoints);
            var next = earlier.Restart();
            var containers = next.Effects.Actions.OfType<AgentAction.Recover>().Select(action => action.Container.Location.ContainerId).ToList();
            next.Registered();
            var told = AcknowledgeAll(next);
            foreach (var container in containers)
            {
                if (comesBack)
                {
                    next.Tell(new AgentCommand.Launched(container, [], 4711, null));
                    told.AddRange(AcknowledgeAll(next));
                    next.SubscribeExecutor(open);
                    Assert.Null(next.LastReply.Refusal);
                    told.AddRange(AcknowledgeAll(next));
                    next.Exit(container, 0);
                }
                else
                {
                    next.Tell(new AgentCommand.Lost(container));
                }

                told.AddRange(AcknowledgeAll(next));
            }

            Assert.Equal(open.Order(), told.Where(status => AgentEngine.IsTerminal(status.State)).Select(status => status.TaskId.Value).Order());
            Assert.Empty(next.Engine.Publish(next.Now).Frameworks);
        }
    }

    /// <summary>Tasks that came and whose end was not acknowledged.</summary>
    private static List<string> Open(IEnumerable<AgentCheckpoint> checkpoints)
    {
        var open = new List<string>();
        var ends = new Dictionary<Google.Protobuf.ByteString, string>();
        foreach (var checkpoint in checkpoints)
        {
            switch (checkpoint)
            {
                case AgentCheckpoint.TaskAccepted accepted:
                    open.Add(accepted.Task.TaskId);
                    break;
                case AgentCheckpoint.UpdateMade made when AgentEngine.IsTerminal(made.Status.State):
                    ends[made.Status.Uuid] = made.Task.TaskId;
                    break;
                case AgentCheckpoint.UpdateAcknowledged acknowledged when ends.TryGetValue(acknowledged.Uuid, out var id):
                    open.Remove(id);
                    break;
            }
        }

        return open;
    }

    private static List<TaskStatus> AcknowledgeAll(AgentEngineHarness agent)
    {
        var told = new List<TaskStatus>();
        var waiting = new Queue<TaskStatus>(agent.Sent.ToArray());
        while (waiting.TryDequeue(out var status))
        {
            told.Add(status);
            agent.Acknowledge(status.Uuid, status.TaskId.Value);
            foreach (var more in agent.Sent.ToArray())
            {
                waiting.Enqueue(more);
            }
        }

        return told;
    }
}
