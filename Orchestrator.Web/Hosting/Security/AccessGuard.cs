using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Orchestrator.Web.Api.Wire;

namespace Orchestrator.Web.Hosting.Security;

/// <summary>
/// Stands before everything: who may come in at all. Basic authentication for APIs, the console's cookie for pages and the
/// hub; and, with or without accounts, no request that a foreign web page made in a user's browser.
/// </summary>
public sealed class AccessGuard(HostOptions options, SignInThrottle throttle)
{
    private const string MasterRealm = "mesos-master-readwrite";
    private const string SchedulerRealm = "mesos-master-scheduler";
    private const string MarathonRealm = "Mesosphere";

    /// <summary>Paths that need no account: health for balancers, the sign-in page and what it is drawn with.</summary>
    private static readonly string[] s_open = ["/health", "/master/health", "/ping", "/ui/sign-in", "/_framework", "/_content", "/assets", "/orchestrator.styles.css", "/redirect", "/master/redirect"];

    /// <summary>The middleware.</summary>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (options.IsLoopback && !IsLoopbackName(context.Request.Host.Host))
        {
            await PlainAnswer.WriteAsync(context, StatusCodes.Status403Forbidden, $"The host listens on loopback only and answers to loopback names, not to '{context.Request.Host.Host}'. Give --ip to listen elsewhere.");
            return;
        }

        if (IsForeignWrite(context.Request))
        {
            await PlainAnswer.WriteAsync(context, StatusCodes.Status403Forbidden, "Requests that change something must not come from another site's page.");
            return;
        }

        if (options.Credentials.IsEmpty || s_open.Any(open => context.Request.Path.StartsWithSegments(open, StringComparison.OrdinalIgnoreCase)) || await IsAdmittedAsync(context))
        {
            await next(context);
        }
    }

    private async Task<bool> IsAdmittedAsync(HttpContext context)
    {
        var cookie = await context.AuthenticateAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        if (cookie.Succeeded)
        {
            context.User = cookie.Principal;
            return true;
        }

        if (TryReadBasic(context.Request, out var principal, out var secret))
        {
            if (!throttle.MayTry(context.Connection.RemoteIpAddress))
            {
                context.Response.Headers.RetryAfter = "60";
                await PlainAnswer.WriteAsync(context, StatusCodes.Status429TooManyRequests, "Too many failed attempts from this address; try again in a minute.");
                return false;
            }

            if (options.Credentials.Verify(principal, secret))
            {
                context.User = Principals.Of(principal, "Basic");
                return true;
            }

            throttle.Failed(context.Connection.RemoteIpAddress);
        }

        if (context.Request.Path.StartsWithSegments("/ui") || context.Request.Path == "/")
        {
            context.Response.Redirect("/ui/sign-in?returnUrl=" + Uri.EscapeDataString(context.Request.Path + context.Request.QueryString));
            return false;
        }

        context.Response.Headers.WWWAuthenticate = $"Basic realm=\"{RealmOf(context.Request.Path)}\"";
        await PlainAnswer.WriteAsync(context, StatusCodes.Status401Unauthorized, "");
        return false;
    }

    private static string RealmOf(PathString path) =>
        path.StartsWithSegments("/v2") || path.StartsWithSegments("/metrics/prometheus") ? MarathonRealm
        : path.Value?.Contains("/api/v1/scheduler", StringComparison.Ordinal) == true ? SchedulerRealm
        : MasterRealm;

    private static bool TryReadBasic(HttpRequest request, out string principal, out string secret)
    {
        (principal, secret) = ("", "");
        if (!AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header) || !"Basic".Equals(header.Scheme, StringComparison.OrdinalIgnoreCase) || header.Parameter is null)
        {
            return false;
        }

        var bytes = new byte[header.Parameter.Length];
        if (!Convert.TryFromBase64String(header.Parameter, bytes, out var length))
        {
            return false;
        }

        var pair = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = pair.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return false;
        }

        (principal, secret) = (pair[..colon], pair[(colon + 1)..]);
        return true;
    }

    /// <summary>A name by which only this machine calls itself: a page of another name that resolves here is an attack.</summary>
    private static bool IsLoopbackName(string host) =>
        host is "" or "localhost" || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static bool IsForeignWrite(HttpRequest request)
    {
        // A WebSocket is opened with GET and then carries commands, and browsers let any page open one to any host.
        var isReading = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method);
        if (isReading && !request.Headers.Upgrade.ToString().Contains("websocket", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        if (request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site")
        {
            return true;
        }

        return Uri.TryCreate(request.Headers.Origin.ToString(), UriKind.Absolute, out var from) && from.Authority != request.Host.Value;
    }
}
