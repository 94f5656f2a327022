using Orchestrator.Core.Agent;
using Orchestrator.Core.Agent.Executors;
using Orchestrator.Core.Contract.Checkpoint;
using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.AgentService.Sandbox;

/// <content>Reading at start.</content>
public sealed partial class CheckpointStore
{
    /// <summary>
    /// What an earlier run left. A cut or damaged end of task.updates is cut off and told in the log; a task whose own
    /// record is damaged is left out and told.
    /// </summary>
    /// <exception cref="CheckpointException">The agent's own record is damaged.</exception>
    public RecoveredAgent Load()
    {
        var resources = _volumes.Load();
        if (!Directory.Exists(_paths.Agents))
        {
            return RecoveredAgent.Nothing with { Resources = resources };
        }

        var info = LoadAgent();
        var frameworks = new Dictionary<string, FrameworkInfo>();
        var tasks = new List<RecoveredAgent.RecoveredTask>();
        var executors = new List<RecoveredAgent.RecoveredExecutor>();
        foreach (var agent in Directory.EnumerateDirectories(_paths.Agents).Where(directory => new DirectoryInfo(directory).LinkTarget is null))
        {
            LoadFrameworks(Path.GetFileName(agent), frameworks, tasks, executors);
        }

        return new RecoveredAgent(info, [.. frameworks.Values], tasks) { Resources = resources, Executors = executors };
    }

    /// <summary>Compares the boot of the machine with the stored one and stores it; true when the machine was booted meanwhile.</summary>
    public bool NoteBoot(string bootId)
    {
        var before = File.Exists(_paths.BootId) ? File.ReadAllText(_paths.BootId).Trim() : null;
        if (before != bootId)
        {
            CheckpointFile.ReplaceBytes(_paths.BootId, System.Text.Encoding.UTF8.GetBytes(bootId));
        }

        return before is not null && before != bootId;
    }

    private AgentInfo? LoadAgent()
    {
        if (new System.IO.FileInfo(_paths.Latest).LinkTarget is not { } id)
        {
            return null;
        }

        var path = _paths.AgentInfo(Path.GetFileName(id));
        try
        {
            return CheckpointFile.ReadOne(path, AgentInfo.Parser);
        }
        catch (Exception e) when (e is IOException or CheckpointException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{path} cannot be read: {e.Message} To start as a new agent, end the tasks of the old one and remove {_paths.Latest}.", e);
        }
    }

    private void LoadFrameworks(string agentId, Dictionary<string, FrameworkInfo> frameworks, List<RecoveredAgent.RecoveredTask> tasks, List<RecoveredAgent.RecoveredExecutor> executors)
    {
        foreach (var framework in Children(Path.Combine(_paths.Agent(agentId), "frameworks")))
        {
            var path = _paths.FrameworkInfo(agentId, framework);
            try
            {
                frameworks[framework] = CheckpointFile.ReadOne(path, FrameworkInfo.Parser);
            }
            catch (Exception e) when (e is IOException or CheckpointException)
            {
                _logger.LogError("{Path} cannot be read ({Reason}); the framework's tasks go on without it", path, e.Message);
            }

            var directory = Path.Combine(_paths.Framework(agentId, framework), "executors");
            foreach (var executor in Children(directory))
            {
                foreach (var container in Children(Path.Combine(directory, executor, "runs")))
                {
                    LoadRun(new ExecutorLocation(agentId, framework, executor, container), tasks, executors);
                }
            }
        }
    }

    private void LoadRun(ExecutorLocation run, List<RecoveredAgent.RecoveredTask> tasks, List<RecoveredAgent.RecoveredExecutor> executors)
    {
        if (LoadExecutor(run) is { } executor)
        {
            executors.Add(executor);
            return;
        }

        foreach (var task in Children(Path.Combine(_paths.Run(run), "tasks")))
        {
            if (LoadTask(run.TaskAt(task) with { InExecutor = false }) is { } recovered)
            {
                tasks.Add(recovered);
            }
        }
    }

    private RecoveredAgent.RecoveredExecutor? LoadExecutor(ExecutorLocation location)
    {
        var path = _paths.ExecutorInfo(location);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return new RecoveredAgent.RecoveredExecutor(location, CheckpointFile.ReadOne(path, ExecutorInfo.Parser), LoadUpdates(_paths.ExecutorLog(location)));
        }
        catch (Exception e) when (e is IOException or CheckpointException)
        {
            _logger.LogError("{Path} cannot be read ({Reason}); the agent cannot follow this executor any more. If its container mesos-{Container} still runs, stop it", path, e.Message, location.ContainerId);
            return null;
        }
    }

    private RecoveredAgent.RecoveredTask? LoadTask(TaskLocation location)
    {
        var path = _paths.TaskInfo(location);
        if (!File.Exists(path))
        {
            // Cut off before the task was accepted: it was never launched, and the master hears so at registration.
            return null;
        }

        try
        {
            return new RecoveredAgent.RecoveredTask(location, CheckpointFile.ReadOne(path, TaskInfo.Parser), LoadUpdates(_paths.TaskUpdates(location)));
        }
        catch (Exception e) when (e is IOException or CheckpointException)
        {
            _logger.LogError("{Path} cannot be read ({Reason}); the agent cannot follow this task any more. If its container mesos-{Container} still runs, stop it", path, e.Message, location.ContainerId);
            return null;
        }
    }

    private List<UpdateRecord> LoadUpdates(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        var content = File.ReadAllBytes(path);
        var (records, good) = CheckpointFile.Parse(content, UpdateRecord.Parser);
        if (good < content.Length)
        {
            _logger.LogWarning("{Path}: {Bytes} bytes at its end are cut off or damaged and are dropped; {Records} records before them are good", path, content.Length - good, records.Count);
            using var file = new FileStream(path, FileMode.Open, FileAccess.Write);
            file.SetLength(good);
            file.Flush(flushToDisk: true);
        }

        _lengths[path] = good;
        return records;
    }

    private static IEnumerable<string> Children(string directory) =>
        Directory.Exists(directory) ? Directory.EnumerateDirectories(directory).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal) : [];
}
