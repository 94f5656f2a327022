using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Orchestrator.Core.Contract;
using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.RecordIO;
using Orchestrator.Core.Master;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Runtime.Streams;
using Orchestrator.Core.Views;
using Orchestrator.Web.Api.Wire;

namespace Orchestrator.Web.Api.Agents;

/// <summary>
/// <c>POST /api/v1/agent-link</c>: a body whose first record is a SUBSCRIBE opens the link, whose answer is a stream of
/// AgentEvent records; any other body is a batch of calls on the link that <c>Orchestrator-Stream-Id</c> names.
/// </summary>
public static class AgentLinkApi
{
    /// <summary>Names the link in the answer to SUBSCRIBE and in every batch.</summary>
    public const string StreamHeader = "Orchestrator-Stream-Id";

    private const int MaxBatchBytes = 64 * 1024 * 1024;

    /// <summary>Maps the link.</summary>
    public static IEndpointConventionBuilder MapAgentLink(this IEndpointRouteBuilder routes) => routes.MapPost("/api/v1/agent-link", HandleAsync);

    private static async Task HandleAsync(HttpContext context, IEngineGateway<MasterCommand, MasterReply, ClusterSnapshot> master, EventStreams<AgentEvent> streams)
    {
        List<AgentCall> calls;
        try
        {
            calls = await ReadAsync(context);
        }
        catch (MessageFormatException error)
        {
            await PlainAnswer.WriteAsync(context, StatusCodes.Status400BadRequest, $"The body is not a sequence of AgentCall records: {error.Message}");
            return;
        }

        if (calls is [{ Subscribe: { } subscribe }])
        {
            await ServeAsync(context, master, streams, subscribe);
        }
        else if (Guid.TryParse(context.Request.Headers[StreamHeader], out var id))
        {
            await TakeAsync(context, master, new StreamId(id), calls);
        }
        else
        {
            await PlainAnswer.WriteAsync(context, StatusCodes.Status400BadRequest, $"The header {StreamHeader} is missing or no UUID; SUBSCRIBE first, alone in its body.");
        }
    }

    private static async Task TakeAsync(HttpContext context, IEngineGateway<MasterCommand, MasterReply, ClusterSnapshot> master, StreamId stream, List<AgentCall> calls)
    {
        var replies = new Task<MasterReply>[calls.Count];
        for (var i = 0; i < calls.Count; i++)
        {
            replies[i] = master.SendAsync(new MasterCommand.CallAgent(stream, calls[i]), context.RequestAborted).AsTask();
        }

        var worst = MasterReply.Accepted;
        foreach (var pending in replies)
        {
            var reply = await pending;
            worst = reply.Status > worst.Status ? reply : worst;
        }

        await PlainAnswer.WriteAsync(context, worst.Status, worst.Message);
    }

    private static async Task ServeAsync(HttpContext context, IEngineGateway<MasterCommand, MasterReply, ClusterSnapshot> master, EventStreams<AgentEvent> streams, AgentCall.Types.Subscribe subscribe)
    {
        using var stream = streams.Open(new StreamId(Guid.NewGuid()));
        var reply = await master.SendAsync(new MasterCommand.SubscribeAgent(stream.Id, subscribe, AddressOf(context)), context.RequestAborted);
        if (reply.Status != StatusCodes.Status200OK)
        {
            await PlainAnswer.WriteAsync(context, reply.Status, reply.Message);
            return;
        }

        try
        {
            context.Response.ContentType = MessageCodec.ProtobufMediaType;
            context.Response.Headers[StreamHeader] = stream.Id.ToString();
            await context.Response.StartAsync(context.RequestAborted);
            await WriteAsync(stream, context.Response.BodyWriter, context.RequestAborted);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            // The agent is gone; it will dial again.
        }
        finally
        {
            await master.SendAsync(new MasterCommand.DisconnectAgent(stream.Id), CancellationToken.None);
        }
    }

    private static async Task WriteAsync(EventStream<AgentEvent> stream, PipeWriter output, CancellationToken cancellationToken)
    {
        var scratch = new ArrayBufferWriter<byte>();
        while (await stream.Reader.WaitToReadAsync(cancellationToken))
        {
            while (output.UnflushedBytes < 64 * 1024 && stream.Reader.TryRead(out var message))
            {
                MessageCodec.WriteRecord(MessageFormat.Protobuf, output, message, scratch);
            }

            if ((await output.FlushAsync(cancellationToken)).IsCompleted)
            {
                return;
            }
        }
    }

    private static async Task<List<AgentCall>> ReadAsync(HttpContext context)
    {
        var calls = new List<AgentCall>();
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var rest = new ReadOnlySequence<byte>(body.GetBuffer(), 0, (int)body.Length);
        var decoder = new RecordDecoder(MaxBatchBytes);
        while (decoder.TryRead(ref rest, out var record))
        {
            calls.Add(MessageCodec.Parse<AgentCall>(MessageFormat.Protobuf, record));
        }

        return rest.IsEmpty ? calls : throw new MessageFormatException("the last record is cut off");
    }

    private static string AddressOf(HttpContext context) => context.Connection.RemoteIpAddress is { } address
        ? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString()
        : IPAddress.Loopback.ToString();
}
