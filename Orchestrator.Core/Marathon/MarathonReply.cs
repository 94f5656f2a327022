namespace Orchestrator.Core.Marathon;

/// <summary>The engine's answer to a command, ready to be written by an edge.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Json">The body as UTF-8 JSON; empty for none. Errors have the shapes of <c>rest-api.md</c>.</param>
/// <param name="DeploymentId">For the header <c>Marathon-Deployment-Id</c>; null without a deployment.</param>
/// <param name="Location">For the header <c>Location</c>; null for none.</param>
public sealed record MarathonReply(int Status, ReadOnlyMemory<byte> Json, string? DeploymentId = null, string? Location = null)
{
    /// <summary>Whether the command was accepted.</summary>
    public bool IsSuccess => Status is >= 200 and < 300;
}
