using Orchestrator.Core.Primitives;

namespace Orchestrator.Core.Coordination;

/// <summary>
/// The durable state of the host: keys with values, changed in batches that are written whole or not at all.
/// Embedded: SQLite. Replicated stores stand behind the same seam.
/// </summary>
public interface IJournal : IDisposable
{
    /// <summary>Every live record of an area, in the order of its keys (ordinal). Called once at start.</summary>
    /// <exception cref="JournalException">The store cannot be read; the message says what and the remedy.</exception>
    IReadOnlyList<JournalRecord> Load(string area);

    /// <summary>Makes the batch durable as a whole: one write, one sync. Returns only when it is.</summary>
    /// <exception cref="JournalException">Nothing of the batch was stored; the message says why and the remedy.</exception>
    void Commit(IReadOnlyList<JournalRecord> batch);
}
