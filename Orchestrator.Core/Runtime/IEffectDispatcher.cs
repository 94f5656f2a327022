namespace Orchestrator.Core.Runtime;

/// <summary>Carries out what a turn wanted done, once it is durable.</summary>
/// <typeparam name="TEffects">The effects of the engine.</typeparam>
public interface IEffectDispatcher<in TEffects>
{
    /// <summary>Called on the loop's thread: must not block and must not keep <paramref name="effects"/>.</summary>
    void Dispatch(TEffects effects);
}
