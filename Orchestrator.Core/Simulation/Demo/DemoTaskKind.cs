using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Resources;

namespace Orchestrator.Core.Simulation.Demo;

/// <summary>One kind of task of a demo framework. What all its tasks have in common is made once and shared.</summary>
internal sealed class DemoTaskKind
{
    private readonly Resource[] _scalars;
    private readonly CommandInfo _command;
    private readonly ContainerInfo _container;
    private readonly Labels _labels = new();

    public DemoTaskKind(string name, string role, string resources, string image, string command, string program)
    {
        (Name, Needs) = (name, ResourceList.Parse(resources));
        _scalars = [.. Needs.ToProto(ResourceFormat.Refined, role)];
        _command = new CommandInfo { Shell = true, Value = command };
        _container = new ContainerInfo { Type = ContainerInfo.Types.Type.Docker, Docker = new ContainerInfo.Types.DockerInfo { Image = image, Network = ContainerInfo.Types.DockerInfo.Types.Network.Host } };
        _labels.Labels_.Add(new Label { Key = SimulatedProgram.Label, Value = program });
    }

    public string Name { get; }

    /// <summary>What each task needs.</summary>
    public ResourceList Needs { get; }

    public TaskInfo Make(string id, AgentID agent)
    {
        var task = new TaskInfo { Name = Name, TaskId = new TaskID { Value = id }, AgentId = agent, Command = _command, Container = _container, Labels = _labels };
        task.Resources.AddRange(_scalars);
        return task;
    }
}
