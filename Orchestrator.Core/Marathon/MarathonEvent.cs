namespace Orchestrator.Core.Marathon;

/// <summary>One event of the event stream, written once for all subscribers.</summary>
/// <param name="EventType">For example <c>status_update_event</c>.</param>
/// <param name="Json">The data as one line of UTF-8 JSON, an object.</param>
public sealed record MarathonEvent(string EventType, ReadOnlyMemory<byte> Json)
{
    /// <summary>Ids of the apps that it is about.</summary>
    public IReadOnlyList<string> AppIds { get; init; } = [];

    /// <summary>Id of the deployment that it belongs to; null for none.</summary>
    public string? DeploymentId { get; init; }
}
