namespace Orchestrator.AgentService.Sandbox;

/// <summary>
/// Paths inside a sandbox that the agent, often root, writes to on behalf of a task. Links on the way are refused, because
/// an archive or an earlier volume may have put them there to lead out.
/// </summary>
internal static class SandboxPaths
{
    /// <summary>The absolute path of a relative one, whose directories are made if need be and belong to the owner.</summary>
    /// <exception cref="IOException">The path leaves the sandbox, leads through a link or a file, or cannot be made.</exception>
    internal static string Prepare(string sandbox, string relative, SandboxOwner owner)
    {
        var parts = Split(relative);
        var directory = sandbox;
        foreach (var part in parts[..^1])
        {
            directory = Path.Combine(directory, part);
            MakeDirectory(directory, owner);
        }

        return Path.Combine(directory, parts[^1]);
    }

    /// <summary>Makes a directory unless it is there.</summary>
    /// <exception cref="IOException">Something else is there, or it cannot be made.</exception>
    internal static void MakeDirectory(string directory, SandboxOwner owner)
    {
        if (Posix.Inspect(directory) is { } facts)
        {
            if (!facts.IsDirectory)
            {
                throw new IOException($"'{directory}' is in the way: it is no directory");
            }

            return;
        }

        Directory.CreateDirectory(directory);
        owner.Give(directory);
    }

    /// <summary>The parts of a relative path.</summary>
    /// <exception cref="IOException">It is empty, absolute or leaves the sandbox.</exception>
    internal static string[] Split(string relative)
    {
        var parts = relative.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".").ToArray();
        return relative.StartsWith('/') || parts.Length == 0 || parts.Contains("..") || relative.Contains('\0', StringComparison.Ordinal)
            ? throw new IOException($"'{relative}' is no path inside the sandbox: give a relative one without '..'")
            : parts;
    }
}
