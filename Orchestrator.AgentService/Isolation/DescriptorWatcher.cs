using System.Runtime.InteropServices;
using System.Threading.Channels;
using Microsoft.Win32.SafeHandles;

namespace Orchestrator.AgentService.Isolation;

/// <summary>
/// Waits for many descriptors on one thread: ends of pipes, and processes, whose handles become readable when they end.
/// A process needs to be no child for that.
/// </summary>
internal sealed class DescriptorWatcher : IDisposable
{
    private const short Readable = 1;
    private static readonly TimeSpan s_oldKernelPause = TimeSpan.FromMilliseconds(200);
    private readonly Channel<Watch> _added = Channel.CreateUnbounded<Watch>();
    private readonly SafeFileHandle _wakeRead;
    private readonly SafeFileHandle _wakeWrite;
    private readonly Thread _thread;
    private volatile bool _stopped;

    internal DescriptorWatcher()
    {
        (_wakeRead, _wakeWrite) = Native.Pipe();
        _thread = new Thread(Run) { IsBackground = true, Name = "descriptors" };
        _thread.Start();
    }

    private sealed record Watch(SafeHandle Handle, TaskCompletionSource Ready, CancellationToken Token);

    /// <summary>Completes when the descriptor can be read or its other end is closed.</summary>
    internal async Task WaitAsync(SafeHandle handle, CancellationToken cancellationToken)
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _added.Writer.TryWrite(new Watch(handle, ready, cancellationToken));
        Wake();
        await using var registration = cancellationToken.Register(Wake);
        await ready.Task;
    }

    /// <summary>Completes when the process has ended, at once when there is none of that start time.</summary>
    internal async Task WaitForProcessAsync(ProcessIdentity process, CancellationToken cancellationToken)
    {
        using var handle = Native.OpenProcess(process.Pid);
        if (!process.IsAlive())
        {
            return;
        }

        if (handle is not null)
        {
            await WaitAsync(handle, cancellationToken);
            return;
        }

        while (process.IsAlive())
        {
            await Task.Delay(s_oldKernelPause, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopped = true;
        Wake();
        _thread.Join();
        lock (_wakeWrite)
        {
            _wakeRead.Dispose();
            _wakeWrite.Dispose();
        }
    }

    private void Wake()
    {
        // Registrations of tokens may still come when nobody waits any more.
        lock (_wakeWrite)
        {
            if (!_wakeWrite.IsClosed)
            {
                _ = Native.Write(_wakeWrite, [1]);
            }
        }
    }

    private void Run()
    {
        var watches = new List<Watch>();
        var entries = Array.Empty<Native.PollEntry>();
        Span<byte> wakes = stackalloc byte[64];
        while (!_stopped)
        {
            while (_added.Reader.TryRead(out var added))
            {
                watches.Add(added);
            }

            watches.RemoveAll(watch => watch.Token.IsCancellationRequested && watch.Ready.TrySetCanceled(watch.Token));
            if (entries.Length < watches.Count + 1)
            {
                entries = new Native.PollEntry[Math.Max(16, (watches.Count + 1) * 2)];
            }

            entries[0] = new Native.PollEntry { Descriptor = (int)_wakeRead.DangerousGetHandle(), Events = Readable };
            for (var i = 0; i < watches.Count; i++)
            {
                entries[i + 1] = new Native.PollEntry { Descriptor = (int)watches[i].Handle.DangerousGetHandle(), Events = Readable };
            }

            if (Native.Poll(entries.AsSpan(0, watches.Count + 1), -1) <= 0)
            {
                continue;
            }

            if (entries[0].Received != 0)
            {
                _ = Native.Read(_wakeRead, wakes);
            }

            for (var i = watches.Count - 1; i >= 0; i--)
            {
                if (entries[i + 1].Received != 0)
                {
                    watches[i].Ready.TrySetResult();
                    watches.RemoveAt(i);
                }
            }
        }

        foreach (var watch in watches)
        {
            watch.Ready.TrySetCanceled();
        }
    }
}
