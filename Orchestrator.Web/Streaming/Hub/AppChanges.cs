namespace Orchestrator.Web.Streaming.Hub;

/// <summary>One message of a stream of apps.</summary>
/// <param name="Version">Version of the services' snapshot; grows from message to message.</param>
/// <param name="IsSnapshot">Whether these are all apps, so that whatever the client had is replaced.</param>
/// <param name="Apps">New and changed apps.</param>
/// <param name="Removed">Ids of apps that are gone.</param>
public sealed record AppChanges(long Version, bool IsSnapshot, IReadOnlyList<AppMessage> Apps, IReadOnlyList<string> Removed);
