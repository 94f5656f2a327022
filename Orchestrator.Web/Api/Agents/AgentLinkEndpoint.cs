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
/// The agent link over HTTP: a body whose first record is a SUBSCRIBE opens the link, whose answer is a stream of AgentEvent
/// records; any other body is a batch of calls on the link that <c>Orchestrator-Stream-Id</c> names.
/// </summary>
public sealed partial class AgentLinkEndpoint(
    IEngineGateway<MasterCommand, MasterReply, ClusterSnapshot> master,
    EventStreams<AgentEvent> streams,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<AgentLinkEndpoint> log)
{
    /// <summary>Names the link in the answer to SUBSCRIBE and in every batch.</summary>
    public const string StreamHeader = "Orchestrator-Stream-Id";

    /// <summary>An agent that reads nothing for this long is taken for gone, however full its buffers.</summary>
    public static readonly TimeSpan MaxStall = TimeSpan.FromSeconds(60);

    private const int MaxBatchBytes = 64 * 1024 * 1024;

    /// <summary>Bytes after which a batch of events is handed to the network, so that memory stays bounded.</summary>
    private const int FlushBytes = 64 * 1024;

    /// <summary>Handles one request.</summary>
    public async Task HandleAsync(HttpContext context)
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
            await ServeAsync(context, subscribe);
        }
        else if (Guid.TryParse(context.Request.Headers[StreamHeader], out var id))
        {
            await TakeAsync(context, new StreamId(id), calls);
        }
        else
        {
            await PlainAnswer.WriteAsync(context, StatusCodes.Status400BadRequest, $"The header {StreamHeader} is missing or no UUID; SUBSCRIBE first, alone in its body.");
        }
    }

    private async Task TakeAsync(HttpContext context, StreamId stream, List<AgentCall> calls)
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

    private async Task ServeAsync(HttpContext context, AgentCall.Types.Subscribe subscribe)
    {
        // A host that stops ends its links at once: agents dial again sooner than a connection would time out.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        using var stream = streams.Open(new StreamId(Guid.NewGuid()));
        try
        {
            var reply = await master.SendAsync(new MasterCommand.SubscribeAgent(stream.Id, subscribe, AddressOf(context)), context.RequestAborted);
            if (reply.Status != StatusCodes.Status200OK)
            {
                await PlainAnswer.WriteAsync(context, reply.Status, reply.Message);
                return;
            }

            context.Response.ContentType = MessageCodec.ProtobufMediaType;
            context.Response.Headers[StreamHeader] = stream.Id.ToString();
            await context.Response.StartAsync(ending.Token);
            await WriteAsync(stream, context.Response.BodyWriter, ending.Token);
            if (stream.Overflowed)
            {
                // Events were lost, so the link must not look as if it had ended well.
                LogStalled(stream.Id);
                context.Abort();
            }
        }
        catch (Exception error) when (error is OperationCanceledException or IOException && (ending.IsCancellationRequested || error is IOException))
        {
            // The agent is gone, or the host is going; either way the agent will dial again.
        }
        catch (TimeoutException)
        {
            LogStalled(stream.Id);
            context.Abort();
        }
        finally
        {
            await BrokenStream.TellAsync(master, new MasterCommand.DisconnectAgent(stream.Id), time);
        }
    }

    private async Task WriteAsync(EventStream<AgentEvent> stream, PipeWriter output, CancellationToken cancellationToken)
    {
        var scratch = new ArrayBufferWriter<byte>();
        while (await stream.Reader.WaitToReadAsync(cancellationToken))
        {
            while (output.UnflushedBytes < FlushBytes && stream.Reader.TryRead(out var message))
            {
                MessageCodec.WriteRecord(MessageFormat.Protobuf, output, message, scratch);
            }

            var flush = output.FlushAsync(cancellationToken);
            var flushed = flush.IsCompleted ? await flush : await flush.AsTask().WaitAsync(MaxStall, time, cancellationToken);
            if (flushed.IsCompleted)
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

        return rest.IsEmpty && !decoder.IsInsideRecord ? calls : throw new MessageFormatException("the last record is cut off");
    }

    private static string AddressOf(HttpContext context) => context.Connection.RemoteIpAddress is { } address
        ? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString()
        : IPAddress.Loopback.ToString();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Agent link {Stream} was broken off: its agent does not read")]
    private partial void LogStalled(StreamId stream);
}
