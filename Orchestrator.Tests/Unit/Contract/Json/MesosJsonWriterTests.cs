using System.Buffers;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Orchestrator.Core.Contract.Json;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Environment = Orchestrator.Core.Contract.Mesos.Environment;

namespace Orchestrator.Tests.Unit.Contract.Json;

public sealed class MesosJsonWriterTests
{
    [Fact]
    public void Subscribed_is_written_as_the_reference_writes_it()
    {
        var subscribed = new Event
        {
            Type = Event.Types.Type.Subscribed,
            Subscribed = new Event.Types.Subscribed
            {
                FrameworkId = new FrameworkID { Value = "m-0000" },
                HeartbeatIntervalSeconds = 15,
                MasterInfo = new MasterInfo { Id = "m", Ip = 16777343, Port = 5050, Capabilities = { new MasterInfo.Types.Capability { Type = MasterInfo.Types.Capability.Types.Type.QuotaV2 } } },
            },
        };
        Assert.Equal(
            """{"type":"SUBSCRIBED","subscribed":{"framework_id":{"value":"m-0000"},"heartbeat_interval_seconds":15.0,"master_info":{"id":"m","ip":16777343,"port":5050,"capabilities":[{"type":"QUOTA_V2"}]}}}""",
            MesosJson.Format(subscribed));
    }

    [Fact]
    public void Unset_fields_with_a_declared_default_are_written_unless_deprecated()
    {
        Assert.Equal("""{"user":"u","name":"n","failover_timeout":0.0,"checkpoint":false}""", MesosJson.Format(new FrameworkInfo { User = "u", Name = "n" }));
        Assert.Equal("""{"shell":true}""", MesosJson.Format(new CommandInfo()));
        Assert.Equal("""{"name":"cpus","type":"SCALAR"}""", MesosJson.Format(new Resource { Name = "cpus", Type = Value.Types.Type.Scalar }));
        Assert.Equal("""{"protocol":"IPv4"}""", MesosJson.Format(new NetworkInfo.Types.IPAddress()));
    }

    [Fact]
    public void Deprecated_field_that_is_set_is_written() =>
        Assert.Equal("""{"name":"cpus","type":"SCALAR","role":"*"}""", MesosJson.Format(MesosJson.Parse<Resource>("""{"role":"*","type":"SCALAR","name":"cpus"}""")));

    [Fact]
    public void Empty_lists_and_maps_are_left_out_and_set_empty_messages_are_not()
    {
        Assert.Equal("{}", MesosJson.Format(new Offer.Types.Operation.Types.Launch()));
        Assert.Equal("""{"type":"REVIVE","revive":{}}""", MesosJson.Format(new Call { Type = Call.Types.Type.Revive, Revive = new Call.Types.Revive() }));
    }

    [Theory]
    [InlineData(0, "0.0")]
    [InlineData(15, "15.0")]
    [InlineData(-2, "-2.0")]
    [InlineData(0.1, "0.1")]
    [InlineData(1795343406.971721, "1795343406.971721")]
    [InlineData(1e300, "1E+300")]
    [InlineData(double.PositiveInfinity, "\"Infinity\"")]
    [InlineData(double.NegativeInfinity, "\"-Infinity\"")]
    [InlineData(double.NaN, "\"NaN\"")]
    public void Double_is_written_shortest_with_a_point(double value, string expected) =>
        Assert.Equal($$"""{"value":{{expected}}}""", MesosJson.Format(new Value.Types.Scalar { Value = value }));

    [Fact]
    public void Integer_of_64_bits_is_a_number() =>
        Assert.Equal("""{"nanoseconds":9223372036854775807}""", MesosJson.Format(new TimeInfo { Nanoseconds = long.MaxValue }));

    [Fact]
    public void Bytes_are_base64_of_16_as_24_characters()
    {
        var uuid = ByteString.CopyFrom([.. Enumerable.Repeat((byte)0xFB, 16)]);
        var json = MesosJson.Format(new Call.Types.Acknowledge { AgentId = new AgentID { Value = "a" }, TaskId = new TaskID { Value = "t" }, Uuid = uuid });
        Assert.Equal("""{"agent_id":{"value":"a"},"task_id":{"value":"t"},"uuid":"+/v7+/v7+/v7+/v7+/v7+w=="}""", json);
    }

    [Fact]
    public void Text_is_escaped_only_where_json_demands() =>
        Assert.Equal("{\"value\":\"a\\\"b\\\\c\\n<ü>'\"}", MesosJson.Format(new TaskID { Value = "a\"b\\c\n<ü>'" }));

    [Fact]
    public void Map_is_an_object_by_key()
    {
        var task = new Offer.Types.Operation.Types.Launch
        {
            TaskInfos = { new TaskInfo { Name = "t", TaskId = new TaskID { Value = "t" }, AgentId = new AgentID { Value = "a" }, Limits = { { "mem", new Value.Types.Scalar { Value = double.PositiveInfinity } } } } },
        };
        Assert.Equal("""{"task_infos":[{"name":"t","task_id":{"value":"t"},"agent_id":{"value":"a"},"limits":{"mem":{"value":"Infinity"}}}]}""", MesosJson.Format(task));
    }

    [Fact]
    public void Enum_number_without_a_name_is_left_out() =>
        Assert.Equal("{}", MesosJson.Format(new Event { Type = (Event.Types.Type)77 }));

    [Fact]
    public void Secret_in_clear_is_left_out_for_public_documents_and_its_reference_is_not()
    {
        var environment = MesosJson.Parse<Environment>("""{"variables":[{"name":"A","type":"SECRET","secret":{"type":"VALUE","value":{"data":"cGFzc3dvcmQ="}}},{"name":"B","type":"SECRET","secret":{"type":"REFERENCE","reference":{"name":"r"}}},{"name":"C","value":"v"}]}""");
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
        {
            MesosJson.WriteWithoutSecrets(writer, environment);
        }

        Assert.Equal("""{"variables":[{"name":"A","type":"SECRET","secret":{"type":"VALUE"}},{"name":"B","type":"SECRET","secret":{"type":"REFERENCE","reference":{"name":"r"}}},{"name":"C","type":"VALUE","value":"v"}]}""", Encoding.UTF8.GetString(output.WrittenSpan));
        Assert.Contains("cGFzc3dvcmQ=", MesosJson.Format(environment), StringComparison.Ordinal);
    }
}
