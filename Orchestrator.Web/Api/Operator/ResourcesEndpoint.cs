using System.Text.Json;
using Microsoft.Extensions.Primitives;
using Orchestrator.Core.Contract;
using Orchestrator.Core.Contract.Json;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Master;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Views;
using Orchestrator.Web.Api.Wire;
using OperationType = Orchestrator.Core.Contract.Mesos.Offer.Types.Operation.Types.Type;

namespace Orchestrator.Web.Api.Operator;

/// <summary>
/// <c>POST /reserve</c>, <c>/unreserve</c>, <c>/create-volumes</c> and <c>/destroy-volumes</c>: forms with <c>slaveId</c> and a JSON
/// array of resources in <c>resources</c> or <c>volumes</c>; <c>/reserve</c> also takes <c>source</c>, the reservation that is changed.
/// </summary>
public sealed class ResourcesEndpoint(IEngineGateway<MasterCommand, MasterReply, ClusterSnapshot> master)
{
    /// <summary>Longest form, in bytes.</summary>
    public const int MaxFormBytes = 1024 * 1024;

    /// <summary>RESERVE.</summary>
    public Task ReserveAsync(HttpContext context) => HandleAsync(context, OperationType.Reserve, "resources");

    /// <summary>UNRESERVE.</summary>
    public Task UnreserveAsync(HttpContext context) => HandleAsync(context, OperationType.Unreserve, "resources");

    /// <summary>CREATE.</summary>
    public Task CreateVolumesAsync(HttpContext context) => HandleAsync(context, OperationType.Create, "volumes");

    /// <summary>DESTROY.</summary>
    public Task DestroyVolumesAsync(HttpContext context) => HandleAsync(context, OperationType.Destroy, "volumes");

    /// <summary>Has the master do it: 202, 400 with what is wrong, 409 when tasks hold the resources, 429 when it is overloaded.</summary>
    internal static async Task ChangeAsync(HttpContext context, IEngineGateway<MasterCommand, MasterReply, ClusterSnapshot> master, string agentId, Offer.Types.Operation operation)
    {
        var principal = context.User.Identity is { IsAuthenticated: true, Name: { Length: > 0 } name } ? name : null;
        try
        {
            var reply = await master.SendAsync(new MasterCommand.ChangeResources(new AgentId(agentId), operation, principal), context.RequestAborted);
            await PlainAnswer.WriteAsync(context, reply.Status, reply.Message);
        }
        catch (EngineOverloadedException e)
        {
            await PlainAnswer.WriteAsync(context, StatusCodes.Status429TooManyRequests, e.Message);
        }
    }

    private async Task HandleAsync(HttpContext context, OperationType type, string field)
    {
        if (await FormBody.ReadAsync(context, MaxFormBytes) is not { } form)
        {
            return;
        }

        try
        {
            var agent = Required(form, "slaveId", "the id of an agent, see /slaves");
            var resources = Parse(field, Required(form, field, """a JSON array, for example [{"name":"cpus","type":"SCALAR","scalar":{"value":1},"reservations":[{"type":"DYNAMIC","role":"web"}]}]"""));
            IReadOnlyList<Resource> source = type == OperationType.Reserve && form.TryGetValue("source", out var given) ? Parse("source", given.ToString()) : [];
            await ChangeAsync(context, master, agent, Make(type, resources, source));
        }
        catch (FormatException e)
        {
            await PlainAnswer.WriteAsync(context, StatusCodes.Status400BadRequest, e.Message);
        }
    }

    private static Offer.Types.Operation Make(OperationType type, IReadOnlyList<Resource> resources, IReadOnlyList<Resource> source) => type switch
    {
        OperationType.Reserve => new() { Type = type, Reserve = new() { Resources = { resources }, Source = { source } } },
        OperationType.Unreserve => new() { Type = type, Unreserve = new() { Resources = { resources } } },
        OperationType.Create => new() { Type = type, Create = new() { Volumes = { resources } } },
        _ => new() { Type = type, Destroy = new() { Volumes = { resources } } },
    };

    private static string Required(Dictionary<string, StringValues> form, string field, string what) =>
        form.TryGetValue(field, out var value) && value.ToString() is { Length: > 0 } text ? text : throw new FormatException($"Missing '{field}'; give {what}");

    private static List<Resource> Parse(string field, string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Array
                ? [.. document.RootElement.EnumerateArray().Select(element => MesosJson.Parse<Resource>(element.GetRawText()))]
                : throw new FormatException($"'{field}' must be a JSON array of resources");
        }
        catch (Exception e) when (e is JsonException or MessageFormatException)
        {
            throw new FormatException($"'{field}' cannot be read: {e.Message}");
        }
    }
}
