using System.Text;
using Orchestrator.AgentService.Sandbox;

namespace Orchestrator.AgentService.Execution.Fetching;

/// <summary>The sandbox as an archive sees it: relative names only, nothing through links, so much and no more.</summary>
/// <param name="sandbox">Absolute path.</param>
/// <param name="owner">Whom everything is given to.</param>
/// <param name="maxBytes">Most bytes altogether.</param>
/// <param name="maxEntries">Most entries.</param>
internal sealed class ExtractionTarget(string sandbox, SandboxOwner owner, long maxBytes, int maxEntries = ExtractionTarget.DefaultMaxEntries)
{
    internal const int DefaultMaxEntries = 1_000_000;

    /// <summary>rw-r--r--</summary>
    internal const UnixFileMode DefaultMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>rwxr-xr-x</summary>
    internal const UnixFileMode DirectoryMode = DefaultMode | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private const int MaxLinkBytes = 4096;
    private const UnixFileMode Permissions = DirectoryMode | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private readonly ByteBudget _budget = new(maxBytes);
    private int _entries;

    internal async Task WriteFileAsync(string name, Stream data, UnixFileMode mode, CancellationToken cancellationToken)
    {
        var path = Free(name);
        await using (var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
        {
            await _budget.CopyAsync(data, file, null, null, cancellationToken);
            File.SetUnixFileMode(file.SafeFileHandle, mode & Permissions);
        }

        owner.Give(path);
    }

    /// <summary>A second name of an extracted file; a copy, because the first may be changed before the task begins.</summary>
    internal async Task CopyFileAsync(string name, string existing, CancellationToken cancellationToken)
    {
        var source = SandboxPaths.Prepare(sandbox, existing, owner);
        if (Posix.Inspect(source) is not { IsRegular: true } facts)
        {
            throw new FetchException($"'{name}' in it is a link to '{existing}', which is no file of the archive");
        }

        await using var data = new FileStream(source, FileMode.Open, FileAccess.Read);
        if (SandboxPaths.Prepare(sandbox, name, owner) != source)
        {
            await WriteFileAsync(name, data, (UnixFileMode)(facts.Mode & 0x1FF), cancellationToken);
        }
    }

    internal void MakeDirectory(string name, UnixFileMode mode)
    {
        // ./ is the sandbox itself.
        if (name.Split('/').All(part => part is "" or ".") && !name.StartsWith('/'))
        {
            return;
        }

        Count(name);
        var path = Prepare(name);
        SandboxPaths.MakeDirectory(path, owner);
        // Without these the rest of the archive could not be written by an agent that is not root.
        File.SetUnixFileMode(path, (mode & Permissions) | UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Links may lead anywhere: nothing is written through them, and the task sees no more than it does anyway.</summary>
    internal void MakeLink(string name, string target)
    {
        var path = Free(name);
        File.CreateSymbolicLink(path, target);
        owner.Give(path);
    }

    internal static async Task<string> ReadTextAsync(Stream data, CancellationToken cancellationToken)
    {
        using var text = new MemoryStream();
        await new ByteBudget(MaxLinkBytes).CopyAsync(data, text, null, null, cancellationToken);
        return Encoding.UTF8.GetString(text.ToArray());
    }

    /// <summary>The path of a name, with nothing in its place.</summary>
    private string Free(string name)
    {
        Count(name);
        var path = Prepare(name);
        if (Posix.Inspect(path) is { } facts)
        {
            if (facts.IsDirectory)
            {
                throw new FetchException($"'{name}' in it is a directory already");
            }

            File.Delete(path);
        }

        return path;
    }

    private string Prepare(string name)
    {
        try
        {
            return SandboxPaths.Prepare(sandbox, name, owner);
        }
        catch (IOException e)
        {
            throw new FetchException($"it is refused: {e.Message}");
        }
    }

    private void Count(string name)
    {
        if (++_entries > maxEntries)
        {
            throw new FetchException($"it holds more than {maxEntries} entries, '{name}' for one");
        }
    }
}
