using Google.Protobuf;
using Orchestrator.Core.Contract.SchedulerApi;

namespace Orchestrator.Core.Contract.Validation;

/// <summary>
/// What can be said of a scheduler call without knowing the cluster. Source: Mesos v1 scheduler API, call validation.
/// </summary>
public static class SchedulerCallShape
{
    /// <summary>Bytes of the UUID of a status update.</summary>
    public const int UuidBytes = 16;

    private const string Prefix = "Failed to validate scheduler::Call: ";

    /// <summary>Ids that were sent empty become absent, as clients mean them.</summary>
    public static void Normalize(Call call)
    {
        if (call.FrameworkId is { Value: "" })
        {
            call.FrameworkId = null;
        }

        if (call.Subscribe?.FrameworkInfo is { Id.Value: "" } subscribed)
        {
            subscribed.Id = null;
        }

        if (call.Kill is { AgentId.Value: "" } kill)
        {
            kill.AgentId = null;
        }
    }

    /// <summary>Judges a normalised call.</summary>
    /// <param name="call">The call, its required fields present.</param>
    /// <param name="principal">Who authenticated; null without authentication.</param>
    /// <returns>The body of a 400, or null when the call is well-formed.</returns>
    public static string? Check(Call call, string? principal)
    {
        var error = Find(call, principal);
        return error is null ? null : Prefix + error;
    }

    private static string? Find(Call call, string? principal)
    {
        if (!call.HasType)
        {
            return Absent("type");
        }

        if (call.Type == Call.Types.Type.Subscribe)
        {
            return FindInSubscribe(call, principal);
        }

        return call.FrameworkId is null ? Absent("framework_id") : FindInBody(call);
    }

    private static string? FindInSubscribe(Call call, string? principal)
    {
        if (call.Subscribe is null)
        {
            return Absent("subscribe");
        }

        var info = call.Subscribe.FrameworkInfo;
        if (info.Id?.Value != call.FrameworkId?.Value)
        {
            return "'framework_id' differs from 'subscribe.framework_info.id'; send both alike, or neither";
        }

        return principal is not null && info.HasPrincipal && info.Principal != principal
            ? $"Authenticated principal '{principal}' does not match principal '{info.Principal}' set in 'FrameworkInfo'"
            : null;
    }

    private static string? FindInBody(Call call) => call.Type switch
    {
        Call.Types.Type.Accept => Require(call.Accept, "accept"),
        Call.Types.Type.Decline => Require(call.Decline, "decline"),
        Call.Types.Type.AcceptInverseOffers => Require(call.AcceptInverseOffers, "accept_inverse_offers"),
        Call.Types.Type.DeclineInverseOffers => Require(call.DeclineInverseOffers, "decline_inverse_offers"),
        Call.Types.Type.Kill => Require(call.Kill, "kill"),
        Call.Types.Type.Shutdown => Require(call.Shutdown, "shutdown"),
        Call.Types.Type.Acknowledge => Require(call.Acknowledge, "acknowledge") ?? CheckUuid(call.Acknowledge.Uuid, "acknowledge.uuid"),
        Call.Types.Type.AcknowledgeOperationStatus => FindInOperationAcknowledgement(call),
        Call.Types.Type.Reconcile => Require(call.Reconcile, "reconcile"),
        Call.Types.Type.ReconcileOperations => Require(call.ReconcileOperations, "reconcile_operations"),
        Call.Types.Type.Message => Require(call.Message, "message"),
        Call.Types.Type.Request => Require(call.Request, "request"),
        Call.Types.Type.UpdateFramework => FindInUpdateFramework(call),
        _ => null,
    };

    private static string? FindInOperationAcknowledgement(Call call)
    {
        const string Name = "acknowledge_operation_status";
        var body = call.AcknowledgeOperationStatus;
        return Require(body, Name)
            ?? CheckUuid(body.Uuid, Name + ".uuid")
            ?? (body.AgentId is null ? Absent(Name + ".agent_id") : null);
    }

    private static string? FindInUpdateFramework(Call call)
    {
        const string Name = "update_framework";
        return Require(call.UpdateFramework, Name)
            ?? (call.UpdateFramework.FrameworkInfo.Id?.Value == call.FrameworkId.Value ? null : "'framework_id' differs from 'update_framework.framework_info.id'");
    }

    private static string? CheckUuid(ByteString uuid, string field) =>
        uuid.Length == UuidBytes ? null : $"'{field}' is no UUID: expecting {UuidBytes} bytes, found {uuid.Length}";

    private static string? Require(IMessage? body, string field) => body is null ? Absent(field) : null;

    private static string Absent(string field) => $"Expecting '{field}' to be present";
}
