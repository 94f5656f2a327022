namespace Orchestrator.Core.Agent.Executors;

/// <summary>
/// The life of an executor on its agent.
/// <code>
///           start              launched                subscribe            shutdown
///  Queued ────────► Launching ──────────► Registering ───────────► Running ─────────► Terminating
///    │ shutdown      │  │ subscribe ────────────────────────────────►▲                  ▲   │
///    ▼               │  │ shutdown ──────────┬─ shutdown ────────────┼──────────────────┤   │ exited, failed, lost
///  Ended ◄─ failed ──┘  └────────────────────┴───────────────────────┼──────────────────┘   ▼
///                                             Recovering ─ subscribe ┘                    Ended
/// </code>
/// It may subscribe before the agent hears that its container runs. Exited, and lost, lead to Ended from every phase. What
/// is not in the table is ignored: an answer that came too late.
/// </summary>
internal static class ExecutorPhases
{
    /// <summary>What happens to an executor.</summary>
    internal enum Input
    {
        Start,
        Launched,
        Subscribe,
        Shutdown,
        Gone,
    }

    /// <summary>The next phase; null when the input means nothing in this phase.</summary>
    internal static ExecutorPhase? Next(ExecutorPhase phase, Input input) => (phase, input) switch
    {
        (ExecutorPhase.Ended, _) => null,
        (_, Input.Gone) => ExecutorPhase.Ended,
        (ExecutorPhase.Queued, Input.Start) => ExecutorPhase.Launching,
        (ExecutorPhase.Queued, Input.Shutdown) => ExecutorPhase.Ended,
        (ExecutorPhase.Launching, Input.Launched) => ExecutorPhase.Registering,
        (ExecutorPhase.Launching, Input.Subscribe) => ExecutorPhase.Running,
        (ExecutorPhase.Registering, Input.Subscribe) => ExecutorPhase.Running,
        (ExecutorPhase.Recovering, Input.Launched) => ExecutorPhase.Recovering,
        (ExecutorPhase.Recovering, Input.Subscribe) => ExecutorPhase.Running,
        (ExecutorPhase.Running, Input.Launched) => ExecutorPhase.Running,
        (ExecutorPhase.Running, Input.Subscribe) => ExecutorPhase.Running,
        (ExecutorPhase.Terminating, Input.Launched) => ExecutorPhase.Terminating,
        (ExecutorPhase.Terminating, Input.Subscribe) => ExecutorPhase.Terminating,
        (not ExecutorPhase.Queued and not ExecutorPhase.Terminating, Input.Shutdown) => ExecutorPhase.Terminating,
        _ => null,
    };
}
