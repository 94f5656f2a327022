using System.Text;
using Orchestrator.Core.Marathon;

namespace Orchestrator.Web.Streaming;

/// <summary>
/// The bytes of a server-sent event. Clients split at CRLF and want exactly one space:
/// <c>event: status_update_event␍␊data: {"taskId":…}␍␊␍␊</c>.
/// </summary>
public static class EventFrame
{
    /// <summary>What is written when nothing happens, so that both sides notice a dead connection.</summary>
    public static ReadOnlyMemory<byte> KeepAlive { get; } = "\r\n"u8.ToArray();

    /// <summary>One event.</summary>
    public static ReadOnlyMemory<byte> Of(MarathonEvent happened)
    {
        var type = Encoding.UTF8.GetBytes(happened.EventType);
        var frame = new byte["event: "u8.Length + type.Length + "\r\ndata: "u8.Length + happened.Json.Length + "\r\n\r\n"u8.Length];
        var at = frame.AsSpan();
        foreach (var part in (ReadOnlySpan<ReadOnlyMemory<byte>>)["event: "u8.ToArray(), type, "\r\ndata: "u8.ToArray(), happened.Json, "\r\n\r\n"u8.ToArray()])
        {
            part.Span.CopyTo(at);
            at = at[part.Length..];
        }

        return frame;
    }
}
