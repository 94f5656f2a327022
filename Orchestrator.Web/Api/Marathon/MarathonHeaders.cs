using Microsoft.Net.Http.Headers;

namespace Orchestrator.Web.Api.Marathon;

/// <summary>The headers of every answer of the services API: not to be cached, by which leader, for which web pages.</summary>
/// <param name="address">The leader.</param>
/// <param name="origins">Web pages that may read: origins such as <c>https://ops.example</c>, or <c>*</c>.</param>
public sealed class MarathonHeaders(MarathonAddress address, IReadOnlyList<string> origins)
{
    /// <summary>Sets the headers, answers preflight requests, and hands the others on.</summary>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = "no-cache, no-store, must-revalidate";
        headers.Pragma = "no-cache";
        headers.Expires = "0";
        headers["X-Marathon-Leader"] = $"{context.Request.Scheme}://{address.For(context)}";
        headers.XXSSProtection = "1; mode=block";
        if (origins.Count > 0)
        {
            Allow(context);
        }

        // A preflight asks what it may do; there is nothing else behind OPTIONS.
        return HttpMethods.IsOptions(context.Request.Method) ? Task.CompletedTask : next(context);
    }

    private void Allow(HttpContext context)
    {
        var headers = context.Response.Headers;
        var origin = context.Request.Headers.Origin.ToString();
        var allowed = origins.Contains("*") ? "*" : origins.Contains(origin) ? origin : origins.Count == 1 ? origins[0] : null;
        if (allowed is not null)
        {
            headers.AccessControlAllowOrigin = allowed;
        }

        if (context.Request.Headers.AccessControlRequestHeaders is { Count: > 0 } asked)
        {
            headers.AccessControlAllowHeaders = asked;
        }

        headers.AccessControlAllowMethods = "GET, HEAD, OPTIONS";
        headers.AccessControlMaxAge = "86400";
        headers.Append(HeaderNames.Vary, HeaderNames.Origin);
    }
}
