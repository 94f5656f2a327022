using Orchestrator.Core.Contract.Json;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Contract.Validation;

namespace Orchestrator.Tests.Unit.Contract.Validation;

public sealed class SchedulerCallShapeTests
{
    private const string Uuid = "AAECAwQFBgcICQoLDA0ODw==";

    [Theory]
    [InlineData("{}", "Expecting 'type' to be present")]
    [InlineData("""{"framework_id":{"value":"f"}}""", "Expecting 'type' to be present")]
    [InlineData("""{"type":"SUBSCRIBE"}""", "Expecting 'subscribe' to be present")]
    [InlineData("""{"type":"TEARDOWN"}""", "Expecting 'framework_id' to be present")]
    [InlineData("""{"type":"REVIVE","framework_id":{"value":""}}""", "Expecting 'framework_id' to be present")]
    [InlineData("""{"type":"SUBSCRIBE","framework_id":{"value":"f"},"subscribe":{"framework_info":{"user":"u","name":"n"}}}""", "'framework_id' differs from 'subscribe.framework_info.id'; send both alike, or neither")]
    [InlineData("""{"type":"SUBSCRIBE","framework_id":{"value":"f"},"subscribe":{"framework_info":{"user":"u","name":"n","id":{"value":"g"}}}}""", "'framework_id' differs from 'subscribe.framework_info.id'; send both alike, or neither")]
    [InlineData("""{"type":"ACKNOWLEDGE","framework_id":{"value":"f"},"acknowledge":{"agent_id":{"value":"a"},"task_id":{"value":"t"},"uuid":"AAEC"}}""", "'acknowledge.uuid' is no UUID: expecting 16 bytes, found 3")]
    [InlineData("""{"type":"ACKNOWLEDGE_OPERATION_STATUS","framework_id":{"value":"f"},"acknowledge_operation_status":{"operation_id":{"value":"o"},"uuid":"AAECAwQFBgcICQoLDA0ODw=="}}""", "Expecting 'acknowledge_operation_status.agent_id' to be present")]
    [InlineData("""{"type":"ACKNOWLEDGE_OPERATION_STATUS","framework_id":{"value":"f"},"acknowledge_operation_status":{"agent_id":{"value":"a"},"operation_id":{"value":"o"},"uuid":""}}""", "'acknowledge_operation_status.uuid' is no UUID: expecting 16 bytes, found 0")]
    [InlineData("""{"type":"UPDATE_FRAMEWORK","framework_id":{"value":"f"},"update_framework":{"framework_info":{"user":"u","name":"n","id":{"value":"g"}}}}""", "'framework_id' differs from 'update_framework.framework_info.id'")]
    public void Check_malformed_call_says_what_is_wrong(string json, string error) =>
        Assert.Equal("Failed to validate scheduler::Call: " + error, Check(json));

    [Theory]
    [InlineData("ACCEPT")]
    [InlineData("DECLINE")]
    [InlineData("ACCEPT_INVERSE_OFFERS")]
    [InlineData("DECLINE_INVERSE_OFFERS")]
    [InlineData("KILL")]
    [InlineData("SHUTDOWN")]
    [InlineData("ACKNOWLEDGE")]
    [InlineData("ACKNOWLEDGE_OPERATION_STATUS")]
    [InlineData("RECONCILE")]
    [InlineData("RECONCILE_OPERATIONS")]
    [InlineData("MESSAGE")]
    [InlineData("REQUEST")]
    [InlineData("UPDATE_FRAMEWORK")]
    public void Check_call_without_its_body_names_the_body(string type) =>
        Assert.Equal($"Failed to validate scheduler::Call: Expecting '{type.ToLowerInvariant()}' to be present", Check($$$"""{"type":"{{{type}}}","framework_id":{"value":"f"}}"""));

