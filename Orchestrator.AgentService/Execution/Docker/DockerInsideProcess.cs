using Orchestrator.AgentService.Execution.Nested;

namespace Orchestrator.AgentService.Execution.Docker;

/// <summary>A program that runs in a container by <c>docker exec</c>.</summary>
/// <param name="engine">The daemon.</param>
/// <param name="session">Its connection; disposed with this.</param>
/// <param name="containerId">The daemon's id of the container.</param>
internal sealed class DockerInsideProcess(IDockerEngine engine, DockerSession session, string containerId) : IInsideProcess
{
    private const byte EndOfTransmission = 4;
    private const int BufferBytes = 16 * 1024;
    private static readonly TimeSpan s_exitPause = TimeSpan.FromMilliseconds(20);

    /// <inheritdoc/>
    public async Task<int> RunAsync(Func<bool, ReadOnlyMemory<byte>, ValueTask> output, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferBytes];
        var frames = new LogFrames();
        int read;
        while ((read = await session.Stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (session.HasTerminal)
            {
                await output(false, buffer.AsMemory(0, read));
                continue;
            }

            frames.Append(buffer.AsSpan(0, read));
            while (frames.TryRead(out var frame))
            {
                await output(frame.IsError, frame.Payload);
            }
        }

        // The daemon closes the connection just before it notes the end.
        int? code;
        while ((code = await engine.ExecutionExitAsync(session.Execution, cancellationToken)) is null)
        {
            await Task.Delay(s_exitPause, cancellationToken);
        }

        return code.Value;
    }

    /// <inheritdoc/>
    public Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => session.Stream.WriteAsync(bytes, cancellationToken).AsTask();

    /// <inheritdoc/>
    public async Task CloseInputAsync(CancellationToken cancellationToken)
    {
        if (session.HasTerminal)
        {
            await session.Stream.WriteAsync(new[] { EndOfTransmission }, cancellationToken);
            return;
        }

        session.CloseInput();
    }

    /// <inheritdoc/>
    public Task ResizeAsync(uint rows, uint columns, CancellationToken cancellationToken) =>
        session.HasTerminal ? engine.ResizeExecutionAsync(session.Execution, rows, columns, cancellationToken) : Task.CompletedTask;

    /// <inheritdoc/>
    public async Task KillAsync(int signal, CancellationToken cancellationToken)
    {
        if (await engine.ExecutionPidAsync(session.Execution, cancellationToken) is { } pid)
        {
            ProcessTree.Signal(pid, containerId, signal);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        session.Dispose();
        return ValueTask.CompletedTask;
    }
}
