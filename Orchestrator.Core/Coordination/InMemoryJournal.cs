using Orchestrator.Core.Primitives;

namespace Orchestrator.Core.Coordination;

/// <summary>A journal that lasts as long as its process: for tests, simulation and demo clusters.</summary>
public sealed class InMemoryJournal : IJournal
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<(string Area, string Key), byte[]> _records = new(Comparer<(string Area, string Key)>.Create((a, b) =>
        string.CompareOrdinal(a.Area, b.Area) is not 0 and var order ? order : string.CompareOrdinal(a.Key, b.Key)));

    /// <summary>When set, commits fail with this text and store nothing: a full disk, say.</summary>
    public string? Failure { get; set; }

    /// <inheritdoc/>
    public IReadOnlyList<JournalRecord> Load(string area)
    {
        lock (_gate)
        {
            return [.. _records.Where(record => record.Key.Area == area).Select(record => new JournalRecord(area, record.Key.Key, record.Value))];
        }
    }

    /// <inheritdoc/>
    public void Commit(IReadOnlyList<JournalRecord> batch)
    {
        lock (_gate)
        {
            if (Failure is not null)
            {
                throw new JournalException(Failure);
            }

            foreach (var record in batch)
            {
                if (record.Value is null)
                {
                    _records.Remove((record.Area, record.Key));
                }
                else
                {
                    _records[(record.Area, record.Key)] = record.Value;
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Its records may be loaded again, as those of a file may.
    }
}
