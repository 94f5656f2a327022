using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Orchestrator.Web.Api.Wire;

namespace Orchestrator.Web.Api.Operator;

/// <summary>Sends documents: plain, gzipped, as a script (<c>?jsonp=CB</c>) or, when the client has it already, as 304.</summary>
public static partial class JsonAnswer
{
    /// <summary>Shorter bodies are not worth compressing, in bytes.</summary>
    public const int MinCompressedBytes = 1024;

    /// <summary>Sends one document.</summary>
    public static Task WriteAsync(HttpContext context, Document document)
    {
        var callback = context.Request.Query["jsonp"].ToString();
        if (callback.Length > 0)
        {
            return WriteScriptAsync(context, document, callback);
        }

        var response = context.Response;
        response.Headers.Vary = HeaderNames.AcceptEncoding;
        if (document.ETag is not null)
        {
            response.Headers.ETag = document.ETag;
            response.Headers.CacheControl = "no-cache";
            if (IsKnown(context.Request.Headers.IfNoneMatch, document.ETag))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return Task.CompletedTask;
            }
        }

        var body = document.Json;
        if (body.Length >= MinCompressedBytes && AcceptsGzip(context.Request.Headers.AcceptEncoding))
        {
            body = document.Compressed;
            response.Headers.ContentEncoding = "gzip";
        }

        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    private static async Task WriteScriptAsync(HttpContext context, Document document, string callback)
    {
        if (!Callback().IsMatch(callback))
        {
            await PlainAnswer.WriteAsync(context, StatusCodes.Status400BadRequest, "'jsonp' must be the name of a function: letters, digits, '_', '$' and '.', at most 128");
            return;
        }

        var response = context.Response;
        response.ContentType = "text/javascript";
        response.Headers.XContentTypeOptions = "nosniff";
        await response.Body.WriteAsync(Encoding.ASCII.GetBytes(callback + "("), context.RequestAborted);
        await response.Body.WriteAsync(document.Json, context.RequestAborted);
        await response.Body.WriteAsync(");"u8.ToArray(), context.RequestAborted);
    }

    internal static bool IsKnown(StringValues ifNoneMatch, string etag)
    {
        foreach (var header in ifNoneMatch)
        {
            foreach (var known in new StringTokenizer(header ?? "", [',']))
            {
                if (known.Trim() == "*" || known.Trim() == etag)
                {
                    return true;
                }
            }
        }

        return false;
    }

    internal static bool AcceptsGzip(StringValues acceptEncoding)
    {
        foreach (var header in acceptEncoding)
        {
            foreach (var coding in new StringTokenizer(header ?? "", [',']))
            {
                var text = coding.Trim().ToString().Replace(" ", "", StringComparison.Ordinal);
                if (text == "gzip" || (text.StartsWith("gzip;", StringComparison.Ordinal) && text is not ("gzip;q=0" or "gzip;q=0.0")))
                {
                    return true;
                }
            }
        }

        return false;
    }

    [GeneratedRegex(@"^[A-Za-z_$][\w$.]{0,127}$")]
    private static partial Regex Callback();
}
