using System.Globalization;
using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.AgentService.Execution.Nested;

/// <summary>The nested containers of this agent: programs that operators and executors run inside the containers of tasks.</summary>
/// <param name="find">The container of a task that runs; null when there is none.</param>
internal sealed class NestedContainers(Func<string, (ContainerPlan Plan, IContainerizer Containerizer)?> find) : IAsyncDisposable
{
    /// <summary>Nested containers of one task, ended ones included; the oldest ended one makes room for a new one.</summary>
    internal const int MaxPerTask = 64;

    /// <summary>All that run at a time.</summary>
    internal const int MaxRunning = 256;

    private const int MaxIdCharacters = 242;
    private readonly Lock _gate = new();

    /// <summary>By the task's container id and their own; null while they are being launched. In the order of their launch.</summary>
    private readonly OrderedDictionary<(string Parent, string Id), NestedContainer?> _containers = [];

    /// <summary>The nested container of an id.</summary>
    /// <exception cref="NestedException">There is none (404), or the id cannot be one (400).</exception>
    internal NestedContainer Find(ContainerID id)
    {
        lock (_gate)
        {
            return _containers.GetValueOrDefault(KeyOf(id)) ?? throw new NestedException(404, $"Container '{Text(id)}' cannot be found: it was not launched by this run of the agent, or was removed");
        }
    }

    /// <summary>Launches a program inside a task's container.</summary>
    /// <param name="id">Its id, and its task's container id as parent.</param>
    /// <param name="command">What to run.</param>
    /// <param name="container">May ask for a terminal, and for nothing else.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The container, not yet followed; null when there is one of this id already.</returns>
    /// <exception cref="NestedException">It cannot be launched.</exception>
    internal async Task<NestedContainer?> LaunchAsync(ContainerID id, CommandInfo? command, ContainerInfo? container, CancellationToken cancellationToken)
    {
        var key = KeyOf(id);
        if (command is null)
        {
            throw new NestedException(400, "'command' must be set: it says what to run");
        }

        if (container is not null && (container.Volumes.Count > 0 || container.NetworkInfos.Count > 0 || container.Docker is not null || container.Mesos?.Image is not null))
        {
            throw new NestedException(400, "'container' of a nested container may have 'tty_info' only: it runs inside its parent's container, with its image, volumes and network");
        }

        if (find(key.Parent) is not var (plan, containerizer))
        {
            throw new NestedException(404, $"No task of this agent runs in the container '{key.Parent}', so nothing can be launched in it");
        }

        if (!Reserve(key))
        {
            return null;
        }

        try
        {
            var process = await containerizer.OpenAsync(plan, new InsideCommand(command, container?.TtyInfo), cancellationToken);
            var made = new NestedContainer(key.Parent, key.Id, process, Path.Combine(plan.SandboxDirectory, "containers", key.Id));
            lock (_gate)
            {
                _containers[key] = made;
            }

            return made;
        }
        catch (Exception e)
        {
            Forget(key);
            throw e is OperationCanceledException ? e : new NestedException(400, e.Message);
        }
    }

    /// <summary>Removes one that has ended.</summary>
    /// <exception cref="NestedException">It runs, or there is none.</exception>
    internal async Task RemoveAsync(ContainerID id)
    {
        var container = Find(id);
        if (!container.Ended.IsCompleted)
        {
            throw new NestedException(400, $"Container '{Text(id)}' runs; kill it first");
        }

        Forget((container.Parent, container.Id));
        await container.DisposeAsync();
    }

    /// <summary>Forgets those of a task that has ended; they ended with it.</summary>
    internal async Task ForgetAsync(string parent)
    {
        List<NestedContainer?> gone;
        lock (_gate)
        {
            var keys = _containers.Keys.Where(key => key.Parent == parent).ToList();
            gone = [.. keys.Select(key => _containers[key])];
            keys.ForEach(key => _containers.Remove(key));
        }

        foreach (var container in gone.OfType<NestedContainer>())
        {
            await container.DisposeAsync();
        }
    }

    /// <summary>Lets go of all; their programs end with their terminals or pipes.</summary>
    public async ValueTask DisposeAsync()
    {
        List<string> parents;
        lock (_gate)
        {
            parents = [.. _containers.Keys.Select(key => key.Parent).Distinct()];
        }

        foreach (var parent in parents)
        {
            await ForgetAsync(parent);
        }
    }

    /// <summary>False when the id is taken.</summary>
    private bool Reserve((string Parent, string Id) key)
    {
        lock (_gate)
        {
            if (_containers.ContainsKey(key))
            {
                return false;
            }

            if (_containers.Values.Count(container => container is null || !container.Ended.IsCompleted) >= MaxRunning)
            {
                throw new NestedException(503, string.Create(CultureInfo.InvariantCulture, $"{MaxRunning} nested containers run on this agent, which is its limit; end some"));
            }

            var siblings = _containers.Where(entry => entry.Key.Parent == key.Parent).ToList();
            if (siblings.Count >= MaxPerTask)
            {
                var ended = siblings.FirstOrDefault(entry => entry.Value is { Ended.IsCompleted: true });
                if (ended.Value is null)
                {
                    throw new NestedException(503, string.Create(CultureInfo.InvariantCulture, $"{MaxPerTask} nested containers run in this task, which is the limit; end some"));
                }

                _containers.Remove(ended.Key);
            }

            _containers.Add(key, null);
            return true;
        }
    }

    private void Forget((string Parent, string Id) key)
    {
        lock (_gate)
        {
            _containers.Remove(key);
        }
    }

    /// <summary><c>{value, parent: {value: TASK}}</c>, and for members of task groups <c>{value, parent: {value: OWN, parent: {value: EXECUTOR}}}</c>.</summary>
    private static (string Parent, string Id) KeyOf(ContainerID id)
    {
        if (id.Value.Length is 0 or > MaxIdCharacters || id.Value.Any(c => c is '.' or ' ' or '/' or '\\' || char.IsControl(c)))
        {
            throw new NestedException(400, $"'container_id.value' must be 1 to {MaxIdCharacters} characters without '.', ' ', '/', '\\' and control characters");
        }

        return id.Parent switch
        {
            null => throw new NestedException(400, "'container_id.parent' must be set: it names the container of a running task. Containers of their own (standalone) are not there"),
            { Parent: null } parent => (parent.Value, id.Value),
            { Parent: { Parent: null } executor } parent => ($"{executor.Value}_{parent.Value}", id.Value),
            _ => throw new NestedException(400, "'container_id' is nested more deeply than the container of a task; nothing runs there"),
        };
    }

    private static string Text(ContainerID id) => id.Parent is null ? id.Value : $"{Text(id.Parent)}.{id.Value}";
}
