namespace Orchestrator.Core.Views.Services;

/// <summary>An offer that was not used and every requirement that it failed.</summary>
public sealed record UnusedOfferView(string OfferId, string AgentId, string Hostname, DateTimeOffset At, Contract.Mesos.Offer Offer, IReadOnlyList<OfferRejection> Reasons);
