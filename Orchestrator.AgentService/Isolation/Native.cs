using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Orchestrator.AgentService.Isolation;

/// <summary>The system calls about processes and descriptors that the framework does not offer. Linux with glibc or musl.</summary>
internal static unsafe class Native
{
    internal const int SigKill = 9;
    internal const int SigTerm = 15;
    internal const int NoSuchProcess = 3;
    private const int CloseOnExec = 0x80000;
    private const uint MemoryCloseOnExec = 1;
    private const int PidFdOpen = 434;
    private const int DoNotBlock = 1;

    /// <summary>An entry of <c>poll</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct PollEntry
    {
        internal int Descriptor;
        internal short Events;
        internal short Received;
    }

    /// <summary>Sends a signal; a negative id means a process group. False when nobody is there or it is not allowed.</summary>
    internal static bool Kill(int pid, int signal) => SendSignal(pid, signal) == 0;

    /// <summary>Both ends of a pipe, closed on exec.</summary>
    /// <exception cref="Win32Exception">Too many descriptors.</exception>
    internal static (SafeFileHandle Read, SafeFileHandle Write) Pipe()
    {
        var ends = stackalloc int[2];
        Check(MakePipe(ends, CloseOnExec), "pipe");
        return (new SafeFileHandle(ends[0], ownsHandle: true), new SafeFileHandle(ends[1], ownsHandle: true));
    }

    /// <summary>A file without a name, in memory, that holds these bytes; its position is at the beginning.</summary>
    /// <exception cref="Win32Exception">Too many descriptors.</exception>
    internal static SafeFileHandle MemoryFile(string name, ReadOnlySpan<byte> content)
    {
        var descriptor = MakeMemoryFile(name, MemoryCloseOnExec);
        Check(Math.Min(descriptor, 0), "memfd_create");
        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        // Writes by offset leave the position, which the reader will share, where it is.
        RandomAccess.Write(handle, content, 0);
        return handle;
    }

    /// <summary>A handle on a process that becomes readable when it has ended; null when the kernel is too old or it has gone.</summary>
    internal static SafeFileHandle? OpenProcess(int pid)
    {
        var descriptor = (int)SystemCall(PidFdOpen, pid, 0);
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>Takes the status of an ended child, so that it is no zombie; null when it is no child or has not ended.</summary>
    internal static int? Reap(int pid)
    {
        int status;
        return WaitForProcess(pid, &status, DoNotBlock) != pid ? null
            : (status & 0x7f) == 0 ? (status >> 8) & 0xff
            : 128 + (status & 0x7f);
    }

    /// <summary>Reads from a pipe; how many bytes came, 0 once all writers have gone.</summary>
    internal static int Read(SafeFileHandle handle, Span<byte> buffer)
    {
        fixed (byte* first = buffer)
        {
            return (int)ReadDescriptor((int)handle.DangerousGetHandle(), first, (nuint)buffer.Length);
        }
    }

    /// <summary>Writes into a pipe; how many bytes went.</summary>
    internal static int Write(SafeFileHandle handle, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            return (int)WriteDescriptor((int)handle.DangerousGetHandle(), first, (nuint)bytes.Length);
        }
    }

    /// <summary>Waits for one of the descriptors; how many are ready, -1 when interrupted.</summary>
    internal static int Poll(Span<PollEntry> entries, int timeoutMilliseconds)
    {
        fixed (PollEntry* first = entries)
        {
            return PollDescriptors(first, (nuint)entries.Length, timeoutMilliseconds);
        }
    }

    internal static void Check(int result, string call)
    {
        if (result != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"{call}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int SendSignal(int pid, int signal);

    [DllImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    private static extern int MakePipe(int* ends, int flags);

    [DllImport("libc", EntryPoint = "memfd_create", SetLastError = true)]
    private static extern int MakeMemoryFile([MarshalAs(UnmanagedType.LPUTF8Str)] string name, uint flags);

    [DllImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static extern nint SystemCall(nint number, nint first, nint second);

    [DllImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static extern int WaitForProcess(int pid, int* status, int options);

    [DllImport("libc", EntryPoint = "read", SetLastError = true)]
    private static extern nint ReadDescriptor(int descriptor, byte* buffer, nuint count);

    [DllImport("libc", EntryPoint = "write", SetLastError = true)]
    private static extern nint WriteDescriptor(int descriptor, byte* buffer, nuint count);

    [DllImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static extern int PollDescriptors(PollEntry* entries, nuint count, int timeoutMilliseconds);
}
