using Google.Protobuf;
using Orchestrator.Core.Agent;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;
using Orchestrator.Core.Views;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Core.Simulation.Cluster;

/// <summary>Knows what really happens in a simulated cluster, and fails the run when anybody is told otherwise.</summary>
internal sealed class ClusterOracle(ClusterSimulation world)
{
    private readonly Dictionary<TaskKey, Truth> _tasks = [];
    private readonly Dictionary<string, string> _agentIds = [];
    private readonly HashSet<FrameworkId> _frameworks = [];

    /// <summary>What is true of one task.</summary>
    private sealed class Truth
    {
        public SimulatedContainer? Container { get; set; }

        public AgentNode? Agent { get; set; }

        /// <summary>Its framework was told that it has ended.</summary>
        public TaskState? ToldEnded { get; set; }

        /// <summary>Updates in the order in which the agent made them.</summary>
        public List<ByteString> Updates { get; } = [];

        /// <summary>How many of them its framework has received, in order.</summary>
        public int Received { get; set; }
    }

    /// <summary>Fails the run.</summary>
    public void Fail(string subject, string problem) => throw new SimulationFailedException(
        $"seed {world.Seed}: {problem}\nplan: {world.Plan}\n--- about {subject}\n{world.Trace.Text(25, subject)}\n--- last\n{world.Trace.Text(25)}");

    public void ContainerStarted(AgentNode agent, SimulatedContainer container)
    {
        var key = KeyOf(container.Launch.Location);
        world.Trace.Add(agent.Name, $"runs {key.TaskId.Value}");
        var truth = Of(key);
        if (truth.Container is not null)
        {
            Fail(key.TaskId.Value, $"task {key} was started a second time, on {agent.Name} after {truth.Agent!.Name}");
        }

        if (truth.ToldEnded is { } state && !IsGuess(key, state))
        {
            Fail(key.TaskId.Value, $"task {key} starts on {agent.Name} after its framework was told {state}");
        }

        (truth.Container, truth.Agent) = (container, agent);
        var used = ResourceList.Empty;
        foreach (var running in agent.Agent.Machine.Containers)
        {
            used += running.HasExited ? ResourceList.Empty : ResourceList.FromProto(running.Launch.Task.Resources);
        }

        if (!ResourceList.Parse(AgentNode.Resources).Contains(used))
        {
            Fail(agent.Name, $"{agent.Name} runs more than it has: {used}");
        }
    }

    /// <summary>A checkpoint of an agent is on its disk.</summary>
    public void Written(AgentNode agent, AgentCheckpoint checkpoint)
    {
        switch (checkpoint)
        {
            case AgentCheckpoint.UpdateMade made:
                Of(KeyOf(made.Task)).Updates.Add(made.Status.Uuid);
                break;
            case AgentCheckpoint.UpdateAcknowledged acknowledged:
                var truth = Of(KeyOf(acknowledged.Task));
                if (truth.Updates.IndexOf(acknowledged.Uuid) >= truth.Received)
                {
                    Fail(acknowledged.Task.TaskId, $"{agent.Name} took an update of {acknowledged.Task.TaskId} for acknowledged that its framework never received");
                }

                break;
        }
    }

    public void StatusReceived(ISimulatedFramework scheduler, TaskStatus status)
    {
        var key = new TaskKey(new FrameworkId(scheduler.Id!), new TaskId(status.TaskId.Value));
        var truth = Of(key);
        if (status.HasUuid)
        {
            var index = truth.Updates.IndexOf(status.Uuid);
            if (index < 0 || index > truth.Received)
            {
                Fail(status.TaskId.Value, $"{scheduler.Name} received update {index + 1} of {key} ({status.State}) after only {truth.Received} were received");
            }

            truth.Received = Math.Max(truth.Received, index + 1);
        }

        if (!IsEnd(status.State) || IsGuess(key, status.State))
        {
            return;
        }

        if (truth.Container is { HasExited: false })
        {
            Fail(status.TaskId.Value, $"{scheduler.Name} was told that {key} is {status.State} while it runs on {truth.Agent!.Name}");
        }

        truth.ToldEnded = status.State;
    }

    public void AgentNamed(AgentNode agent, string id)
    {
        if (_agentIds.TryGetValue(agent.Name, out var before) && before != id && agent.Disk.Load().Info is not null)
        {
            Fail(agent.Name, $"{agent.Name} was {before} and is {id} now");
        }

        _agentIds[agent.Name] = id;
    }

    /// <summary>A host was started again: what was told to anybody before must be there.</summary>
    public void HostStarted(ClusterSnapshot snapshot)
    {
        foreach (var scheduler in world.Frameworks)
        {
            if (scheduler.Id is { } id && !snapshot.Frameworks.Any(framework => framework?.Id.Value == id))
            {
                Fail(scheduler.Name, $"the host was started again and does not know {scheduler.Name} ({id})");
            }
        }

        foreach (var (name, id) in _agentIds)
        {
            if (!snapshot.RecoveredAgents.Concat(snapshot.UnreachableAgents).Any(agent => agent.Id.Value == id))
            {
                Fail(name, $"the host was started again and does not know {name} ({id})");
            }
        }

        MasterTurn(snapshot);
    }

    /// <summary>The services were started again: what was answered to anybody must be there.</summary>
    public void ServicesStarted(ServicesSnapshot snapshot) => world.Operator?.Check(snapshot);

    /// <summary>Whether a task really runs.</summary>
    public bool IsRunning(string frameworkId, string taskId) =>
        _tasks.TryGetValue(new TaskKey(new FrameworkId(frameworkId), new TaskId(taskId)), out var truth) && truth.Container is { IsRunning: true };

