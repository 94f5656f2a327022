namespace Orchestrator.Core.Marathon;

/// <summary>Who asked and how, for events and answers.</summary>
/// <param name="ClientIp">IP address of the caller; <c>console</c> for the console.</param>
/// <param name="Uri">Request path.</param>
public sealed record CommandOrigin(string ClientIp, string Uri);
