using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;
using Orchestrator.Core.Contract;
using Orchestrator.Core.Contract.MasterApi;
using Orchestrator.Core.Master;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Views;
using Orchestrator.Web.Api.Wire;

namespace Orchestrator.Web.Api.Operator.Events;

/// <summary>SUBSCRIBE of the v1 operator API: the whole cluster first, then each change, and a heartbeat in a fixed rhythm.</summary>
public sealed partial class ClusterSubscription(
    IEngineGateway<MasterCommand, MasterReply, ClusterSnapshot> master,
    ClusterFeed feed,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<ClusterSubscription> logger)
{
    /// <summary>What SUBSCRIBED announces.</summary>
    public static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(15);

    /// <summary>A reader that takes nothing for this long is taken for gone, however full its buffers.</summary>
    public static readonly TimeSpan MaxStall = TimeSpan.FromSeconds(60);

    /// <summary>Bytes after which a batch is handed to the network, so that memory stays bounded.</summary>
    private const int FlushBytes = 64 * 1024;

    /// <summary>Streams until the reader goes away or the host stops.</summary>
    public async Task HandleAsync(HttpContext context, MessageFormat format)
    {
        // A host that stops ends its streams at once: clients dial again sooner than a connection would time out.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        using var listener = feed.Listen();
        try
        {
            // A turn goes by after this one listens: from then on no change is missed, and what the snapshot holds is left out.
            await master.SendAsync(new MasterCommand.Nothing(), ending.Token);
            var snapshot = master.Current;
            context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            context.Response.ContentType = MessageCodec.MediaType(format);
            context.Response.BodyWriter.Write(ClusterFrame.Subscribed(format, snapshot, HeartbeatInterval));
            await WriteAsync(listener, snapshot.Version, format, context.Response.BodyWriter, ending.Token);
            if (listener.IsCutOff)
            {
                LogCutOff(context.TraceIdentifier);
                context.Abort();
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            LogEnded(context.TraceIdentifier);
        }
        catch (TimeoutException)
        {
            LogCutOff(context.TraceIdentifier);
            context.Abort();
        }
        catch (EngineOverloadedException e) when (!context.Response.HasStarted)
        {
            await PlainAnswer.WriteAsync(context, StatusCodes.Status429TooManyRequests, e.Message);
        }
    }

    private async Task WriteAsync(ClusterListener listener, long known, MessageFormat format, PipeWriter output, CancellationToken cancellationToken)
    {
        var heartbeat = ClusterFrame.Record(format, new Event { Type = Event.Types.Type.Heartbeat });
        output.Write(heartbeat);
        using var timer = new PeriodicTimer(HeartbeatInterval, time);
        var tick = timer.WaitForNextTickAsync(cancellationToken).AsTask();
        var more = listener.Frames.WaitToReadAsync(cancellationToken).AsTask();
        while (true)
        {
            var flush = output.FlushAsync(cancellationToken);
            var flushed = flush.IsCompleted ? await flush : await flush.AsTask().WaitAsync(MaxStall, time, cancellationToken);
            if (flushed.IsCompleted)
            {
                return;
            }

            await Task.WhenAny(more, tick);
            if (more.IsCompleted)
            {
                if (!await more)
                {
                    return;
                }

                while (output.UnflushedBytes < FlushBytes && listener.Frames.TryRead(out var frame))
                {
                    if (frame.Version > known)
                    {
                        output.Write(frame.In(format).Span);
                    }
                }

                more = listener.Frames.WaitToReadAsync(cancellationToken).AsTask();
            }

            if (tick.IsCompleted)
            {
                await tick;
                output.Write(heartbeat);
                tick = timer.WaitForNextTickAsync(cancellationToken).AsTask();
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Operator event stream {Stream} ended")]
    private partial void LogEnded(string stream);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Operator event stream {Stream} was broken off: its client does not read, or too many newer ones came")]
    private partial void LogCutOff(string stream);
}
