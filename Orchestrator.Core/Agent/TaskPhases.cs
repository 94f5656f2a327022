namespace Orchestrator.Core.Agent;

/// <summary>
/// The life of a task on its agent.
/// <code>
///            start               launched            kill                  exited
///  Queued ─────────► Launching ───────────► Running ──────► Terminating ───────────► Ended
///    │ kill           │   │ failed ► Ended    │ exited ► Ended   ▲                     ▲
///    ▼                ▼ kill                  │                  │ launched            │
///  Ended            Cancelling ───────────────┼──────────────────┘   failed ───────────┤
///                                             ▲ launched                               │
///                 Recovering (kill: stays) ───┘    lost, exited ───────────────────────┘
/// </code>
/// What is not in the table is ignored: an answer that came too late.
/// </summary>
internal static class TaskPhases
{
    /// <summary>What happens to a task.</summary>
    internal enum Input
    {
        Start,
        Kill,
        Launched,
        LaunchFailed,
        Exited,
        Lost,
    }

    /// <summary>The next phase; null when the input means nothing in this phase.</summary>
    internal static TaskPhase? Next(TaskPhase phase, Input input) => (phase, input) switch
    {
        (TaskPhase.Queued, Input.Start) => TaskPhase.Launching,
        (TaskPhase.Queued, Input.Kill) => TaskPhase.Ended,
        (TaskPhase.Launching, Input.Launched) => TaskPhase.Running,
        (TaskPhase.Launching, Input.LaunchFailed) => TaskPhase.Ended,
        (TaskPhase.Launching, Input.Kill) => TaskPhase.Cancelling,
        (TaskPhase.Cancelling, Input.LaunchFailed) => TaskPhase.Ended,
        (TaskPhase.Cancelling, Input.Launched) => TaskPhase.Terminating,
        (TaskPhase.Recovering, Input.Kill) => TaskPhase.Recovering,
        (TaskPhase.Recovering, Input.Launched) => TaskPhase.Running,
        (TaskPhase.Recovering, Input.Exited) => TaskPhase.Ended,
        (TaskPhase.Recovering, Input.Lost) => TaskPhase.Ended,
        (TaskPhase.Running, Input.Kill) => TaskPhase.Terminating,
        (TaskPhase.Running, Input.Exited) => TaskPhase.Ended,
        (TaskPhase.Terminating, Input.Kill) => TaskPhase.Terminating,
        (TaskPhase.Terminating, Input.Exited) => TaskPhase.Ended,
        _ => null,
    };
}
