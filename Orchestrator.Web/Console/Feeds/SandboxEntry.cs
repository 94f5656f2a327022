namespace Orchestrator.Web.Console.Feeds;

/// <summary>A file or directory of a sandbox.</summary>
/// <param name="Name">Its last name.</param>
/// <param name="Path">Its path in the sandbox.</param>
/// <param name="Mode">As <c>ls -l</c> writes it: <c>-rw-r--r--</c>.</param>
/// <param name="Links">Number of names that it has.</param>
/// <param name="User">Owner.</param>
/// <param name="Group">Group.</param>
/// <param name="SizeBytes">How long it is.</param>
/// <param name="ModifiedAt">When it was last written.</param>
public sealed record SandboxEntry(string Name, string Path, string Mode, long Links, string User, string Group, long SizeBytes, DateTimeOffset ModifiedAt)
{
    /// <summary>Whether it is a directory.</summary>
    public bool IsDirectory => Mode.StartsWith('d');

    /// <summary>Whether it is an ordinary file.</summary>
    public bool IsFile => Mode.StartsWith('-');
}
