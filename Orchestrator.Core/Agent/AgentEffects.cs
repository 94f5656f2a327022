using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Primitives;

namespace Orchestrator.Core.Agent;

/// <summary>
/// What one turn of the agent wants done: first the checkpoints, then the actions and calls. A message must not be
/// changed after it was added.
/// </summary>
public sealed class AgentEffects : IEffects
{
    private readonly List<AgentCheckpoint> _checkpoints = [];
    private readonly List<AgentAction> _actions = [];
    private readonly List<AgentCall> _calls = [];
    private readonly List<string> _notes = [];

    /// <inheritdoc/>
    /// <remarks>Always empty: an agent's state lies in files of its own, see <see cref="Checkpoints"/>.</remarks>
    public IReadOnlyList<JournalRecord> Records => [];

    /// <summary>What must be on disk before anything else of this turn leaves, in order.</summary>
    public IReadOnlyList<AgentCheckpoint> Checkpoints => _checkpoints;

    /// <summary>What is to be done on the machine, in order.</summary>
    public IReadOnlyList<AgentAction> Actions => _actions;

    /// <summary>What is to be told to the master, in order.</summary>
    public IReadOnlyList<AgentCall> Calls => _calls;

    /// <summary>Sentences for the log.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Makes a change durable.</summary>
    public void Checkpoint(AgentCheckpoint checkpoint) => _checkpoints.Add(checkpoint);

    /// <summary>Has something done on the machine.</summary>
    public void Do(AgentAction action) => _actions.Add(action);

    /// <summary>Tells the master.</summary>
    public void Send(AgentCall call) => _calls.Add(call);

    /// <summary>Tells the log.</summary>
    public void Note(string sentence) => _notes.Add(sentence);

    /// <inheritdoc/>
    public void Clear()
    {
        _checkpoints.Clear();
        _actions.Clear();
        _calls.Clear();
        _notes.Clear();
    }
}
