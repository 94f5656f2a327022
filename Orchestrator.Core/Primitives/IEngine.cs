namespace Orchestrator.Core.Primitives;

/// <summary>
/// A pure state machine that one event loop owns. It reads no clock,
/// makes no IO and is called by one thread at a time.
/// </summary>
/// <typeparam name="TCommand">What it is told.</typeparam>
/// <typeparam name="TReply">What the teller hears, after the turn is durable.</typeparam>
/// <typeparam name="TEffects">What it wants done, after the turn is durable.</typeparam>
/// <typeparam name="TSnapshot">What readers see, immutable.</typeparam>
public interface IEngine<in TCommand, out TReply, in TEffects, out TSnapshot>
    where TEffects : IEffects
{
    /// <summary>Changes the state and says what must follow.</summary>
    TReply Apply(TCommand command, DateTimeOffset now, TEffects effects);

    /// <summary>
    /// Called once a turn, after its commands: does what is due by <paramref name="now"/> (timers, an allocation cycle).
    /// </summary>
    void Advance(DateTimeOffset now, TEffects effects);

    /// <summary>When <see cref="Advance"/> must be called next though no command comes; null for never.</summary>
    DateTimeOffset? NextDue { get; }

    /// <summary>The state for readers after this turn; the previous object when nothing changed.</summary>
    TSnapshot Publish(DateTimeOffset now);
}
