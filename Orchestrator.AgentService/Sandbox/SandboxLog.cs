using Microsoft.Win32.SafeHandles;

namespace Orchestrator.AgentService.Sandbox;

/// <summary>The files <c>stdout</c> and <c>stderr</c> of a sandbox.</summary>
internal static class SandboxLog
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Opens one to append, and makes it if need be, given to the owner.</summary>
    /// <exception cref="IOException">A link or something else that is no file is in its place, or it cannot be made.</exception>
    internal static SafeFileHandle Open(string path, SandboxOwner owner)
    {
        if (Posix.Inspect(path) is { IsRegular: false })
        {
            throw new IOException($"'{path}' is in the way: it is no ordinary file");
        }

        var isNew = !File.Exists(path);
        var handle = Posix.OpenToAppend(path, (int)Mode);
        if (isNew)
        {
            owner.Give(path);
        }

        return handle;
    }
}
