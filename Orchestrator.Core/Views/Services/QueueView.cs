using Orchestrator.Core.Contract.Apps;

namespace Orchestrator.Core.Views.Services;

/// <summary>What of an app waits to be launched, and why. Shape after GET /v2/queue.</summary>
public sealed record QueueView
{
    /// <summary>Instances still to launch.</summary>
    public required int Count { get; init; }

    /// <summary>Since when something waits.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>No launch before this time (backoff); null when there is no delay.</summary>
    public DateTimeOffset? DelayedUntil { get; init; }

    /// <summary>Offers looked at since it waits.</summary>
    public required int ProcessedOffers { get; init; }

    /// <summary>Of them, those not used.</summary>
    public required int UnusedOffers { get; init; }

    /// <summary>When an offer was last not used.</summary>
    public DateTimeOffset? LastUnusedOfferAt { get; init; }

    /// <summary>When an offer was last used.</summary>
    public DateTimeOffset? LastUsedOfferAt { get; init; }

    /// <summary>The newest unused offers, one for each agent, bounded, with what each lacked.</summary>
    public required IReadOnlyList<UnusedOfferView> LastUnusedOffers { get; init; }

    /// <summary>What waits to be launched; null when that is what was asked for last.</summary>
    public AppDefinition? Definition { get; init; }

    /// <summary>
    /// The machines (fields and their values) of the instances that placement rules count; empty for an app without rules.
    /// </summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Placed { get; init; } = [];
}
