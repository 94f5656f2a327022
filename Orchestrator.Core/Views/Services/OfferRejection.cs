namespace Orchestrator.Core.Views.Services;

/// <summary>One failed requirement.</summary>
/// <param name="Reason">UnfulfilledRole, UnfulfilledConstraint, InsufficientCpus, InsufficientMemory, InsufficientDisk, InsufficientGpus, InsufficientPorts, …</param>
/// <param name="Needed">What the app asks for, for people: <c>2 cpus</c>.</param>
/// <param name="Offered">What the offer had: <c>0.5 cpus</c>.</param>
public sealed record OfferRejection(string Reason, string Needed, string Offered);
