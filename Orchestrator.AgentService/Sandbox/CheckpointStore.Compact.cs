using Google.Protobuf;
using Orchestrator.Core.Contract.Checkpoint;
using RecordType = Orchestrator.Core.Contract.Checkpoint.UpdateRecord.Types.Type;

namespace Orchestrator.AgentService.Sandbox;

/// <content>Keeping logs short.</content>
public sealed partial class CheckpointStore
{
    /// <summary>Forgotten tasks of an executor whose ids are kept: it may tell of them once more.</summary>
    private const int KeptForgotten = 1000;

    /// <summary>
    /// Drops acknowledged updates that a later one of the same state has replaced, because health that changes for weeks
    /// must not fill the disk, and all that is known of forgotten tasks.
    /// </summary>
    private void Compact(string path)
    {
        var (records, _) = CheckpointFile.Parse(File.ReadAllBytes(path), UpdateRecord.Parser);
        var acknowledged = records.Where(record => record.Type == RecordType.Ack).Select(record => record.Uuid).ToHashSet();
        var forgotten = records.Where(record => record.Type == RecordType.Forgotten).Select(record => record.TaskId).ToHashSet();
        var obsolete = new HashSet<ByteString>();
        foreach (var updates in records.Where(record => record.Type == RecordType.Update).GroupBy(record => record.TaskId, record => record.Update))
        {
            var previous = updates.First();
            foreach (var update in updates.Skip(1))
            {
                if (previous.State == update.State && acknowledged.Contains(previous.Uuid))
                {
                    obsolete.Add(previous.Uuid);
                }

                previous = update;
            }
        }

        var old = records.Where(record => record.Type == RecordType.Forgotten).TakeLast(KeptForgotten);
        var kept = records.Where(record => !forgotten.Contains(record.TaskId) && !obsolete.Contains(record.Type == RecordType.Update ? record.Update.Uuid : record.Uuid));
        try
        {
            CheckpointFile.Replace(path, [.. old, .. kept]);
            _lengths[path] = _compacted[path] = new FileInfo(path).Length;
        }
        catch (IOException e)
        {
            _logger.LogWarning("{Path} could not be made shorter: {Reason}", path, e.Message);
        }
    }
}
