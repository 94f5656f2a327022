using Orchestrator.Core.Contract.Mesos;
using Network = Orchestrator.Core.Contract.Mesos.ContainerInfo.Types.DockerInfo.Types.Network;

namespace Orchestrator.AgentService.Execution;

/// <summary>
/// Tasks with a Docker image in a container of type MESOS, as frameworks give members of task groups: Docker runs them here.
/// </summary>
internal static class MesosImage
{
    /// <summary>The same task for Docker; the task itself when it has no such image.</summary>
    /// <exception cref="ContainerLaunchException">The image is of another kind.</exception>
    internal static TaskInfo ToDocker(TaskInfo task)
    {
        if (task.Container is not { HasType: true, Type: ContainerInfo.Types.Type.Mesos, Mesos.Image: { } image })
        {
            return task;
        }

        if (image.Type != Image.Types.Type.Docker || image.Docker is null)
        {
            throw new ContainerLaunchException("'container.mesos.image' is not of type DOCKER: this agent runs Docker images only");
        }

        if (image.Docker.Config is not null)
        {
            throw new ContainerLaunchException("'container.mesos.image.docker.config' cannot be had: give the registry's account to the agent with --docker_config");
        }

        var translated = task.Clone();
        var container = translated.Container;
        container.Type = ContainerInfo.Types.Type.Docker;
        container.Mesos = null;
        container.Docker = new ContainerInfo.Types.DockerInfo { Image = image.Docker.Name, Network = Network.Host, ForcePullImage = !image.Cached };
        if (container.TtyInfo is not null)
        {
            container.TtyInfo = null;
            container.Docker.Parameters.Add(new Parameter { Key = "tty", Value = "true" });
        }

        if (translated.Command is { Shell: false, HasValue: true } command)
        {
            // The value is the program and replaces the image's; the first argument is only the name by which it is called.
            container.Docker.Parameters.Add(new Parameter { Key = "entrypoint", Value = command.Value });
            command.ClearValue();
            if (command.Arguments.Count > 0)
            {
                command.Arguments.RemoveAt(0);
            }
        }

        return translated;
    }
}
