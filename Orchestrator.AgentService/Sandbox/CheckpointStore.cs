using Orchestrator.Core.Agent;
using Orchestrator.Core.Agent.Executors;
using Orchestrator.Core.Contract.Checkpoint;

namespace Orchestrator.AgentService.Sandbox;

/// <summary>
/// The agent's durable state. One process holds a work directory at a time. Contents of files are synced; their directories
/// are not, because the containers that they speak of do not outlive the machine either.
/// </summary>
public sealed partial class CheckpointStore : IDisposable
{
    /// <summary>A task.updates or executor.log longer than this is rewritten without what no longer matters.</summary>
    internal const int CompactionBytes = 1024 * 1024;

    private readonly CheckpointPaths _paths;
    private readonly ILogger _logger;
    private readonly FileStream _lock;
    private readonly Dictionary<string, long> _lengths = [];
    private readonly VolumeStore _volumes;

    /// <summary>How long files were when they were last made shorter: not again before they have doubled.</summary>
    private readonly Dictionary<string, long> _compacted = [];

    private CheckpointStore(CheckpointPaths paths, FileStream held, ILogger logger)
    {
        _paths = paths;
        _volumes = new VolumeStore(paths.WorkDirectory, logger);
        _lock = held;
        _logger = logger;
    }

    /// <summary>Takes the work directory.</summary>
    /// <exception cref="CheckpointException">Another agent has it, or it cannot be written.</exception>
    public static CheckpointStore Open(string workDirectory, ILogger logger)
    {
        var paths = new CheckpointPaths(workDirectory);
        try
        {
            Directory.CreateDirectory(paths.Meta, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return new CheckpointStore(paths, new FileStream(paths.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None), logger);
        }
        catch (IOException e) when (File.Exists(paths.Lock))
        {
            throw new CheckpointException($"--work_dir {workDirectory}: another agent runs in it ({paths.Lock} is held). Give each agent a directory of its own.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"--work_dir {workDirectory}: {e.Message} Name a directory that the agent may write.", e);
        }
    }

    /// <summary>Makes a batch durable, in order. After a failure the batch can be handed in again: nothing of it is written twice.</summary>
    /// <exception cref="CheckpointException">The disk is full or broken; what was appended is taken back.</exception>
    public void Write(IReadOnlyList<AgentCheckpoint> batch)
    {
        var appends = new Dictionary<string, MemoryStream>();
        try
        {
            var last = batch.OfType<AgentCheckpoint.ResourcesStored>().LastOrDefault();
            foreach (var checkpoint in batch)
            {
                // Of several records only the last matters, unless directories change on the way to it.
                if (checkpoint is AgentCheckpoint.ResourcesStored stored && (stored == last || _volumes.ChangesVolumes(stored.Record)))
                {
                    _volumes.Write(stored.Record);
                }

                Prepare(checkpoint, appends);
            }

            Append(appends);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TakeBack(appends.Keys);
            throw new CheckpointException($"The agent's state cannot be written below {_paths.Meta}: {e.Message} Free space or repair the disk.", e);
        }

        foreach (var checkpoint in batch)
        {
            Finish(checkpoint);
        }

        foreach (var path in appends.Keys)
        {
            if (_lengths.TryGetValue(path, out var length) && length > Math.Max(CompactionBytes, 2 * _compacted.GetValueOrDefault(path)))
            {
                Compact(path);
            }
        }
    }

    /// <summary>Gives the agent's id up, so that the next start registers as a new agent.</summary>
    public void ForgetAgent() => File.Delete(_paths.Latest);

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private void Prepare(AgentCheckpoint checkpoint, Dictionary<string, MemoryStream> appends)
    {
        if (ExecutorRecords.Of(checkpoint) is var (executor, shared))
        {
            Add(_paths.ExecutorLog(executor), shared);
            return;
        }

        switch (checkpoint)
        {
            case AgentCheckpoint.AgentRegistered registered:
                var id = registered.Info.Id.Value;
                CheckpointFile.Replace(_paths.AgentInfo(id), registered.Info);
                Link(_paths.Latest, id);
                Posix.SyncDirectory(_paths.Agents);
                break;
            case AgentCheckpoint.FrameworkStored stored:
                CheckpointFile.Replace(_paths.FrameworkInfo(stored.AgentId, stored.Info.Id.Value), stored.Info);
                break;
            case AgentCheckpoint.TaskAccepted accepted:
                CheckpointFile.Replace(_paths.TaskInfo(accepted.Task), accepted.Info);
                break;
            case AgentCheckpoint.ExecutorAccepted accepted:
                CheckpointFile.Replace(_paths.ExecutorInfo(accepted.Executor), accepted.Info);
                break;
            case AgentCheckpoint.UpdateMade made:
                Add(_paths.TaskUpdates(made.Task), new UpdateRecord { Type = UpdateRecord.Types.Type.Update, Update = made.Status });
                break;
            case AgentCheckpoint.UpdateAcknowledged acknowledged:
                Add(_paths.TaskUpdates(acknowledged.Task), new UpdateRecord { Type = UpdateRecord.Types.Type.Ack, Uuid = acknowledged.Uuid });
                break;
            case AgentCheckpoint.KillStarted kill:
                Add(_paths.TaskUpdates(kill.Task), new UpdateRecord { Type = UpdateRecord.Types.Type.Kill, Cause = kill.Cause });
                break;
        }

        void Add(string path, UpdateRecord record)
        {
            if (!appends.TryGetValue(path, out var buffer))
            {
                appends.Add(path, buffer = new MemoryStream());
            }

            CheckpointFile.Append(buffer, record);
        }
    }

    private void Append(Dictionary<string, MemoryStream> appends)
    {
        var after = new Dictionary<string, long>(appends.Count);
        foreach (var (path, buffer) in appends)
        {
            using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
            var start = LengthOf(path);
            file.Position = start;
            file.Write(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
            file.Flush(flushToDisk: true);
            after[path] = start + buffer.Length;
        }

        foreach (var (path, length) in after)
        {
            _lengths[path] = length;
        }
    }

    private long LengthOf(string path) => _lengths.TryGetValue(path, out var length) ? length : 0;

    private void TakeBack(IEnumerable<string> paths)
    {
        foreach (var path in paths.Where(File.Exists))
        {
            try
            {
                using var file = new FileStream(path, FileMode.Open, FileAccess.Write);
                file.SetLength(LengthOf(path));
            }
            catch (IOException e)
            {
                // The tail is cut off at the next start, or overwritten when the batch is handed in again.
                _logger.LogWarning("{Path} could not be cut back to what was durable: {Reason}", path, e.Message);
            }
        }
    }

    /// <summary>What may be done only once the rest of the batch is durable: removals.</summary>
    private void Finish(AgentCheckpoint checkpoint)
    {
        try
        {
            switch (checkpoint)
            {
                case AgentCheckpoint.TaskForgotten { Task.InExecutor: false } forgotten:
                    DeleteRun(_paths.Run(forgotten.Task), _paths.TaskUpdates(forgotten.Task));
                    break;
                case AgentCheckpoint.ExecutorForgotten forgotten:
                    DeleteRun(_paths.Run(forgotten.Executor), _paths.ExecutorLog(forgotten.Executor));
                    break;
                case AgentCheckpoint.FrameworkForgotten forgotten:
                    Delete(_paths.Framework(forgotten.AgentId, forgotten.FrameworkId));
                    break;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A task that comes back after a restart is told ended once more, which does no harm.
            _logger.LogWarning("A checkpoint that is not needed any more could not be removed: {Reason}", e.Message);
        }
    }

    private void DeleteRun(string run, string log)
    {
        _lengths.Remove(log);
        _compacted.Remove(log);
        Delete(run);
        DeleteIfEmpty(Path.GetDirectoryName(run)!);
        DeleteIfEmpty(Path.GetDirectoryName(Path.GetDirectoryName(run))!);
    }

    private static void Delete(string directory)
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static void DeleteIfEmpty(string directory)
    {
        if (Directory.Exists(directory) && !Directory.EnumerateFileSystemEntries(directory).Any())
        {
            Directory.Delete(directory);
        }
    }

    /// <summary>Points a symbolic link at a name beside it, replacing it in one step.</summary>
    internal static void Link(string path, string target)
    {
        var temporary = path + ".tmp";
        File.Delete(temporary);
        File.CreateSymbolicLink(temporary, target);
        Posix.Rename(temporary, path);
    }
}
