using System.Buffers;
using System.Text.Json;
using Google.Protobuf;
using Orchestrator.Core.Contract;
using Orchestrator.Core.Contract.Json;
using Orchestrator.Core.Contract.MasterApi;
using Orchestrator.Core.Master;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Views;
using Orchestrator.Web.Api.Operator.Events;
using Orchestrator.Web.Api.Operator.Json;
using Orchestrator.Web.Api.Wire;

namespace Orchestrator.Web.Api.Operator;

/// <summary>
/// <c>POST /api/v1</c>: the v1 operator calls. The gate is that of the scheduler API, but Accept is judged for every call.
/// </summary>
public sealed class OperatorCallEndpoint(IEngineGateway<MasterCommand, MasterReply, ClusterSnapshot> master, DocumentCache cache, MetricsEndpoint metrics, MasterFlags flags, VerbosityEndpoint verbosity, ClusterSubscription subscription)
{
    private const string Prefix = "Failed to validate master::Call: ";

    /// <summary>Handles one request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        if (await CallReader.ReadAsync<Call>(context) is not { } call)
        {
            return;
        }

        if (Check(call) is { } error)
        {
            await PlainAnswer.WriteAsync(context, StatusCodes.Status400BadRequest, Prefix + error);
            return;
        }

        if (MediaTypes.Negotiate(context.Request.Headers.Accept) is not { } format)
        {
            await PlainAnswer.WriteAsync(context, StatusCodes.Status406NotAcceptable, $"Expecting 'Accept' to allow {MessageCodec.JsonMediaType} or {MessageCodec.ProtobufMediaType}");
            return;
        }

