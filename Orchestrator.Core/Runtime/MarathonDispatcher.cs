using Orchestrator.Core.Marathon;

namespace Orchestrator.Core.Runtime;

/// <summary>Delivers what a turn of the services engine wanted: its calls to the master, its events to who listens.</summary>
/// <param name="driver">The engine's subscription.</param>
/// <param name="tell">Takes an event; must not block.</param>
public sealed class MarathonDispatcher(FrameworkDriver driver, Action<MarathonEvent> tell) : IEffectDispatcher<MarathonEffects>
{
    /// <inheritdoc/>
    public void Dispatch(MarathonEffects effects)
    {
        foreach (var call in effects.Calls)
        {
            driver.Send(call);
        }

        foreach (var happened in effects.Events)
        {
            tell(happened);
        }
    }
}
