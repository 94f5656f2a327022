using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchestrator.AgentService.Execution.Docker;

/// <content>
/// Executions with input: the daemon turns the connection of the call into theirs (<c>101 UPGRADED</c>). The client of the
/// framework cannot end one direction of such a connection, so this one is opened by hand.
/// </content>
internal sealed partial class DockerEngine
{
    private const int MaxHeadBytes = 16 * 1024;

    /// <inheritdoc/>
    public async Task<DockerSession> OpenExecutionAsync(string container, JsonObject body, CancellationToken cancellationToken)
    {
        string id;
        using (var content = Json(body))
        using (var created = await SendAsync(HttpMethod.Post, $"/containers/{Escape(container)}/exec", content, s_patience, cancellationToken))
        {
            id = (await ReadAsync(created, cancellationToken)).GetProperty("Id").GetString()!;
        }

        var terminal = body["Tty"]?.GetValue<bool>() ?? false;
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(s_patience);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(_socket), limit.Token);
            var start = JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["Detach"] = false, ["Tty"] = terminal });
            var head = string.Create(
                CultureInfo.InvariantCulture,
                $"POST /v{_version}/exec/{id}/start HTTP/1.1\r\nHost: docker\r\nContent-Type: application/json\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: {start.Length}\r\n\r\n");
            await socket.SendAsync(Encoding.ASCII.GetBytes(head), limit.Token);
            await socket.SendAsync(start, limit.Token);
            var status = await ReadStatusAsync(socket, limit.Token);
            return status is 101 or 200 ? new DockerSession(id, terminal, socket) : throw new DockerException(status, $"the execution was not started (status {status})");
        }
        catch (Exception e)
        {
            socket.Dispose();
            throw e switch
            {
                SocketException or IOException => Unavailable(e),
                OperationCanceledException when !cancellationToken.IsCancellationRequested => Unavailable(e),
                _ => e,
            };
        }
    }

    /// <inheritdoc/>
    public async Task ResizeExecutionAsync(string execution, uint rows, uint columns, CancellationToken cancellationToken)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"/exec/{execution}/resize?h={rows}&w={columns}");
        await PostQuietlyAsync(path, s_patience, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<int?> ExecutionExitAsync(string execution, CancellationToken cancellationToken)
    {
        var answer = await GetAsync($"/exec/{execution}/json", cancellationToken);
        return !answer.GetProperty("Running").GetBoolean() && answer.GetProperty("ExitCode") is { ValueKind: JsonValueKind.Number } code ? code.GetInt32() : null;
    }

    /// <summary>Reads the head of the answer and nothing behind it; its status.</summary>
    private static async Task<int> ReadStatusAsync(Socket socket, CancellationToken cancellationToken)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!EndsWithEmptyLine(head))
        {
            if (head.Length > MaxHeadBytes || await socket.ReceiveAsync(one, cancellationToken) == 0)
            {
                throw new IOException("the daemon's answer has no end");
            }

            head.Append((char)one[0]);
        }

        // HTTP/1.1 101 UPGRADED
        var words = head.ToString().Split(' ', 3);
        return words.Length > 1 && int.TryParse(words[1], CultureInfo.InvariantCulture, out var status) ? status : throw new IOException("the daemon's answer is not HTTP");
    }

    private static bool EndsWithEmptyLine(StringBuilder head) =>
        head.Length >= 4 && head[^1] == '\n' && head[^2] == '\r' && head[^3] == '\n' && head[^4] == '\r';
}
