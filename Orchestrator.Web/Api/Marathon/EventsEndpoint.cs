using System.Globalization;
using Orchestrator.Web.Streaming;

namespace Orchestrator.Web.Api.Marathon;

/// <summary>
/// <c>GET /v2/events</c>: what happens to services, as server-sent events. With <c>Last-Event-ID</c> a client goes on after the
/// last event that it heard; with <c>embed=ids</c> events name their apps and their deployment.
/// </summary>
public sealed partial class EventsEndpoint(EventBroadcast events, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<EventsEndpoint> logger)
{
    private const string MediaType = "text/event-stream";

    /// <summary>Handles one request, which lasts until one of both goes away.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method))
        {
            await MarathonAnswer.WriteWrongMethodAsync(context, "GET");
            return;
        }

        if (!context.Request.Headers.Accept.ToString().Contains(MediaType, StringComparison.OrdinalIgnoreCase))
        {
            await MarathonAnswer.WriteErrorAsync(context, StatusCodes.Status405MethodNotAllowed, $"Events come as a stream only: send 'Accept: {MediaType}'");
            return;
        }

        if (!TryReadLast(context.Request, out var last, out var error))
        {
            await MarathonAnswer.WriteErrorAsync(context, StatusCodes.Status400BadRequest, error);
            return;
        }

        var types = context.Request.Query["event_type"];
        var interest = new EventInterest(types.Count == 0 ? null : types.OfType<string>().ToHashSet(StringComparer.Ordinal), last, Embeds.Has(context.Request.Query["embed"], "ids"));
        using var listener = events.Listen(interest, context.Connection.RemoteIpAddress?.ToString() ?? "");
        if (listener is null)
        {
            context.Response.Headers.RetryAfter = "10";
            await MarathonAnswer.WriteErrorAsync(context, StatusCodes.Status503ServiceUnavailable, $"{EventBroadcast.MaxListeners} clients listen already; try again later");
            return;
        }

        await StreamAsync(context, listener);
    }

    /// <summary>
    /// The header wins over <c>?lastEventId</c>: browsers come again with the address of their first call and a newer header.
    /// </summary>
    private static bool TryReadLast(HttpRequest request, out long? last, out string error)
    {
        (last, error) = (null, "");
        var text = request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } header ? header : request.Query["lastEventId"].ToString();
        if (text.Length == 0)
        {
            return true;
        }

        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            error = $"The last event is '{text}'; send the number of an 'id:' line of this stream as Last-Event-ID or lastEventId, or leave it out";
            return false;
        }

        last = number;
        return true;
    }

    private async Task StreamAsync(HttpContext context, EventListener listener)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        context.Response.ContentType = MediaType;

        // Proxies in between are asked not to hold anything back.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        try
        {
            await context.Response.BodyWriter.FlushAsync(ending.Token);
            await new EventWriter(time).RunAsync(listener.Backlog, listener.Frames, context.Response.BodyWriter, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            return;
        }
        catch (TimeoutException)
        {
            LogSlow(listener.RemoteAddress);
            context.Abort();
            return;
        }

        if (listener.Overflowed)
        {
            LogSlow(listener.RemoteAddress);
            context.Abort();
        }
    }

    [LoggerMessage(LogLevel.Warning, "The event stream of {RemoteAddress} was broken off: its client does not read.")]
    private partial void LogSlow(string remoteAddress);
}
