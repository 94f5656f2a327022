using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Orchestrator.AgentService.Isolation;

/// <summary>A pseudo-terminal: the side that a program sees and the one that shows what it writes.</summary>
internal sealed unsafe class PseudoTerminal : IDisposable
{
    private const int ReadWrite = 2;
    private const int NoControllingTerminal = 0x100;
    private const int CloseOnExec = 0x80000;
    private const int MaxPath = 128;

    /// <summary>TIOCSWINSZ, the same on x86-64 and ARM64.</summary>
    private const nuint SetWindowSize = 0x5414;

    private readonly SafeFileHandle _program;

    private PseudoTerminal(SafeFileHandle master, string path, SafeFileHandle program)
    {
        Master = master;
        Path = path;
        _program = program;
    }

    /// <summary>What the program writes can be read here, what is written here it reads.</summary>
    internal SafeFileHandle Master { get; }

    /// <summary>The device that the program opens.</summary>
    internal string Path { get; }

    /// <summary>Makes one. The program's side is held open as well, so that nothing is lost before it opens its own and after it ends.</summary>
    /// <exception cref="Win32Exception">There are too many.</exception>
    internal static PseudoTerminal Open()
    {
        var descriptor = OpenMaster(ReadWrite | NoControllingTerminal | CloseOnExec);
        Native.Check(Math.Min(descriptor, 0), "posix_openpt");
        var master = new SafeFileHandle(descriptor, ownsHandle: true);
        try
        {
            Native.Check(Grant(descriptor), "grantpt");
            Native.Check(Unlock(descriptor), "unlockpt");
            var name = stackalloc byte[MaxPath];
            Native.Check(NameOf(descriptor, name, MaxPath), "ptsname_r");
            var path = Marshal.PtrToStringUTF8((nint)name)!;
            var program = OpenFile(path, ReadWrite | NoControllingTerminal | CloseOnExec);
            Native.Check(Math.Min(program, 0), "open");
            return new PseudoTerminal(master, path, new SafeFileHandle(program, ownsHandle: true));
        }
        catch
        {
            master.Dispose();
            throw;
        }
    }

    /// <summary>Tells the program how large it is.</summary>
    internal void Resize(uint rows, uint columns)
    {
        var size = stackalloc ushort[4];
        size[0] = (ushort)Math.Min(rows, ushort.MaxValue);
        size[1] = (ushort)Math.Min(columns, ushort.MaxValue);
        _ = Control((int)Master.DangerousGetHandle(), SetWindowSize, size);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _program.Dispose();
        Master.Dispose();
    }

    [DllImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    private static extern int OpenMaster(int flags);

    [DllImport("libc", EntryPoint = "grantpt", SetLastError = true)]
    private static extern int Grant(int descriptor);

    [DllImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    private static extern int Unlock(int descriptor);

    [DllImport("libc", EntryPoint = "ptsname_r", SetLastError = true)]
    private static extern int NameOf(int descriptor, byte* buffer, nuint length);

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int OpenFile([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static extern int Control(int descriptor, nuint request, ushort* size);
}
