using Microsoft.Win32.SafeHandles;
using Orchestrator.AgentService.Execution.Nested;
using Orchestrator.AgentService.Isolation;

namespace Orchestrator.AgentService.Execution.Commands;

/// <summary>A process beside a command, in its control groups, with pipes or a terminal.</summary>
/// <param name="process">The process, a child of the agent and leader of its session.</param>
/// <param name="watcher">Waits for it and for its output.</param>
/// <param name="input">Its standard input; the terminal's for one with a terminal.</param>
/// <param name="outputs">Where its output is read, and whether it is the error stream.</param>
/// <param name="terminal">Its terminal; null without one.</param>
internal sealed class CommandInsideProcess(
    ProcessIdentity process,
    DescriptorWatcher watcher,
    SafeFileHandle input,
    IReadOnlyList<(SafeFileHandle Handle, bool IsError)> outputs,
    PseudoTerminal? terminal) : IInsideProcess
{
    private const byte EndOfTransmission = 4;
    private const int BufferBytes = 16 * 1024;
    private const short Readable = 1;
    private readonly SemaphoreSlim _writing = new(1);
    private int? _code;
    private int _disposed;

    /// <inheritdoc/>
    public async Task<int> RunAsync(Func<bool, ReadOnlyMemory<byte>, ValueTask> output, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var copying = outputs.Select(source => CopyAsync(source.Handle, source.IsError, output, ended.Token)).ToList();
        await watcher.WaitForProcessAsync(process, cancellationToken);
        _code = Native.Reap(process.Pid);
        await ended.CancelAsync();
        await Task.WhenAll(copying);
        cancellationToken.ThrowIfCancellationRequested();
        return _code ?? throw new IOException("How the program ended is not known");
    }

    /// <inheritdoc/>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            // A full pipe blocks until the program reads or ends.
            await Task.Run(() => Write(bytes.Span), CancellationToken.None).WaitAsync(cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    public async Task CloseInputAsync(CancellationToken cancellationToken)
    {
        if (terminal is not null)
        {
            await WriteAsync(new[] { EndOfTransmission }, cancellationToken);
            return;
        }

        input.Dispose();
    }

    /// <inheritdoc/>
    public Task ResizeAsync(uint rows, uint columns, CancellationToken cancellationToken)
    {
        terminal?.Resize(rows, columns);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task KillAsync(int signal, CancellationToken cancellationToken)
    {
        if (_code is not null || !process.IsAlive())
        {
            return Task.CompletedTask;
        }

        if (signal == Native.SigKill)
        {
            foreach (var member in ProcessStat.ReadAll().Where(member => member.Session == process.Pid))
            {
                Native.Kill(member.Pid, signal);
            }
        }

        Native.Kill(-process.Pid, signal);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            input.Dispose();
            foreach (var (handle, _) in outputs)
            {
                handle.Dispose();
            }

            terminal?.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Hands over what comes, and once the program has ended what is there.</summary>
    private async Task CopyAsync(SafeFileHandle source, bool isError, Func<bool, ReadOnlyMemory<byte>, ValueTask> output, CancellationToken ended)
    {
        var buffer = new byte[BufferBytes];
        while (true)
        {
            try
            {
                await watcher.WaitAsync(source, ended);
            }
            catch (OperationCanceledException)
            {
                if (!IsReady(source))
                {
                    return;
                }
            }

            var read = Native.Read(source, buffer);
            if (read <= 0)
            {
                return;
            }

            await output(isError, buffer.AsMemory(0, read));
        }
    }

    private static bool IsReady(SafeFileHandle source)
    {
        Span<Native.PollEntry> entry = [new() { Descriptor = (int)source.DangerousGetHandle(), Events = Readable }];
        return Native.Poll(entry, 0) > 0 && (entry[0].Received & Readable) != 0;
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var written = input.IsClosed ? -1 : Native.Write(input, bytes);
            if (written <= 0)
            {
                throw new IOException("The program reads no more input");
            }

            bytes = bytes[written..];
        }
    }
}
