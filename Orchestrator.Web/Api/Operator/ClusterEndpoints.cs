using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Orchestrator.Core.Contract.Json;
using Orchestrator.Core.Master;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Views;
using Orchestrator.Web.Api.Operator.Json;
using Orchestrator.Web.Api.Wire;

namespace Orchestrator.Web.Api.Operator;

/// <summary>The read-only endpoints: each takes the newest snapshot and sends the document of it.</summary>
public sealed class ClusterEndpoints(IEngineGateway<MasterCommand, MasterReply, ClusterSnapshot> master, DocumentCache cache, MasterFlags flags)
{
    private static readonly Document s_version = Once(static writer =>
    {
        writer.WriteStartObject();
        BuildInfo.Write(writer);
        writer.WriteEndObject();
    });

    private readonly Document _flags = Once(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartObject("flags"u8);
        foreach (var (name, value) in flags.Values)
        {
            writer.WriteString(name, value);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    /// <summary><c>/health</c>: 200 while the host answers.</summary>
    public static Task HealthAsync(HttpContext context) => PlainAnswer.WriteAsync(context, StatusCodes.Status200OK, "");

    /// <summary><c>/version</c>.</summary>
    public static Task VersionAsync(HttpContext context) => JsonAnswer.WriteAsync(context, s_version);

    /// <summary><c>/redirect</c>: 307 to the leader, without scheme, so that the client keeps its own.</summary>
    public Task RedirectAsync(HttpContext context)
    {
        var leader = master.Current.Master;
        context.Response.Headers.Location = string.Create(CultureInfo.InvariantCulture, $"//{leader.Hostname}:{leader.Port}");
        return PlainAnswer.WriteAsync(context, StatusCodes.Status307TemporaryRedirect, "");
    }

    /// <summary><c>/state</c>.</summary>
    public Task StateAsync(HttpContext context) => SendAsync(context, "state", (writer, snapshot) => ClusterDocuments.WriteState(writer, snapshot, flags));

    /// <summary><c>/state-summary</c>.</summary>
    public Task SummaryAsync(HttpContext context) => SendAsync(context, "state-summary", SummaryDocument.Write);

    /// <summary><c>/slaves?slave_id=</c>.</summary>
    public Task SlavesAsync(HttpContext context)
    {
        var only = Parameter(context, "slave_id");
        return SendAsync(context, $"slaves?{only}", (writer, snapshot) => ClusterDocuments.WriteSlaves(writer, snapshot, only));
    }

    /// <summary><c>/frameworks?framework_id=</c>.</summary>
    public Task FrameworksAsync(HttpContext context)
    {
        var only = Parameter(context, "framework_id");
        return SendAsync(context, $"frameworks?{only}", (writer, snapshot) => ClusterDocuments.WriteFrameworks(writer, snapshot, only));
    }

    /// <summary><c>/tasks?limit=&amp;offset=&amp;order=&amp;framework_id=&amp;task_id=</c>.</summary>
    public Task TasksAsync(HttpContext context)
    {
        if (TaskListQuery.Parse(context.Request.Query, out var error) is not { } query)
        {
            return PlainAnswer.WriteAsync(context, StatusCodes.Status400BadRequest, error);
        }

        return SendAsync(context, $"tasks?{query}", (writer, snapshot) => TaskListDocument.Write(writer, snapshot, query));
    }

    /// <summary><c>/roles</c>.</summary>
    public Task RolesAsync(HttpContext context) => SendAsync(context, "roles", ClusterDocuments.WriteRoles);

    /// <summary><c>/flags</c>.</summary>
    public Task FlagsAsync(HttpContext context) => JsonAnswer.WriteAsync(context, _flags);

    private Task SendAsync(HttpContext context, string key, Action<Utf8JsonWriter, ClusterSnapshot> write) =>
        JsonAnswer.WriteAsync(context, cache.Get(master.Current, key, write));

    private static string? Parameter(HttpContext context, string name) => context.Request.Query.TryGetValue(name, out var value) ? value.ToString() : null;

    private static Document Once(Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, MesosJson.WriterOptions))
        {
            write(writer);
        }

        return new Document(output.WrittenMemory, etag: null);
    }
}
