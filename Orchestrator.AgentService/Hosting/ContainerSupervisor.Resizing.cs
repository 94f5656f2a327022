using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.AgentService.Hosting;

/// <content>Containers of executors, whose tasks come and go.</content>
public sealed partial class ContainerSupervisor
{
    /// <summary>How often it is asked whether less is still wanted before it is set.</summary>
    private const int ShrinkLooks = 10;
    private static readonly TimeSpan s_shrinkPause = TimeSpan.FromMilliseconds(50);

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
        var now = container.Plan.Task;
        while (TakeNeeds(id) is { } needs)
        {
            try
            {
                // Nobody waits for less, and what ends is often followed by something new.
                for (var i = 0; i < ShrinkLooks && !Grows(now, needs); i++)
                {
                    await Task.Delay(s_shrinkPause, time, _stop.Token);
                    needs = TakeNeeds(id, last: needs);
                }

                now = needs;
                var plan = container.Plan with { Task = needs };

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

    private static bool Grows(TaskInfo before, TaskInfo after) =>
        after.Resources.Any(resource => resource.Scalar.Value > before.Resources.Where(other => other.Name == resource.Name).Sum(other => other.Scalar?.Value ?? 0));

    /// <summary>What the container needs now, or what was taken last.</summary>
    private TaskInfo TakeNeeds(string containerId, TaskInfo last)
    {
        lock (_resizing)
        {
            var needs = _resizing.GetValueOrDefault(containerId) ?? last;
            _resizing[containerId] = null;
            return needs;
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
