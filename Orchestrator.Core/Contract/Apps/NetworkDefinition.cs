namespace Orchestrator.Core.Contract.Apps;

/// <summary>One network of an app.</summary>
/// <param name="Mode">Kind.</param>
/// <param name="Name">Name of a container network; null for the others.</param>
/// <param name="Labels">Passed to the network.</param>
public sealed record NetworkDefinition(NetworkMode Mode, string? Name, IReadOnlyDictionary<string, string> Labels);