    [Theory]
    [InlineData("""{"type":"SUBSCRIBE","subscribe":{"framework_info":{"user":"u","name":"n"}}}""")]
    [InlineData("""{"type":"SUBSCRIBE","framework_id":{"value":""},"subscribe":{"framework_info":{"user":"u","name":"n"}}}""")]
    [InlineData("""{"type":"SUBSCRIBE","framework_id":{"value":""},"subscribe":{"framework_info":{"user":"u","name":"n","id":{"value":""}}}}""")]
    [InlineData("""{"type":"SUBSCRIBE","framework_id":{"value":"f"},"subscribe":{"framework_info":{"user":"u","name":"n","id":{"value":"f"}}}}""")]
    [InlineData("""{"type":"SUBSCRIBE","framework_id":{"value":"f"},"subscribe":{"framework_info":{"user":"u","name":"n","id":{"value":"f"},"principal":"p"}}}""")]
    [InlineData("""{"type":"TEARDOWN","framework_id":{"value":"f"}}""")]
    [InlineData("""{"type":"REVIVE","framework_id":{"value":"f"}}""")]
    [InlineData("""{"type":"SUPPRESS","framework_id":{"value":"f"},"suppress":null}""")]
    [InlineData("""{"type":"DECLINE","framework_id":{"value":"f"},"decline":{}}""")]
    [InlineData("""{"type":"DECLINE","framework_id":{"value":"f"},"decline":{"offer_ids":[]}}""")]
    [InlineData("""{"type":"ACCEPT","framework_id":{"value":"f"},"accept":{"offer_ids":[{"value":"o"}],"operations":[{"type":"LAUNCH","launch":{"task_infos":[]}}]}}""")]
    [InlineData("""{"type":"RECONCILE","framework_id":{"value":"f"},"reconcile":{"tasks":null}}""")]
    [InlineData("""{"type":"ACKNOWLEDGE","framework_id":{"value":"f"},"acknowledge":{"agent_id":{"value":"a"},"task_id":{"value":"t"},"uuid":"AAECAwQFBgcICQoLDA0ODw=="}}""")]
    [InlineData("""{"type":"UNKNOWN","framework_id":{"value":"f"}}""")]
    [InlineData("""{"type":"UPDATE_FRAMEWORK","framework_id":{"value":"f"},"update_framework":{"framework_info":{"user":"u","name":"n","id":{"value":"f"}}}}""")]
    public void Check_wellformed_call_passes(string json) => Assert.Null(Check(json));

    [Fact]
    public void Check_principal_of_another_is_refused()
    {
        const string Json = """{"type":"SUBSCRIBE","subscribe":{"framework_info":{"user":"u","name":"n","principal":"mallory"}}}""";
        Assert.Equal("Failed to validate scheduler::Call: Authenticated principal 'alice' does not match principal 'mallory' set in 'FrameworkInfo'", Check(Json, "alice"));
        Assert.Null(Check(Json, "mallory"));
        Assert.Null(Check(Json));
    }

    [Fact]
    public void Normalize_empty_ids_become_absent()
    {
        var call = MesosJson.Parse<Call>($$$$"""{"type":"SUBSCRIBE","framework_id":{"value":""},"subscribe":{"framework_info":{"user":"u","name":"n","id":{"value":""}}},"kill":{"task_id":{"value":"t"},"agent_id":{"value":""}},"acknowledge":{"agent_id":{"value":"a"},"task_id":{"value":"t"},"uuid":"{{{{Uuid}}}}"}}""");
        SchedulerCallShape.Normalize(call);
        Assert.Null(call.FrameworkId);
        Assert.Null(call.Subscribe.FrameworkInfo.Id);
        Assert.Null(call.Kill.AgentId);
        Assert.Equal("a", call.Acknowledge.AgentId.Value);
    }

    private static string? Check(string json, string? principal = null)
    {
        var call = MesosJson.Parse<Call>(json);
        SchedulerCallShape.Normalize(call);
        return SchedulerCallShape.Check(call, principal);
    }
}
