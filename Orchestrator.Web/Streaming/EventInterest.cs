namespace Orchestrator.Web.Streaming;

/// <summary>What a listener wants to hear.</summary>
/// <param name="Types">Only events of these types; null for all.</param>
/// <param name="LastNumber">The last event that it heard: it gets what it missed since. Null for who comes for the first time.</param>
/// <param name="WithIds">With the ids of the apps and the deployment of each event.</param>
public sealed record EventInterest(IReadOnlySet<string>? Types = null, long? LastNumber = null, bool WithIds = false)
{
    /// <summary>Everything from now on.</summary>
    public static EventInterest All { get; } = new();
}
