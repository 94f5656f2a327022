namespace Orchestrator.Core.Contract.Apps;

/// <summary>What a user wants of one app, normalised and valid. Field meanings and defaults: Marathon's app definition.</summary>
public sealed record AppDefinition
{
    /// <summary>Absolute path, for example <c>/shop/web</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Wanted number of instances.</summary>
    public int Instances { get; init; } = 1;

    /// <summary>Version of this configuration; set by the engine.</summary>
    public DateTimeOffset Version { get; init; }
}