    /// <summary>The books of the master agree with each other after every turn.</summary>
    public void MasterTurn(ClusterSnapshot snapshot)
    {
        foreach (var framework in snapshot.Frameworks)
        {
            if (framework is not null)
            {
                _frameworks.Add(framework.Id);
            }
        }

        foreach (var agent in snapshot.Agents)
        {
            if (agent is not null)
            {
                CheckAgent(snapshot, agent);
            }
        }
    }

    /// <summary>What is still to come right; null when everything has. Asked once nothing goes wrong any more.</summary>
    public string? Unsettled()
    {
        if (world.Host.Snapshot is not { } snapshot)
        {
            return "the host is down";
        }

        if (world.Agents.FirstOrDefault(agent => agent.Agent.Publish() is not { IsRegistered: true }) is { } away)
        {
            return $"{away.Name} is not registered";
        }

        if (snapshot.Agents.Count(agent => agent is { Connected: true }) != world.Agents.Count || snapshot.Agents.Count(agent => agent is not null) != world.Agents.Count)
        {
            return $"the master knows {snapshot.Agents.Count(agent => agent is not null)} agents instead of {world.Agents.Count}";
        }

        if (snapshot.Agents.FirstOrDefault(agent => agent is { Deactivated: true }) is { } unused)
        {
            return $"agent {unused.Id} is still out of use";
        }

        foreach (var framework in world.Frameworks)
        {
            if (framework.Unsettled() is { } unsettled)
            {
                return unsettled;
            }

            var known = snapshot.Tasks.Where(task => task?.Key.FrameworkId.Value == framework.Id).ToArray();
            if (known.Length != framework.Wanted || known.Any(task => task!.State != TaskState.TaskRunning || !framework.Wants(task.Key.TaskId.Value)))
            {
                return $"{framework.Name} want {framework.Wanted} tasks, the master knows {string.Join(", ", known.Select(task => $"{task!.Key.TaskId.Value} {task.State}"))}";
            }
        }

        return UnsettledMachine();
    }

    private string? UnsettledMachine()
    {
        foreach (var agent in world.Agents)
        {
            foreach (var task in agent.Agent.Publish()!.Tasks)
            {
                if (task.State != TaskState.TaskRunning || task.PendingUpdates > 0)
                {
                    return $"{agent.Name} holds {task.Location.TaskId} as {task.State} with {task.PendingUpdates} updates to be acknowledged";
                }
            }

            foreach (var container in agent.Agent.Machine.Containers)
            {
                var key = KeyOf(container.Launch.Location);
                if (!container.IsRunning || !world.Frameworks.Any(framework => framework.Id == key.FrameworkId.Value && framework.Wants(key.TaskId.Value)))
                {
                    return $"a container of {key.TaskId.Value} on {agent.Name} is {(container.IsRunning ? "running though nobody wants it" : "left over")}";
                }
            }
        }

        foreach (var (key, truth) in _tasks)
        {
            if (truth.Received < truth.Updates.Count)
            {
                return $"of {key} only {truth.Received} of {truth.Updates.Count} updates were received";
            }
        }

        return null;
    }

    private void CheckAgent(ClusterSnapshot snapshot, AgentView agent)
    {
        if (agent.Deactivated && !agent.Offered.IsEmpty)
        {
            Fail(agent.Id.Value, $"agent {agent.Id} is out of use and {agent.Offered} of it is offered");
        }

        // An ended task may come back with its agent to have its end acknowledged once more.
        if (agent.Drain is { State: DrainState.Drained } && snapshot.Tasks.Any(task => task?.AgentId == agent.Id && !IsEnd(task.State)))
        {
            Fail(agent.Id.Value, $"agent {agent.Id} is drained and runs tasks");
        }

        if (!agent.Total.Contains(agent.Used + agent.Offered))
        {
            Fail(agent.Id.Value, $"agent {agent.Id} is oversubscribed: {agent.Used} used and {agent.Offered} offered of {agent.Total}");
        }

        var used = ResourceList.Empty;
        foreach (var task in snapshot.Tasks)
        {
            if (task?.AgentId == agent.Id && !IsEnd(task.State))
            {
                used += task.Resources;
            }
        }

        var offered = ResourceList.Empty;
        foreach (var framework in snapshot.Frameworks)
        {
            foreach (var offer in framework?.Offers ?? [])
            {
                offered += offer.AgentId == agent.Id ? offer.Resources : ResourceList.Empty;
            }
        }

        if (!Same(used, agent.Used) || !Same(offered, agent.Offered))
        {
            Fail(agent.Id.Value, $"the books of agent {agent.Id} are wrong: tasks hold {used} but used is {agent.Used}; offers hold {offered} but offered is {agent.Offered}");
        }
    }

    private static bool Same(ResourceList a, ResourceList b) => a.Contains(b) && b.Contains(a);

    /// <summary>TASK_LOST of a framework that is not partition-aware may be a guess: its agent was silent.</summary>
    private bool IsGuess(TaskKey key, TaskState state) =>
        state == TaskState.TaskLost && world.Frameworks.Any(framework => framework.Id == key.FrameworkId.Value && !framework.IsPartitionAware);

    private Truth Of(TaskKey key)
    {
        if (!_tasks.TryGetValue(key, out var truth))
        {
            _tasks[key] = truth = new Truth();
        }

        return truth;
    }

    private static TaskKey KeyOf(TaskLocation location) => new(new FrameworkId(location.FrameworkId), new TaskId(location.TaskId));

    private static bool IsEnd(TaskState state) => state is not (TaskState.TaskStaging or TaskState.TaskStarting or TaskState.TaskRunning or TaskState.TaskKilling or TaskState.TaskUnreachable);
}
