using Microsoft.Win32.SafeHandles;

namespace Orchestrator.AgentService.Sandbox;

/// <summary>
/// Opens files of sandboxes, and nothing else. A path names a sandbox in one of three ways, with a path inside it behind:
/// <c>WORK/slaves/A/frameworks/F/executors/E/runs/C</c>, the same with <c>latest</c> for C, and the virtual
/// <c>/frameworks/F/executors/E/runs/latest</c>. Links are followed only as long as they stay in the sandbox: what is
/// checked is the file that was reached, not its name, so nobody can exchange it in between.
/// </summary>
public sealed class SandboxFiles
{
    private readonly string _root;
    private readonly string _agents;

    /// <summary>Serves what is below a work directory.</summary>
    public SandboxFiles(string workDirectory)
    {
        _root = workDirectory;
        _agents = Path.Combine(workDirectory, "slaves");
    }

    /// <summary>A file or directory that was reached; dispose it.</summary>
    public sealed class Entry : IDisposable
    {
        internal Entry(SafeFileHandle handle, string requested, bool isDirectory, bool isRegular)
        {
            Handle = handle;
            RequestedPath = requested;
            IsDirectory = isDirectory;
            IsRegular = isRegular;
        }

        internal SafeFileHandle Handle { get; }

        /// <summary>The path as asked for, without slashes at its end.</summary>
        public string RequestedPath { get; }

        /// <summary>Whether it is a directory.</summary>
        public bool IsDirectory { get; }

        /// <summary>Whether it is an ordinary file.</summary>
        public bool IsRegular { get; }

        /// <summary>Opens an ordinary file for reading.</summary>
        public FileStream OpenRead() =>
            new(Posix.DescriptorPath(Handle), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

        /// <summary>The names in a directory, sorted.</summary>
        internal IReadOnlyList<string> Names() =>
            [.. Directory.EnumerateFileSystemEntries(Posix.DescriptorPath(Handle)).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

        internal Posix.FileFacts? Inspect(string name) => Posix.Inspect(Posix.DescriptorPath(Handle) + "/" + name);

        /// <inheritdoc/>
        public void Dispose() => Handle.Dispose();
    }

    /// <summary>Why a path was not opened.</summary>
    public enum Refusal
    {
        /// <summary>It was opened.</summary>
        None,

        /// <summary>There is nothing, or it is not in a sandbox.</summary>
        NotFound,

        /// <summary>It leads out of its sandbox.</summary>
        Outside,
    }

    /// <summary>Reaches a file or directory.</summary>
    public (Entry? Entry, Refusal Refusal) Open(string path)
    {
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (!path.StartsWith('/') || path.Contains('\0', StringComparison.Ordinal) || segments.Contains(".."))
        {
            return (null, Refusal.NotFound);
        }

        if (FindSandbox(segments) is not var (sandbox, rest))
        {
            return (null, Refusal.NotFound);
        }

        using var top = Posix.Locate(sandbox);
        using var agents = Posix.Locate(_agents);
        if (top is null || agents is null || Posix.PathOf(top) is not { } topPath || Posix.PathOf(agents) is not { } agentsPath)
        {
            return (null, Refusal.NotFound);
        }

        if (!IsRunDirectory(topPath, agentsPath))
        {
            return (null, Refusal.Outside);
        }

        var handle = Posix.Locate(string.Join('/', [Posix.DescriptorPath(top), .. rest]));
        if (handle is null || Posix.PathOf(handle) is not { } reached)
        {
            handle?.Dispose();
            return (null, Refusal.NotFound);
        }

        if (reached != topPath && !reached.StartsWith(topPath + "/", StringComparison.Ordinal))
        {
            handle.Dispose();
            return (null, Refusal.Outside);
        }

        var facts = Posix.Inspect(handle);
        return (new Entry(handle, "/" + string.Join('/', segments), facts?.IsDirectory ?? false, facts?.IsRegular ?? false), Refusal.None);
    }

    /// <summary>A/frameworks/F/executors/E/runs/C below <c>slaves</c>, and nothing deeper or higher.</summary>
    private static bool IsRunDirectory(string path, string agents) =>
        path.StartsWith(agents + "/", StringComparison.Ordinal)
        && path[(agents.Length + 1)..].Split('/') is [_, "frameworks", _, "executors", _, "runs", _];

    private (string Sandbox, string[] Inner)? FindSandbox(string[] segments)
    {
        if (segments is ["frameworks", var framework, "executors", var executor, "runs", var run, .. var virtualRest])
        {
            var found = Directory.Exists(_agents)
                ? Directory.EnumerateDirectories(_agents)
                    .Select(agent => Path.Combine(agent, "frameworks", framework, "executors", executor, "runs", run))
                    .Where(Directory.Exists)
                    .MaxBy(Directory.GetLastWriteTimeUtc)
                : null;
            return found is null ? null : (found, virtualRest);
        }

        var root = _root.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (segments.Length < root.Length || !segments.AsSpan(0, root.Length).SequenceEqual(root))
        {
            return null;
        }

        return segments[root.Length..] is ["slaves", _, "frameworks", _, "executors", _, "runs", _, .. var rest]
            ? ("/" + string.Join('/', segments[..(root.Length + 8)]), rest)
            : null;
    }
}
