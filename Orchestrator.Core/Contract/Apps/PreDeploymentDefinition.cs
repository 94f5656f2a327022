namespace Orchestrator.Core.Contract.Apps;

/// <summary>
/// A command that runs once, to its end, with the image, the environment and the resources of the new configuration, before
/// any instance is replaced: a migration, for example.
/// </summary>
/// <param name="Cmd">Shell command; null when <paramref name="Args"/> say what runs.</param>
/// <param name="Args">Arguments without a shell.</param>
/// <param name="TimeoutSeconds">Longest run; then it is killed and has failed.</param>
public sealed record PreDeploymentDefinition(string? Cmd, IReadOnlyList<string> Args, double TimeoutSeconds);
