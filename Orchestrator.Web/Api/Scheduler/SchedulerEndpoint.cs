using Orchestrator.Core.Contract;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Contract.Validation;
using Orchestrator.Core.Master;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Runtime.Streams;
using Orchestrator.Core.Views;
using Orchestrator.Web.Api.Wire;
using Orchestrator.Web.Streaming;

namespace Orchestrator.Web.Api.Scheduler;

/// <summary>
/// The scheduler API over HTTP. The order of its checks is part of the contract, because clients tell errors apart by
/// status: method 405, Content-Type 400 and 415, body 400, shape of the call 400, Accept 406, stream id of a SUBSCRIBE 400;
/// what follows needs the cluster and is the master's answer.
/// </summary>
public sealed partial class SchedulerEndpoint(
    IEngineGateway<MasterCommand, MasterReply, ClusterSnapshot> master,
    EventStreams<Event> streams,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<SchedulerEndpoint> log)
{
    /// <summary>Names the stream of a subscription, in its answer and in every further call.</summary>
    public const string StreamIdHeader = "Mesos-Stream-Id";

    private static readonly Event s_heartbeat = new() { Type = Event.Types.Type.Heartbeat };
    private static readonly byte[] s_jsonHeartbeat = MessageCodec.EncodeRecord(MessageFormat.Json, s_heartbeat);
    private static readonly byte[] s_protobufHeartbeat = MessageCodec.EncodeRecord(MessageFormat.Protobuf, s_heartbeat);

    /// <summary>Handles one request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        var principal = context.User.Identity;
        if (principal is { IsAuthenticated: true, Name: null or "" })
        {
            await PlainAnswer.WriteAsync(context, StatusCodes.Status403Forbidden, "The authenticated principal has no name");
            return;
        }

        if (await CallReader.ReadAsync<Call>(context) is not { } call)
        {
            return;
        }

        var name = principal is { IsAuthenticated: true } ? principal.Name : null;
        SchedulerCallShape.Normalize(call);
        if (SchedulerCallShape.Check(call, name) is { } error)
        {
            await PlainAnswer.WriteAsync(context, StatusCodes.Status400BadRequest, error);
            return;
        }

        var format = MessageFormat.Json;
        if (call.Type is Call.Types.Type.Subscribe or Call.Types.Type.ReconcileOperations)
        {
            if (MediaTypes.Negotiate(context.Request.Headers.Accept) is not { } accepted)
            {
                await PlainAnswer.WriteAsync(context, StatusCodes.Status406NotAcceptable, $"Expecting 'Accept' to allow {MessageCodec.JsonMediaType} or {MessageCodec.ProtobufMediaType}");
                return;
            }

            format = accepted;
        }

        try
        {
            await (call.Type == Call.Types.Type.Subscribe ? SubscribeAsync(context, call, name, format) : CallAsync(context, call, name));
        }
        catch (Exception e) when (e is EngineOverloadedException or EngineStoppedException && !context.Response.HasStarted)
        {
            await PlainAnswer.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, e.Message);
        }
    }

    private async Task CallAsync(HttpContext context, Call call, string? principal)
    {
        var header = context.Request.Headers[StreamIdHeader];
        var reply = await master.SendAsync(new MasterCommand.CallScheduler(header.Count == 0 ? null : header.ToString(), call, principal), context.RequestAborted);
        await PlainAnswer.WriteAsync(context, reply.Status, reply.Message);
    }

    private async Task SubscribeAsync(HttpContext context, Call call, string? principal, MessageFormat format)
    {
        if (context.Request.Headers.ContainsKey(StreamIdHeader))
        {
            await PlainAnswer.WriteAsync(context, StatusCodes.Status400BadRequest, $"Subscribe calls must not carry the '{StreamIdHeader}' header; open a new connection without it");
            return;
        }

        // A host that stops ends its streams at once: clients dial again sooner than a connection would time out.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        var stream = new StreamId(Guid.NewGuid());
        using var events = streams.Open(stream);
        try
        {
            var reply = await master.SendAsync(new MasterCommand.SubscribeScheduler(stream, call, principal), context.RequestAborted);
            if (reply.Status >= StatusCodes.Status400BadRequest)
            {
                await PlainAnswer.WriteAsync(context, reply.Status, reply.Message);
                return;
            }

            await StreamAsync(context, stream, events, format, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            LogGone(stream);
        }
        catch (TimeoutException)
        {
            LogStalled(stream);
            context.Abort();
        }
        finally
        {
            await BrokenStream.TellAsync(master, new MasterCommand.DisconnectScheduler(stream), time);
        }
    }

    private async Task StreamAsync(HttpContext context, StreamId stream, EventStream<Event> events, MessageFormat format, CancellationToken cancellationToken)
    {
        var response = context.Response;
        response.ContentType = MessageCodec.MediaType(format);
        response.Headers[StreamIdHeader] = stream.ToString();

        // The head must go out at once: clients wait for it before the first event may exist.
        await response.BodyWriter.FlushAsync(cancellationToken);
        var heartbeat = format == MessageFormat.Json ? s_jsonHeartbeat : s_protobufHeartbeat;
        var records = new RecordStream<Event>(format, heartbeat, static sent => sent.Type == Event.Types.Type.Subscribed, time);
        await records.RunAsync(events.Reader, response.BodyWriter, cancellationToken);
        if (events.Overflowed)
        {
            // Events were lost, so the stream must not look as if it had ended well.
            LogStalled(stream);
            context.Abort();
            return;
        }

        LogEnded(stream);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Scheduler stream {Stream} ended")]
    private partial void LogEnded(StreamId stream);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Scheduler stream {Stream} was broken off: its client does not read")]
    private partial void LogStalled(StreamId stream);

    [LoggerMessage(Level = LogLevel.Information, Message = "Scheduler stream {Stream} broke: the client went away")]
    private partial void LogGone(StreamId stream);
}
