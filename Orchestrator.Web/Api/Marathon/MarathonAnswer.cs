using System.Net.Mime;
using Microsoft.Net.Http.Headers;
using Orchestrator.Core.Marathon;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Web.Api.Operator;

namespace Orchestrator.Web.Api.Marathon;

/// <summary>Writes answers as the services API does: JSON, errors too, gzipped for those who take it.</summary>
public static class MarathonAnswer
{
    /// <summary>Sends a finished document.</summary>
    public static Task WriteAsync(HttpContext context, Document document, string contentType = MediaTypeNames.Application.Json)
    {
        var response = context.Response;
        var body = document.Json;
        response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
        if (document.ETag is { } etag)
        {
            response.Headers.ETag = etag;
            if (JsonAnswer.IsKnown(context.Request.Headers.IfNoneMatch, etag))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return Task.CompletedTask;
            }
        }

        if (body.Length >= JsonAnswer.MinCompressedBytes && JsonAnswer.AcceptsGzip(context.Request.Headers.AcceptEncoding))
        {
            body = document.Compressed;
            response.Headers.ContentEncoding = "gzip";
        }

        response.ContentType = contentType;
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    /// <summary>Sends a document written for this request alone.</summary>
    public static Task WriteAsync(HttpContext context, Action<System.Text.Json.Utf8JsonWriter> write) => WriteAsync(context, new Document(AppJson.Write(write), etag: null));

    /// <summary>Sends a document written for this request alone, with the ETag of what it is about.</summary>
    /// <param name="context">The request.</param>
    /// <param name="version">Of the configuration.</param>
    /// <param name="write">Writes the document.</param>
    public static Task WriteAsync(HttpContext context, DateTimeOffset version, Action<System.Text.Json.Utf8JsonWriter> write)
    {
        var body = AppJson.Write(write);
        return WriteAsync(context, new Document(body, ETags.Of(version, body)));
    }

    /// <summary>Sends what the engine answered.</summary>
    public static Task WriteAsync(HttpContext context, MarathonReply reply)
    {
        var response = context.Response;
        response.StatusCode = reply.Status;
        if (reply.DeploymentId is { } deployment)
        {
            response.Headers["Marathon-Deployment-Id"] = deployment;
        }

        if (reply.Location is { } location)
        {
            response.Headers.Location = location.StartsWith('/') ? $"{context.Request.Scheme}://{context.Request.Host}{location}" : location;
        }

        return reply.Json.IsEmpty ? Task.CompletedTask : WriteAsync(context, new Document(reply.Json, etag: null));
    }

    /// <summary>Sends <c>{"message": …}</c>.</summary>
    public static Task WriteErrorAsync(HttpContext context, int status, string message, string? details = null)
    {
        context.Response.StatusCode = status;
        return WriteAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteString("message", message);
            if (details is not null)
            {
                json.WriteString("details", details);
            }

            json.WriteEndObject();
        });
    }

    /// <summary>405, naming the methods that would do.</summary>
    /// <param name="context">The request.</param>
    /// <param name="allowed">For example <c>GET, PUT</c>.</param>
    public static Task WriteWrongMethodAsync(HttpContext context, string allowed)
    {
        context.Response.Headers.Allow = allowed;
        return WriteErrorAsync(context, StatusCodes.Status405MethodNotAllowed, $"{context.Request.Method} is not possible here; possible are {allowed}");
    }

    /// <summary>404 for an app, as the engine says it too.</summary>
    public static Task WriteNoAppAsync(HttpContext context, string id) => WriteErrorAsync(context, StatusCodes.Status404NotFound, $"App '{id}' does not exist");
}
