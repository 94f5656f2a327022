using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Simulation.Cluster;

namespace Orchestrator.Tests.Simulation.Cluster;

/// <summary>Bugs that are planted, each of which the simulation must find within a few seeds.</summary>
[Trait("Category", "Simulation")]
public sealed class PlantedBugTests
{
    private const int MaxSeeds = 60;

    [Fact]
    public void Update_that_is_acknowledged_without_its_framework_is_found() =>
        Found("took an update of", () => new AcknowledgeAtOnce());

    [Fact]
    public void Update_that_never_arrives_is_found() =>
        Found("took an update of", () => new LoseUpdates());

    [Fact]
    public void Running_task_that_an_agent_does_not_mention_when_it_registers_is_found() =>
        Found("while it runs on", () => new ForgetHeldTask());

    [Fact]
    public void Task_that_is_started_twice_is_found() =>
        Found("was started a second time", () => new StartTwice());

    [Fact]
    public void Agent_that_the_journal_forgets_is_found() =>
        Found("does not know agent", () => new ForgetRecords("agent/"));

    [Fact]
    public void Framework_that_the_journal_forgets_is_found() =>
        Found("does not know scheduler", () => new ForgetRecords("framework/"));

    [Fact]
    public void Kill_that_is_lost_for_ever_is_found() =>
        Found("not settled", () => new LoseKills());

    [Fact]
    public void Acknowledgement_that_is_lost_for_ever_is_found() =>
        Found("not settled", () => new LoseAcknowledgements());

    [Fact]
    public void Task_that_uses_more_than_it_says_is_found() =>
        Found("runs more than it has", () => new RunMore());

    private static void Found(string expected, Func<Tamper> plant)
    {
        for (var seed = 1UL; seed <= MaxSeeds; seed++)
        {
            try
            {
                new ClusterSimulation(seed, tamper: plant()).Run();
            }
            catch (SimulationFailedException error)
            {
                Assert.Contains(expected, error.Message, StringComparison.Ordinal);
                Assert.StartsWith($"seed {seed}: ", error.Message, StringComparison.Ordinal);
                return;
            }
        }

        Assert.Fail($"{MaxSeeds} seeds did not find it.");
    }

    /// <summary>The agent hears an acknowledgement as soon as it has made an update.</summary>
    private sealed class AcknowledgeAtOnce : Tamper
    {
        public override AgentCall? AgentCall(AgentNode agent, AgentCall call)
        {
            if (call.Update is { Status.HasUuid: true } update)
            {
                agent.Agent.Tell(new Core.Agent.AgentCommand.Receive(new AgentEvent { Acknowledge = new AgentEvent.Types.Acknowledge { FrameworkId = update.FrameworkId, TaskId = update.Status.TaskId, Uuid = update.Status.Uuid } }));
            }

            return call;
        }
    }

    /// <summary>TASK_STARTING is acknowledged by somebody on the way who does not pass it on.</summary>
    private sealed class LoseUpdates : Tamper
    {
        public override Event? SchedulerEvent(SchedulerNode scheduler, Event message)
        {
            if (message.Update?.Status is { HasUuid: true, State: TaskState.TaskStarting } status)
            {
                scheduler.Acknowledge(status);
                return null;
            }

            return message;
        }
    }

    private sealed class ForgetHeldTask : Tamper
    {
        public override AgentCall.Types.Subscribe Subscribe(AgentNode agent, AgentCall.Types.Subscribe subscribe)
        {
            if (subscribe.Tasks.Count > 1)
            {
                subscribe.Tasks.RemoveAt(0);
            }

            return subscribe;
        }
    }

    /// <summary>An agent that ran a task before runs it again under another container.</summary>
    private sealed class StartTwice : Tamper
    {
        public override AgentEvent? AgentEvent(AgentNode agent, AgentEvent message)
        {
            if (message.RunTask is { } run && run.Task.TaskId.Value.EndsWith('3'))
            {
                var first = message.Clone();
                first.RunTask.Task.TaskId.Value = "t0.1";
                return first;
            }

            return message;
        }
    }

    private sealed class ForgetRecords(string prefix) : Tamper
    {
        public override IReadOnlyList<JournalRecord> Commit(IReadOnlyList<JournalRecord> records) =>
            [.. records.Where(record => !record.Key.StartsWith(prefix, StringComparison.Ordinal) || record.Value is null)];
    }

    private sealed class LoseKills : Tamper
    {
        public override AgentEvent? AgentEvent(AgentNode agent, AgentEvent message) => message.KillTask is null ? message : null;
    }

    private sealed class LoseAcknowledgements : Tamper
    {
        public override Call? SchedulerCall(SchedulerNode scheduler, Call call) =>
            call.Acknowledge is null || !call.Acknowledge.TaskId.Value.EndsWith('2') ? call : null;
    }

    private sealed class RunMore : Tamper
    {
        public override AgentEvent? AgentEvent(AgentNode agent, AgentEvent message)
        {
            if (message.RunTask is { } run)
            {
                run.Task.Resources.First(resource => resource.Name == "cpus").Scalar.Value = 1.5;
            }

            return message;
        }
    }
}
