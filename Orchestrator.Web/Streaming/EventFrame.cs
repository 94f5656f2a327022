using System.Buffers;
using System.Globalization;
using System.Text;
using Orchestrator.Core.Marathon;
using Orchestrator.Core.Marathon.Apps;

namespace Orchestrator.Web.Streaming;

/// <summary>
/// The bytes of a server-sent event. Clients split at CRLF and want exactly one space:
/// <c>event: status_update_event␍␊data: {"taskId":…}␍␊id: 1795608000000017␍␊␍␊</c>.
/// </summary>
public static class EventFrame
{
    /// <summary>What is written when nothing happens, so that both sides notice a dead connection.</summary>
    public static ReadOnlyMemory<byte> KeepAlive { get; } = "\r\n"u8.ToArray();

    /// <summary>One event.</summary>
    /// <param name="happened">The event.</param>
    /// <param name="number">
    /// Its number, which a client sends as <c>Last-Event-ID</c> to go on after it; null for an event that is not to be counted. It
    /// stands last, where clients that know two lines only do not look.
    /// </param>
    /// <param name="withIds">Adds <c>appIds</c> and <c>deploymentId</c> to the data.</param>
    public static ReadOnlyMemory<byte> Of(MarathonEvent happened, long? number, bool withIds)
    {
        var output = new ArrayBufferWriter<byte>(happened.Json.Length + 128);
        output.Write("event: "u8);
        output.Write(Encoding.UTF8.GetBytes(happened.EventType));
        output.Write("\r\ndata: "u8);
        if (withIds)
        {
            WriteWithIds(output, happened);
        }
        else
        {
            output.Write(happened.Json.Span);
        }

        output.Write("\r\n"u8);
        if (number is { } known)
        {
            output.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id: {known}\r\n")));
        }

        output.Write("\r\n"u8);
        return output.WrittenMemory;
    }

    /// <summary>The data is an object, so what is added goes before its last brace.</summary>
    private static void WriteWithIds(ArrayBufferWriter<byte> output, MarathonEvent happened)
    {
        var data = happened.Json.Span;
        var added = AppJson.Write(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("appIds");
            foreach (var id in happened.AppIds)
            {
                json.WriteStringValue(id);
            }

            json.WriteEndArray();
            if (happened.DeploymentId is { } deployment)
            {
                json.WriteString("deploymentId", deployment);
            }

            json.WriteEndObject();
        });
        output.Write(data[..^1]);
        output.Write(data.Length > 2 ? ","u8 : default);
        output.Write(added.AsSpan(1));
    }
}
