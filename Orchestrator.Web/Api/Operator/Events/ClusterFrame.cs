using System.Buffers;
using System.Text.Json;
using Google.Protobuf;
using Orchestrator.Core.Contract;
using Orchestrator.Core.Contract.Json;
using Orchestrator.Core.Contract.MasterApi;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.RecordIO;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Views;
using Orchestrator.Web.Api.Operator.Json;

namespace Orchestrator.Web.Api.Operator.Events;

/// <summary>One change as the records that go out: made by the first subscriber that sends it, shared by all.</summary>
internal sealed class ClusterFrame
{
    private static readonly Dictionary<AgentId, string> s_noHostnames = [];
    private readonly Lazy<byte[]> _json;
    private readonly Lazy<byte[]> _protobuf;

    /// <summary>A change.</summary>
    /// <param name="version">Of the first snapshot that holds it.</param>
    /// <param name="change">The change.</param>
    internal ClusterFrame(long version, ClusterChange change)
    {
        Version = version;
        _json = new Lazy<byte[]>(() => Json(Message(change)));
        _protobuf = new Lazy<byte[]>(() => Protobuf(Message(change)));
    }

    /// <summary>Of the first snapshot that holds it: who has that one knows it already.</summary>
    internal long Version { get; }

    /// <summary>The record in an encoding.</summary>
    internal ReadOnlyMemory<byte> In(MessageFormat format) => format == MessageFormat.Json ? _json.Value : _protobuf.Value;

    /// <summary>The record of a message without secrets.</summary>
    internal static byte[] Record(MessageFormat format, Event message) => format == MessageFormat.Json ? Json(message) : Protobuf(message);

    /// <summary>The first event: the whole cluster.</summary>
    internal static byte[] Subscribed(MessageFormat format, ClusterSnapshot snapshot, TimeSpan heartbeat)
    {
        var text = Text(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, "SUBSCRIBED");
            writer.WriteStartObject("subscribed"u8);
            writer.WritePropertyName("get_state"u8);
            CallDocuments.WriteState(writer, snapshot);
            writer.WritePropertyName("heartbeat_interval_seconds"u8);
            MesosJson.WriteNumber(writer, heartbeat.TotalSeconds);
            writer.WriteEndObject();
            writer.WriteEndObject();
        });
        return format == MessageFormat.Json ? Framed(text.WrittenSpan) : Framed(MesosJson.Parse<Event>(text.WrittenSpan).ToByteArray());
    }

    private static byte[] Json(Event message) => Framed(Text(writer => MesosJson.WriteWithoutSecrets(writer, message)).WrittenSpan);

    // By way of the text, so that what is left out of the one is not in the other either.
    private static byte[] Protobuf(Event message) => Framed(MesosJson.Parse<Event>(Text(writer => MesosJson.WriteWithoutSecrets(writer, message)).WrittenSpan).ToByteArray());

    private static Event Message(ClusterChange change) => change switch
    {
        ClusterChange.TaskAdded added => new Event { Type = Event.Types.Type.TaskAdded, TaskAdded = new Event.Types.TaskAdded { Task = CallMessages.Task(added.Task) } },
        ClusterChange.TaskUpdated updated => new Event
        {
            Type = Event.Types.Type.TaskUpdated,
            TaskUpdated = new Event.Types.TaskUpdated { FrameworkId = new FrameworkID { Value = updated.Framework.Value }, Status = updated.Status, State = updated.State },
        },
        ClusterChange.AgentAdded added => new Event { Type = Event.Types.Type.AgentAdded, AgentAdded = new Event.Types.AgentAdded { Agent = CallMessages.Agent(added.Agent) } },
        ClusterChange.AgentRemoved removed => new Event { Type = Event.Types.Type.AgentRemoved, AgentRemoved = new Event.Types.AgentRemoved { AgentId = new AgentID { Value = removed.Agent.Value } } },
        ClusterChange.FrameworkAdded added => new Event { Type = Event.Types.Type.FrameworkAdded, FrameworkAdded = new Event.Types.FrameworkAdded { Framework = CallMessages.Framework(added.Framework, s_noHostnames) } },
        ClusterChange.FrameworkUpdated updated => new Event { Type = Event.Types.Type.FrameworkUpdated, FrameworkUpdated = new Event.Types.FrameworkUpdated { Framework = CallMessages.Framework(updated.Framework, s_noHostnames) } },
        ClusterChange.FrameworkRemoved removed => new Event { Type = Event.Types.Type.FrameworkRemoved, FrameworkRemoved = new Event.Types.FrameworkRemoved { FrameworkInfo = removed.Framework } },
        _ => new Event { Type = Event.Types.Type.Unknown },
    };

    private static ArrayBufferWriter<byte> Text(Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(output, MesosJson.WriterOptions);
        write(writer);
        writer.Flush();
        return output;
    }

    private static byte[] Framed(ReadOnlySpan<byte> record)
    {
        var framed = new ArrayBufferWriter<byte>(record.Length + 16);
        RecordEncoder.Write(framed, record);
        return framed.WrittenSpan.ToArray();
    }
}
