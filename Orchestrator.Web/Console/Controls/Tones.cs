using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.Web.Console.Controls;

/// <summary>Colours and words of states, the same on every page.</summary>
public static class Tones
{
    /// <summary>The colour of a task state.</summary>
    public static Tone Of(TaskState state) => state switch
    {
        TaskState.TaskRunning => Tone.Good,
        TaskState.TaskStaging or TaskState.TaskStarting => Tone.Busy,
        TaskState.TaskKilling => Tone.Warn,
        TaskState.TaskFailed or TaskState.TaskError or TaskState.TaskLost or TaskState.TaskDropped or TaskState.TaskGone or TaskState.TaskGoneByOperator => Tone.Bad,
        TaskState.TaskUnreachable or TaskState.TaskUnknown => Tone.Away,
        _ => Tone.Neutral,
    };

    /// <summary>The colour of a word: a Mesos state (<c>TASK_RUNNING</c>), a condition of an instance or the state of an app.</summary>
    public static Tone Of(string state) => Word(state) switch
    {
        "Running" or "Healthy" or "Stable" or "Active" or "Connected" => Tone.Good,
        "Staging" or "Starting" or "Deploying" or "Provisioned" or "Scheduled" or "Pending" or "Created" or "Recovering" => Tone.Busy,
        "Killing" or "Degraded" or "Waiting" or "Delayed" or "Inactive" or "Draining" => Tone.Warn,
        "Failed" or "Error" or "Lost" or "Dropped" or "Gone" or "Gone by operator" or "Unhealthy" => Tone.Bad,
        "Unreachable" or "Unknown" or "Disconnected" => Tone.Away,
        _ => Tone.Neutral,
    };

    /// <summary>A task state for people: <c>Running</c>, <c>Gone by operator</c>.</summary>
    public static string Word(TaskState state) => Word(state.ToString());

    /// <summary>The same for its wire name <c>TASK_GONE_BY_OPERATOR</c>; other words pass.</summary>
    public static string Word(string state)
    {
        if (state.StartsWith("TASK_", StringComparison.Ordinal))
        {
            var words = state[5..].ToLowerInvariant().Replace('_', ' ');
            return char.ToUpperInvariant(words[0]) + words[1..];
        }

        if (state.StartsWith("Task", StringComparison.Ordinal) && state.Length > 4)
        {
            return string.Concat(state[4..].Select((letter, i) => i > 0 && char.IsUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : $"{letter}"));
        }

        return state;
    }

    /// <summary>The class of a colour.</summary>
    public static string Class(Tone tone) => tone switch
    {
        Tone.Good => "tone-good",
        Tone.Busy => "tone-busy",
        Tone.Warn => "tone-warn",
        Tone.Bad => "tone-bad",
        Tone.Away => "tone-away",
        _ => "tone-neutral",
    };
}