        if (call.Type == Call.Types.Type.Subscribe)
        {
            await subscription.HandleAsync(context, format);
        }
        else if (CommandCalls.Of(call) is { } command)
        {
            await CommandAnswer.SendAsync(context, master, command);
        }
        else if (call.Type == Call.Types.Type.SetLoggingLevel)
        {
            await SetVerbosityAsync(context, call.SetLoggingLevel);
        }
        else if (call.Type is Call.Types.Type.ListFiles or Call.Types.Type.ReadFile)
        {
            await PlainAnswer.WriteAsync(context, StatusCodes.Status404NotFound, "This master has no files: its log goes to standard output");
        }
        else if (ResourceCalls.Of(call) is var (agentId, operation))
        {
            await ResourcesEndpoint.ChangeAsync(context, master, agentId, operation);
        }
        else if (Answer(call.Type) is { } document)
        {
            await SendAsync(context, format, document);
        }
        else
        {
            await PlainAnswer.WriteAsync(context, StatusCodes.Status501NotImplemented, $"The call {call.Type} is not served by this master");
        }
    }

    private static string? Check(Call call) => call switch
    {
        { HasType: false } => "Expecting 'type' to be present",
        { Type: Call.Types.Type.GetMetrics, GetMetrics: null } => "Expecting 'get_metrics' to be present",
        { Type: Call.Types.Type.SetLoggingLevel, SetLoggingLevel: null } => "Expecting 'set_logging_level' to be present",
        { Type: Call.Types.Type.ListFiles, ListFiles: null } => "Expecting 'list_files' to be present",
        { Type: Call.Types.Type.ReadFile, ReadFile: null } => "Expecting 'read_file' to be present",
        _ => (CommandCalls.Missing(call) ?? ResourceCalls.Missing(call)) is { } field ? $"Expecting '{field}' to be present" : null,
    };

    private Document? Answer(Call.Types.Type type) => type switch
    {
        Call.Types.Type.GetHealth => Once("GET_HEALTH", "get_health", static writer => Write(writer, new Response.Types.GetHealth { Healthy = true })),
        Call.Types.Type.GetVersion => Once("GET_VERSION", "get_version", static writer => Write(writer, Version())),
        Call.Types.Type.GetFlags => Once("GET_FLAGS", "get_flags", writer => Write(writer, Flags())),
        Call.Types.Type.GetMetrics => Once("GET_METRICS", "get_metrics", writer => Write(writer, Metrics())),
        Call.Types.Type.GetState => Cached("GET_STATE", "get_state", CallDocuments.WriteState),
        Call.Types.Type.GetAgents => Cached("GET_AGENTS", "get_agents", CallDocuments.WriteAgents),
        Call.Types.Type.GetFrameworks => Cached("GET_FRAMEWORKS", "get_frameworks", CallDocuments.WriteFrameworks),
        Call.Types.Type.GetExecutors => Cached("GET_EXECUTORS", "get_executors", CallDocuments.WriteExecutors),
        Call.Types.Type.GetOperations => Cached("GET_OPERATIONS", "get_operations", CallDocuments.WriteOperations),
        Call.Types.Type.GetTasks => Cached("GET_TASKS", "get_tasks", CallDocuments.WriteTasks),
        Call.Types.Type.GetRoles => Cached("GET_ROLES", "get_roles", CallDocuments.WriteRoles),
        Call.Types.Type.GetMaster => Cached("GET_MASTER", "get_master", CallDocuments.WriteMaster),
        Call.Types.Type.GetQuota => Cached("GET_QUOTA", "get_quota", static (writer, snapshot) => Write(writer, RoleDocuments.GetQuota(snapshot))),
        Call.Types.Type.GetWeights => cache.Get(master.Current, "call GET_WEIGHTS", static (writer, snapshot) => Wrap(
            writer, "GET_WEIGHTS", snapshot.Weights.Count == 0 ? null : "get_weights", inner => Write(inner, RoleDocuments.Weights(snapshot)))),
        Call.Types.Type.GetMaintenanceSchedule => Cached("GET_MAINTENANCE_SCHEDULE", "get_maintenance_schedule", static (writer, snapshot) => Write(writer, RoleDocuments.GetMaintenanceSchedule(snapshot))),
        Call.Types.Type.GetMaintenanceStatus => Cached("GET_MAINTENANCE_STATUS", "get_maintenance_status", static (writer, snapshot) => Write(writer, RoleDocuments.GetMaintenanceStatus(snapshot))),
        Call.Types.Type.GetLoggingLevel => Once("GET_LOGGING_LEVEL", "get_logging_level", writer => Write(writer, new Response.Types.GetLoggingLevel { Level = (uint)verbosity.Level })),
        _ => null,
    };

    private Task SetVerbosityAsync(HttpContext context, Call.Types.SetLoggingLevel set)
    {
        var problem = verbosity.Set(set.Level, TimeSpan.FromTicks(set.Duration.Nanoseconds / 100));
        return PlainAnswer.WriteAsync(context, problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest, problem ?? "");
    }

    /// <summary>Protobuf is made of the JSON, so that what is left out of the one is not in the other either.</summary>
    private static Task SendAsync(HttpContext context, MessageFormat format, Document document)
    {
        if (format == MessageFormat.Json)
        {
            return JsonAnswer.WriteAsync(context, document);
        }

        var body = MesosJson.Parse<Response>(document.Json.Span).ToByteArray();
        context.Response.ContentType = MessageCodec.ProtobufMediaType;
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    private Document Cached(string type, string name, Action<Utf8JsonWriter, ClusterSnapshot> write) =>
        cache.Get(master.Current, "call " + type, (writer, snapshot) => Wrap(writer, type, name, inner => write(inner, snapshot)));

    private static Document Once(string type, string name, Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(output, MesosJson.WriterOptions))
        {
            Wrap(writer, type, name, write);
        }

        return new Document(output.WrittenMemory, etag: null);
    }

    private static void Wrap(Utf8JsonWriter writer, string type, string? name, Action<Utf8JsonWriter> write)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, type);
        if (name is not null)
        {
            writer.WritePropertyName(name);
            write(writer);
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, IMessage message) => MesosJson.Write(writer, message);

    private static Response.Types.GetVersion Version() => new()
    {
        VersionInfo = new Core.Contract.Mesos.VersionInfo { Version = BuildInfo.ApiVersion, BuildDate = BuildInfo.BuildDate, BuildTime = BuildInfo.BuildTime, BuildUser = BuildInfo.BuildUser },
    };

    private Response.Types.GetFlags Flags()
    {
        var answer = new Response.Types.GetFlags();
        foreach (var (name, value) in flags.Values)
        {
            answer.Flags.Add(new Core.Contract.Mesos.Flag { Name = name, Value = value });
        }

        return answer;
    }

    private Response.Types.GetMetrics Metrics()
    {
        var answer = new Response.Types.GetMetrics();
        foreach (var (name, value) in metrics.Collect())
        {
            answer.Metrics.Add(new Core.Contract.Mesos.Metric { Name = name, Value = value });
        }

        return answer;
    }
}
