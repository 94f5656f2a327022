namespace Orchestrator.AgentService.Execution.Nested;

/// <summary>A program that was started inside a running container, with its input and output at hand.</summary>
public interface IInsideProcess : IAsyncDisposable
{
    /// <summary>Hands its output over until it has ended; its exit code, 128 + signal when a signal ended it. Called once.</summary>
    /// <param name="output">Told whether it is the error stream, and bytes that are valid during the call. Its program waits while this does not return.</param>
    /// <param name="cancellationToken">Gives up; the program runs on.</param>
    Task<int> RunAsync(Func<bool, ReadOnlyMemory<byte>, ValueTask> output, CancellationToken cancellationToken);

    /// <summary>Writes to its standard input.</summary>
    /// <exception cref="IOException">It reads no more.</exception>
    Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Ends its standard input.</summary>
    Task CloseInputAsync(CancellationToken cancellationToken);

    /// <summary>Tells its terminal how large it is; nothing without a terminal.</summary>
    Task ResizeAsync(uint rows, uint columns, CancellationToken cancellationToken);

    /// <summary>Sends it a signal; SIGKILL also to what it started. Nothing when it has ended.</summary>
    Task KillAsync(int signal, CancellationToken cancellationToken);
}
