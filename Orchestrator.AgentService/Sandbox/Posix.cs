using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Orchestrator.AgentService.Sandbox;

/// <summary>The few system calls that the framework does not offer.</summary>
internal static class Posix
{
    private const int OpenPath = 0x200000;
    private const int CloseOnExec = 0x80000;
    private const int WriteOnly = 0x1;
    private const int Create = 0x40;
    private const int Append = 0x400;
    private const int NonBlocking = 0x800;
    private const int NoFollow = 0x20000;
    private const int AtCurrentDirectory = -100;
    private const int AtNoFollow = 0x100;
    private const int AtEmptyPath = 0x1000;
    private const uint StatxBasic = 0x7ff;
    private const int StatxSize = 256;
    private static readonly Lock s_accounts = new();

    /// <summary>What <c>lstat</c> says of a file.</summary>
    internal readonly record struct FileFacts(ushort Mode, uint Links, uint UserId, uint GroupId, long Size, double ModifiedSeconds, long Inode)
    {
        internal bool IsDirectory => (Mode & 0xF000) == 0x4000;

        internal bool IsRegular => (Mode & 0xF000) == 0x8000;
    }

    /// <summary>The user's and group's ids; null when there is no such account.</summary>
    internal static (uint UserId, uint GroupId)? FindUser(string name)
    {
        lock (s_accounts)
        {
            var entry = GetPasswordByName(name);
            return entry == 0 ? null : ((uint)Marshal.ReadInt32(entry, 16), (uint)Marshal.ReadInt32(entry, 20));
        }
    }

    internal static string UserName(uint id)
    {
        lock (s_accounts)
        {
            return NameOf(GetPasswordById(id)) ?? id.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    internal static string GroupName(uint id)
    {
        lock (s_accounts)
        {
            return NameOf(GetGroupById(id)) ?? id.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    internal static uint EffectiveUserId => GetEffectiveUserId();

    /// <exception cref="Win32Exception">The owner could not be changed.</exception>
    internal static void ChangeOwner(string path, uint userId, uint groupId)
    {
        if (LChown(path, userId, groupId) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Renames over whatever is there. File.Move does not take links to directories.</summary>
    /// <exception cref="IOException">It failed.</exception>
    internal static void Rename(string from, string to)
    {
        if (RenameFile(from, to) != 0)
        {
            throw new IOException($"{to}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        }
    }

    /// <summary>Facts of the path itself, not of what it links to; null when there is nothing.</summary>
    internal static FileFacts? Inspect(string path) => Inspect(AtCurrentDirectory, path, AtNoFollow);

    /// <summary>Facts of a located file.</summary>
    internal static FileFacts? Inspect(SafeFileHandle handle) => Inspect((int)handle.DangerousGetHandle(), "", AtEmptyPath);

    private static unsafe FileFacts? Inspect(int directory, string path, int flags)
    {
        var buffer = stackalloc byte[StatxSize];
        if (StatX(directory, path, flags, StatxBasic, buffer) != 0)
        {
            return null;
        }

        return new FileFacts(
            *(ushort*)(buffer + 28),
            *(uint*)(buffer + 16),
            *(uint*)(buffer + 20),
            *(uint*)(buffer + 24),
            *(long*)(buffer + 40),
            *(long*)(buffer + 112) + (*(uint*)(buffer + 120) / 1e9),
            *(long*)(buffer + 32));
    }

    /// <summary>
    /// A handle on whatever the path leads to, links followed, without opening it: no side effect on pipes and devices.
    /// Null when there is nothing or it may not be reached.
    /// </summary>
    internal static SafeFileHandle? Locate(string path)
    {
        var descriptor = Open(path, OpenPath | CloseOnExec);
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>Opens a file so that each write goes to its end; makes it with this mode if need be, follows no link and waits for no pipe.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    internal static SafeFileHandle OpenToAppend(string path, int mode)
    {
        var descriptor = Open(path, WriteOnly | Create | Append | NonBlocking | NoFollow | CloseOnExec, mode);
        return descriptor < 0
            ? throw new IOException($"{path}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}")
            : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>The path of a located file, free of links.</summary>
    internal static string? PathOf(SafeFileHandle handle) =>
        new FileInfo(DescriptorPath(handle)).LinkTarget;

    /// <summary>A path that leads to the located file, however it may be renamed meanwhile.</summary>
    internal static string DescriptorPath(SafeFileHandle handle) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/proc/self/fd/{handle.DangerousGetHandle()}");

    /// <summary>Writes a directory's entries to disk.</summary>
    internal static void SyncDirectory(string path)
    {
        var descriptor = Open(path, CloseOnExec);
        if (descriptor >= 0)
        {
            using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
            _ = FSync(descriptor);
        }
    }

    private static string? NameOf(nint entry) => entry == 0 ? null : Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(entry));

    [DllImport("libc", EntryPoint = "getpwnam", SetLastError = true)]
    private static extern nint GetPasswordByName([MarshalAs(UnmanagedType.LPUTF8Str)] string name);

    [DllImport("libc", EntryPoint = "getpwuid", SetLastError = true)]
    private static extern nint GetPasswordById(uint id);

    [DllImport("libc", EntryPoint = "getgrgid", SetLastError = true)]
    private static extern nint GetGroupById(uint id);

    [DllImport("libc", EntryPoint = "geteuid")]
    private static extern uint GetEffectiveUserId();

    [DllImport("libc", EntryPoint = "lchown", SetLastError = true)]
    private static extern int LChown([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint userId, uint groupId);

    [DllImport("libc", EntryPoint = "rename", SetLastError = true)]
    private static extern int RenameFile([MarshalAs(UnmanagedType.LPUTF8Str)] string from, [MarshalAs(UnmanagedType.LPUTF8Str)] string to);

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, int mode = 0);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int FSync(int descriptor);

    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static extern unsafe int StatX(int directory, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, byte* result);
}
