namespace Orchestrator.Core.Contract.Apps;

/// <summary>An image and how Docker runs it.</summary>
public sealed record DockerDefinition
{
    /// <summary>Image reference.</summary>
    public required string Image { get; init; }

    /// <summary>Pull at each launch.</summary>
    public bool ForcePullImage { get; init; }

    /// <summary>Full access to the machine.</summary>
    public bool Privileged { get; init; }

    /// <summary>Further options of <c>docker run</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Parameters { get; init; } = [];

    /// <summary><c>pullConfig</c> as given: raw JSON; null for none.</summary>
    public string? PullConfig { get; init; }
}
