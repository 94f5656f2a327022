using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Orchestrator.AgentService.Isolation;

/// <summary>
/// Starts programs in sessions of their own, with the descriptors that are handed over and no others, all signals at their
/// defaults, and exactly the environment given. <c>posix_spawn</c> shares the agent's memory until the program starts, so a
/// start costs a fraction of a millisecond however big the agent is. The caller reaps what it starts.
/// </summary>
internal static unsafe class ProcessSpawner
{
    private const short SetSignalMask = 0x08;
    private const short SetSignalDefaults = 0x04;
    private const short SetSession = 0x80;

    // sizeof in glibc and musl on 64 bits: attributes 336, actions 80, signal set 128; with room to spare.
    private const int AttributesSize = 512;
    private const int ActionsSize = 256;
    private const int SignalSetSize = 128;
    private const int SetDescriptorFlags = 2;
    private const int DuplicateCloseOnExec = 1030;
    private const nint CloseOnExec = 1;

    /// <summary>The runtime closes on exec whatever it opens; what the agent's own parent left open must not reach tasks either.</summary>
    static ProcessSpawner()
    {
        foreach (var name in Directory.EnumerateFileSystemEntries("/proc/self/fd").Select(path => Path.GetFileName(path)).ToArray())
        {
            if (int.TryParse(name, System.Globalization.CultureInfo.InvariantCulture, out var descriptor) && descriptor > 2)
            {
                _ = ControlDescriptor(descriptor, SetDescriptorFlags, CloseOnExec);
            }
        }
    }

    /// <summary>Starts a program; its process id, which is also that of its session and group.</summary>
    /// <param name="file">Absolute path.</param>
    /// <param name="arguments">With the name at their beginning.</param>
    /// <param name="environment">All of it.</param>
    /// <param name="descriptors">What it finds as its descriptors 0, 1, 2 and so on; at least these three.</param>
    /// <exception cref="Win32Exception">It could not be started.</exception>
    internal static int Start(string file, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, params ReadOnlySpan<SafeHandle> descriptors)
    {
        var attributes = stackalloc byte[AttributesSize];
        var actions = stackalloc byte[ActionsSize];
        var signals = stackalloc byte[SignalSetSize];
        Check(InitializeAttributes(attributes));
        Check(InitializeActions(actions));
        var argumentBlock = new StringBlock(arguments);
        var environmentBlock = new StringBlock([.. environment.Select(variable => $"{variable.Key}={variable.Value}")]);
        var copies = new List<SafeFileHandle>();
        try
        {
            Check(EmptySignals(signals));
            Check(SetMask(attributes, signals));
            Check(FillSignals(signals));
            Check(SetDefaults(attributes, signals));
            Check(SetFlags(attributes, SetSignalMask | SetSignalDefaults | SetSession));
            for (var target = 0; target < descriptors.Length; target++)
            {
                var descriptor = (int)descriptors[target].DangerousGetHandle();
                if (descriptor < descriptors.Length)
                {
                    // The child would overwrite it with one of the others before its own turn comes.
                    copies.Add(CopyAbove(descriptor, descriptors.Length));
                    descriptor = (int)copies[^1].DangerousGetHandle();
                }

                Check(AddDuplicate(actions, descriptor, target));
            }

            int pid;
            Check(Spawn(&pid, file, actions, attributes, argumentBlock.Pointer, environmentBlock.Pointer), file);
            return pid;
        }
        finally
        {
            copies.ForEach(copy => copy.Dispose());
            environmentBlock.Free();
            argumentBlock.Free();
            _ = DestroyActions(actions);
            _ = DestroyAttributes(attributes);
            foreach (var descriptor in descriptors)
            {
                GC.KeepAlive(descriptor);
            }
        }
    }

    private static SafeFileHandle CopyAbove(int descriptor, int lowest)
    {
        var copy = ControlDescriptor(descriptor, DuplicateCloseOnExec, lowest);
        Check(copy < 0 ? Marshal.GetLastPInvokeError() : 0, "fcntl");
        return new SafeFileHandle(copy, ownsHandle: true);
    }

    private static void Check(int error, string what = "posix_spawn")
    {
        if (error != 0)
        {
            throw new Win32Exception(error, $"{what}: {Marshal.GetPInvokeErrorMessage(error)}");
        }
    }

    /// <summary>Strings as C takes them: an array of pointers that ends with null.</summary>
    private readonly struct StringBlock
    {
        private readonly int _count;

        internal StringBlock(IReadOnlyList<string> strings)
        {
            _count = strings.Count;
            Pointer = (byte**)NativeMemory.AllocZeroed((nuint)(_count + 1), (nuint)sizeof(byte*));
            for (var i = 0; i < _count; i++)
            {
                var bytes = Encoding.UTF8.GetByteCount(strings[i]);
                Pointer[i] = (byte*)NativeMemory.AllocZeroed((nuint)bytes + 1);
                Encoding.UTF8.GetBytes(strings[i], new Span<byte>(Pointer[i], bytes));
            }
        }

        internal byte** Pointer { get; }

        internal void Free()
        {
            for (var i = 0; i < _count; i++)
            {
                NativeMemory.Free(Pointer[i]);
            }

            NativeMemory.Free(Pointer);
        }
    }

    [DllImport("libc", EntryPoint = "posix_spawn")]
    private static extern int Spawn(int* pid, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, byte* actions, byte* attributes, byte** arguments, byte** environment);

    [DllImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static extern int InitializeAttributes(byte* attributes);

    [DllImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    private static extern int DestroyAttributes(byte* attributes);

    [DllImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static extern int SetFlags(byte* attributes, short flags);

    [DllImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    private static extern int SetMask(byte* attributes, byte* signals);

    [DllImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    private static extern int SetDefaults(byte* attributes, byte* signals);

    [DllImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static extern int InitializeActions(byte* actions);

    [DllImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static extern int DestroyActions(byte* actions);

    [DllImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static extern int AddDuplicate(byte* actions, int from, int to);

    [DllImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static extern int ControlDescriptor(int descriptor, int command, nint argument);

    [DllImport("libc", EntryPoint = "sigemptyset")]
    private static extern int EmptySignals(byte* signals);

    [DllImport("libc", EntryPoint = "sigfillset")]
    private static extern int FillSignals(byte* signals);
}
