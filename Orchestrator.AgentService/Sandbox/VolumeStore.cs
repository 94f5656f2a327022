using Orchestrator.Core.Contract.Checkpoint;
using Orchestrator.Core.Resources;

namespace Orchestrator.AgentService.Sandbox;

/// <summary>
/// The agent's reservations and persistent volumes on disk: a record below <c>meta/resources</c> and a directory for each
/// volume. What is wanted is written first (<c>resources.target</c>), then the directories are made and taken away, then the
/// record takes its place (<c>resources.state</c>); a start that finds a target finishes what was begun. So no data of a
/// destroyed volume is ever found in a new one of its name, and none is removed that the record still names.
/// </summary>
/// <param name="workDirectory">The agent's work directory.</param>
/// <param name="logger">The log.</param>
internal sealed class VolumeStore(string workDirectory, ILogger logger)
{
    private const UnixFileMode Open = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly string _directory = Path.Combine(workDirectory, "meta", "resources");
    private HashSet<string> _volumes = [];

    private string State => Path.Combine(_directory, "resources.state");

    private string Target => Path.Combine(_directory, "resources.target");

    /// <summary>Reads the record, finishes a change that was cut off, and removes what destroyed volumes left.</summary>
    /// <exception cref="CheckpointException">The record is damaged.</exception>
    internal ResourcesRecord Load()
    {
        var record = File.Exists(State) ? Read(State) : new ResourcesRecord();
        _volumes = Directories(record);
        if (File.Exists(Target))
        {
            record = Read(Target);
            Finish(record);
        }

        foreach (var volume in _volumes.Where(volume => !Directory.Exists(volume)))
        {
            logger.LogError("The directory {Volume} of a persistent volume is gone; tasks with it fail. Look whether its disk is mounted", volume);
        }

        foreach (var removed in _volumes.Select(RemovedOf).Append(Path.Combine(workDirectory, "volumes", "removed")).Distinct().Where(Directory.Exists))
        {
            foreach (var leftover in Directory.EnumerateDirectories(removed))
            {
                DeleteLater(leftover);
            }
        }

        return record;
    }

    /// <summary>Makes a record durable and the directories follow it.</summary>
    internal void Write(ResourcesRecord record)
    {
        CheckpointFile.Replace(Target, record);
        Posix.SyncDirectory(_directory);
        Finish(record);
    }

    /// <summary>Whether the record has other volumes than the one before, so that directories come or go with it.</summary>
    internal bool ChangesVolumes(ResourcesRecord record) => !_volumes.SetEquals(Directories(record));

    private void Finish(ResourcesRecord record)
    {
        var wanted = Directories(record);
        foreach (var volume in wanted.Where(volume => !_volumes.Contains(volume)))
        {
            // What lies there from before this agent's time is somebody's data, but not this volume's.
            Remove(volume);
            Directory.CreateDirectory(volume, Open);
            File.SetUnixFileMode(volume, Open);
            Posix.SyncDirectory(Path.GetDirectoryName(volume)!);
        }

        foreach (var volume in _volumes.Where(volume => !wanted.Contains(volume)))
        {
            Remove(volume);
        }

        File.Move(Target, State, overwrite: true);
        Posix.SyncDirectory(_directory);
        _volumes = wanted;
    }

    /// <summary>Takes a volume away in one step; its content may take long to delete.</summary>
    private void Remove(string volume)
    {
        if (!Directory.Exists(volume))
        {
            return;
        }

        var removed = Path.Combine(RemovedOf(volume), Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(Path.GetDirectoryName(removed)!);
        Posix.Rename(volume, removed);
        Posix.SyncDirectory(Path.GetDirectoryName(volume)!);
        DeleteLater(removed);
    }

    private void DeleteLater(string directory) => _ = Task.Run(() =>
    {
        try
        {
            Directory.Delete(directory, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.LogWarning("The content of a destroyed volume at {Directory} could not be removed: {Reason} The next start tries again", directory, e.Message);
        }
    });

    /// <summary>ROOT/volumes/roles/ROLE/ID → ROOT/volumes/removed, on the same file system.</summary>
    private static string RemovedOf(string volume) => Path.GetFullPath(Path.Combine(volume, "..", "..", "..", "removed"));

    private HashSet<string> Directories(ResourcesRecord record) =>
        [.. record.Resources.Select(ResourceItem.FromProto).Where(item => item.VolumeId is not null).Select(item => VolumePath.Of(workDirectory, item))];

    private static ResourcesRecord Read(string path)
    {
        try
        {
            return CheckpointFile.ReadOne(path, ResourcesRecord.Parser);
        }
        catch (Exception e) when (e is IOException or CheckpointException or UnauthorizedAccessException or ResourceException)
        {
            throw new CheckpointException($"{path} cannot be read: {e.Message} It says which resources are reserved and which volumes are on this agent. Restore it, or remove it to give them up; the data stays below volumes/.", e);
        }
    }
}
