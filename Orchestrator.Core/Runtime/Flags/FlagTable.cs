namespace Orchestrator.Core.Runtime.Flags;

/// <summary>Everything that a program can be told.</summary>
/// <param name="Flags">The flags there are, in the order of the help.</param>
/// <param name="Prefixes">Prefixes of environment variables, for example <c>MESOS_</c>; a later one wins.</param>
public sealed record FlagTable(IReadOnlyList<Flag> Flags, params string[] Prefixes)
{
    /// <summary>
    /// Flags of the program that this one stands for, which have no effect here: refused on the command line, named in a warning when
    /// they come from the environment.
    /// </summary>
    public IReadOnlySet<string> Unsupported { get; init; } = new HashSet<string>();

    /// <summary>The help text below its first line: a line for each flag.</summary>
    public string Help => string.Join('\n', Flags.Select(flag => $"  --{flag.Name,-38} {flag.Help}{(flag.Default is { Length: > 0 } value && !flag.IsSwitch ? $" ({value})" : "")}"));

    /// <summary>A set of names from text with blanks between them.</summary>
    public static IReadOnlySet<string> Names(string text) => text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
}
