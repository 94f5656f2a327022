using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.AgentService.Hosting;

/// <content>Containers of executors, whose tasks come and go.</content>
public sealed partial class ContainerSupervisor
{
    /// <summary>The newest needs of containers that are being resized: what came between is left out.</summary>
    private readonly Dictionary<string, TaskInfo?> _resizing = [];

    private void Resize(Container container, TaskInfo needs)
    {
        lock (_resizing)
        {
            var runs = _resizing.ContainsKey(container.Plan.ContainerId);
            _resizing[container.Plan.ContainerId] = needs;
            if (!runs)
            {
                _ = Task.Run(() => ResizeAsync(container));
            }
        }
    }

    private async Task ResizeAsync(Container container)
    {
        var id = container.Plan.ContainerId;
        while (TakeNeeds(id) is { } needs)
        {
            var plan = container.Plan with { Task = needs };
            try
            {
                // For measuring, too, it is what it may use now.
                _containers.TryUpdate(id, container with { Plan = plan }, _containers.GetValueOrDefault(id) ?? container);
                await container.Containerizer.ResizeAsync(plan, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                // The agent stops; the next one sets the limits when it has found the container.
            }
            catch (Exception e)
            {
                LogFailed(logger, "resize", id, e.Message);
            }
        }
    }

    /// <summary>What the container needs now; null, and nothing is being resized any more, when that is known.</summary>
    private TaskInfo? TakeNeeds(string containerId)
    {
        lock (_resizing)
        {
            var needs = _resizing.GetValueOrDefault(containerId);
            if (needs is null)
            {
                _resizing.Remove(containerId);
            }
            else
            {
                _resizing[containerId] = null;
            }

            return needs;
        }
    }
}
