using System.Security.Cryptography;
using System.Text;
using Orchestrator.AgentService.Api.Executors;
using Orchestrator.AgentService.Api.Nested;
using Orchestrator.AgentService.Hosting;
using Orchestrator.AgentService.Sandbox;

namespace Orchestrator.AgentService.Api;

/// <summary>
/// The agent's own endpoints: each also below <c>/slave(1)</c> and with a slash at its end, as libprocess routes them. They
/// answer 503 until the agent has recovered, and only read, but for <c>POST /api/v1</c> and that of executors, which need no
/// account: they prove by their ids that the agent started them.
/// </summary>
internal static class AgentApi
{
    private const string Delegate = "/slave(1)";
    private const string CallPath = "/api/v1";
    private const string CallRealm = "mesos-agent-readwrite";
    private const string Realm = "mesos-agent-readonly";
    private static readonly HashSet<string> s_open = ["/health", "/version"];

    /// <summary>Maps everything.</summary>
    /// <param name="app">The agent's server.</param>
    /// <param name="flags">Who may read.</param>
    /// <param name="running">The agent; null until it has recovered.</param>
    internal static void Map(WebApplication app, AgentFlags flags, Func<AgentRuntime?> running)
    {
        var files = new FilesApi(new SandboxFiles(flags.WorkDirectory));
        var routes = new Dictionary<string, Func<HttpContext, AgentRuntime, Task>>(StringComparer.Ordinal)
        {
            ["/state"] = (context, agent) => JsonAnswer.WriteAsync(context, writer => StateJson.WriteState(writer, agent)),
            ["/containers"] = (context, agent) => JsonAnswer.WriteAsync(context, writer => StateJson.WriteContainers(writer, agent, Query(context, "container_id"), withStatus: true)),
            ["/monitor/statistics"] = (context, agent) => JsonAnswer.WriteAsync(context, writer => StateJson.WriteContainers(writer, agent, null, withStatus: false)),
            ["/metrics/snapshot"] = (context, agent) => JsonAnswer.WriteAsync(context, writer => MetricsJson.Write(writer, agent)),
            ["/system/stats.json"] = (context, _) => JsonAnswer.WriteAsync(context, WriteSystem),
            ["/flags"] = (context, agent) => JsonAnswer.WriteAsync(context, writer =>
            {
                writer.WriteStartObject();
                StateJson.WriteFlags(writer, agent.Flags);
                writer.WriteEndObject();
            }),
            ["/files/browse"] = (context, _) => files.BrowseAsync(context),
            ["/files/read"] = (context, _) => files.ReadAsync(context),
            ["/files/download"] = (context, _) => files.DownloadAsync(context),
        };

        app.Run(context => HandleAsync(context, flags, running, routes));
    }

    private static async Task HandleAsync(HttpContext context, AgentFlags flags, Func<AgentRuntime?> running, Dictionary<string, Func<HttpContext, AgentRuntime, Task>> routes)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        context.Response.Headers.CacheControl = "no-store";
        var path = Normalise(context.Request.Path.Value ?? "/");
        if (ExecutorEndpoint.Matches(path))
        {
            await ExecutorEndpoint.HandleAsync(context, running());
        }
        else if (!s_open.Contains(path) && path != CallPath && flags.AuthenticatesReaders && !IsAuthenticated(context, flags))
        {
            context.Response.Headers.WWWAuthenticate = $"Basic realm=\"{Realm}\"";
            await JsonAnswer.ErrorAsync(context, 401, "");
        }
        else if (path == "/health")
        {
            context.Response.StatusCode = 200;
        }
        else if (path == "/version")
        {
            await JsonAnswer.WriteAsync(context, writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("version", AgentHost.MesosVersion);
                writer.WriteString("orchestrator_version", AgentHost.OwnVersion);
                writer.WriteEndObject();
            });
        }
        else if (path == CallPath && HttpMethods.IsPost(context.Request.Method))
        {
            await CallAsync(context, flags, running());
        }
        else if (path == CallPath)
        {
            context.Response.Headers.Allow = "POST";
            await JsonAnswer.ErrorAsync(context, 405, $"Expecting one of {{ 'POST' }}, but received '{context.Request.Method}'.\n");
        }
        else if (!routes.TryGetValue(path, out var route))
        {
            await JsonAnswer.ErrorAsync(context, 404, "404 Not Found.");
        }
        else if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.Headers.Allow = "GET";
            await JsonAnswer.ErrorAsync(context, 405, $"Expecting one of {{ 'GET' }}, but received '{context.Request.Method}'.\n");
        }
        else if (running() is not { } agent)
        {
            await JsonAnswer.ErrorAsync(context, 503, "Agent has not finished recovery");
        }
        else
        {
            await route(context, agent);
        }
    }

    private static async Task CallAsync(HttpContext context, AgentFlags flags, AgentRuntime? running)
    {
        if (flags.AuthenticatesWriters && !IsAuthenticated(context, flags))
        {
            context.Response.Headers.WWWAuthenticate = $"Basic realm=\"{CallRealm}\"";
            await JsonAnswer.ErrorAsync(context, 401, "");
        }
        else if (running is null)
        {
            await JsonAnswer.ErrorAsync(context, 503, "Agent has not finished recovery");
        }
        else
        {
            await AgentCalls.HandleAsync(context, running);
        }
    }

    /// <summary><c>/slave(1)/state/</c> is <c>/state</c>.</summary>
    private static string Normalise(string path)
    {
        var bare = path.StartsWith(Delegate + "/", StringComparison.Ordinal) ? path[Delegate.Length..] : path;
        return bare.Length > 1 ? bare.TrimEnd('/') : bare;
    }

    private static string? Query(HttpContext context, string name) => context.Request.Query.TryGetValue(name, out var value) ? value.ToString() : null;

    private static bool IsAuthenticated(HttpContext context, AgentFlags flags)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var buffer = new byte[header.Length];
        if (!Convert.TryFromBase64String(header["Basic ".Length..].Trim(), buffer, out var length))
        {
            return false;
        }

        var pair = Encoding.UTF8.GetString(buffer, 0, length);
        var colon = pair.IndexOf(':', StringComparison.Ordinal);
        var secret = colon < 0 ? null : flags.HttpCredentials.GetValueOrDefault(pair[..colon]);
        // Hashes have one length, so the comparison tells nothing about the secret's; an unknown name takes as long.
        return CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(secret ?? "")),
            SHA256.HashData(Encoding.UTF8.GetBytes(colon < 0 ? "" : pair[(colon + 1)..]))) && secret is not null;
    }

    private static void WriteSystem(System.Text.Json.Utf8JsonWriter writer)
    {
        var load = MetricsJson.Load();
        writer.WriteStartObject();
        writer.WriteNumber("avg_load_15min", load[2]);
        writer.WriteNumber("avg_load_1min", load[0]);
        writer.WriteNumber("avg_load_5min", load[1]);
        writer.WriteNumber("cpus_total", Environment.ProcessorCount);
        if (UsageReporter.ReadMemory() is var (total, available))
        {
            writer.WriteNumber("mem_free_bytes", (long)available * 1024);
            writer.WriteNumber("mem_total_bytes", (long)total * 1024);
        }

        writer.WriteEndObject();
    }
}
