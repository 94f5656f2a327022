namespace Orchestrator.Core.Runtime.Flags;

/// <summary>One flag that a program takes.</summary>
/// <param name="Name">As in Mesos or Marathon, for example <c>agent_ping_timeout</c>.</param>
/// <param name="Help">What it does, in a few words.</param>
/// <param name="Default">Its value when not given; null for none.</param>
/// <param name="IsSwitch">Needs no value: <c>--name</c> and <c>--no-name</c>.</param>
/// <param name="Aliases">Other names that mean the same.</param>
public sealed record Flag(string Name, string Help, string? Default = null, bool IsSwitch = false, params string[] Aliases)
{
    /// <summary>Whether its value is never shown.</summary>
    public bool IsSecret { get; init; }
}
