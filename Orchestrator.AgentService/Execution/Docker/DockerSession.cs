using System.Net.Sockets;

namespace Orchestrator.AgentService.Execution.Docker;

/// <summary>An execution in a container whose input and output are a connection of their own.</summary>
/// <param name="execution">Its id.</param>
/// <param name="hasTerminal">Whether its output is as a terminal shows it; else it is in frames.</param>
/// <param name="socket">The connection; disposed with this.</param>
internal sealed class DockerSession(string execution, bool hasTerminal, Socket socket) : IDisposable
{
    private readonly NetworkStream _stream = new(socket, ownsSocket: true);

    internal string Execution => execution;

    internal bool HasTerminal => hasTerminal;

    /// <summary>Input to write, output to read.</summary>
    internal Stream Stream => _stream;

    /// <summary>No more input.</summary>
    internal void CloseInput() => socket.Shutdown(SocketShutdown.Send);

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();
}
