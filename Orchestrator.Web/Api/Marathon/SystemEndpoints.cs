using System.Net.Mime;
using System.Text.Json;
using Orchestrator.Core.Marathon;
using Orchestrator.Web.Api.Marathon.Json;
using Orchestrator.Web.Api.Operator;

namespace Orchestrator.Web.Api.Marathon;

/// <summary>What the services engine says of itself: <c>/v2/info</c>, <c>/v2/leader</c>, <c>/ping</c>, <c>/metrics</c> and their like.</summary>
public sealed class SystemEndpoints(ServicesDocuments services, MarathonOptions options, MarathonAddress address, MasterFlags flags, TimeProvider time)
{
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();

    /// <summary><c>GET /v2/info</c>.</summary>
    public Task InfoAsync(HttpContext context) => ReadAsync(context, json => InfoDocument.Write(json, services.Current, options, address.For(context), flags.Values));

    /// <summary><c>GET /v2/leader</c>.</summary>
    public Task LeaderAsync(HttpContext context) => ReadAsync(context, json =>
    {
        json.WriteStartObject();
        json.WriteString("leader", address.For(context));
        json.WriteEndObject();
    });

    /// <summary><c>GET /v2/plugins</c>: there are none.</summary>
    public static Task PluginsAsync(HttpContext context) => ReadAsync(context, static json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("plugins");
        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary><c>GET /ping</c>: <c>pong</c>, in quotes for who takes JSON only, and nothing for who takes neither.</summary>
    public static Task PingAsync(HttpContext context)
    {
        var accept = context.Request.Headers.Accept.ToString();
        if (accept.Length == 0 || accept.Contains("*/*", StringComparison.Ordinal) || accept.Contains("text/*", StringComparison.OrdinalIgnoreCase) || accept.Contains(MediaTypeNames.Text.Plain, StringComparison.OrdinalIgnoreCase))
        {
            context.Response.ContentType = MediaTypeNames.Text.Plain;
            return context.Response.WriteAsync("pong", context.RequestAborted);
        }

        if (accept.Contains("json", StringComparison.OrdinalIgnoreCase))
        {
            return MarathonAnswer.WriteAsync(context, static json => json.WriteStringValue("pong"));
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary><c>GET /metrics</c> on the port for Marathon clients.</summary>
    public Task MetricsAsync(HttpContext context) => ReadAsync(context, json => MetricsDocument.Write(json, services.Current, MachineFigures.Read(), _startedAt, time.GetUtcNow()));

    /// <summary><c>GET /config</c>: the flags in effect.</summary>
    public Task ConfigAsync(HttpContext context) => ReadAsync(context, json =>
    {
        json.WriteStartObject();
        foreach (var (name, value) in flags.Values)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
    });

    private static Task ReadAsync(HttpContext context, Action<Utf8JsonWriter> write) =>
        HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)
            ? MarathonAnswer.WriteAsync(context, write)
            : MarathonAnswer.WriteWrongMethodAsync(context, "GET");
}
