namespace Orchestrator.Core.Primitives;

/// <summary>What a turn wants done. Reused from turn to turn.</summary>
public interface IEffects
{
    /// <summary>Records that must be durable before anything else of this turn leaves.</summary>
    IReadOnlyList<JournalRecord> Records { get; }

    /// <summary>Forgets everything, to be filled again.</summary>
    void Clear();
}
