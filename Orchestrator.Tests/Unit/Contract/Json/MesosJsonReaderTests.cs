using System.Buffers;
using System.Text;
using Google.Protobuf;
using Orchestrator.Core.Contract;
using Orchestrator.Core.Contract.Json;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Tests.Support;
using Call = Orchestrator.Core.Contract.SchedulerApi.Call;

namespace Orchestrator.Tests.Unit.Contract.Json;

public sealed class MesosJsonReaderTests
{
    [Fact]
    public void Unknown_keys_and_what_is_below_them_are_passed_over()
    {
        var call = MesosJson.Parse<Call>("""{"future":{"a":[1,{"b":null}]},"type":"REVIVE","more":[[]],"framework_id":{"value":"f","x":1}}""");
        Assert.Equal(new Call { Type = Call.Types.Type.Revive, FrameworkId = new FrameworkID { Value = "f" } }, call);
    }

    [Fact]
    public void Null_means_absent_for_single_repeated_and_map_fields_and_in_lists()
    {
        var info = MesosJson.Parse<FrameworkInfo>("""
            {"user":"u","name":"n","id":null,"failover_timeout":null,"roles":null,"capabilities":[null,{"type":"MULTI_ROLE"},{"type":null}],"offer_filters":null,"labels":null}
            """);
        Assert.False(info.HasFailoverTimeout);
        Assert.Null(info.Id);
        Assert.Empty(info.Roles);
        Assert.Equal(2, info.Capabilities.Count);
        Assert.False(info.Capabilities[1].HasType);
    }

    [Theory]
    [InlineData("\"12.5\"", 12.5)]
    [InlineData("12", 12)]
    [InlineData("1e3", 1000)]
    [InlineData("\"Infinity\"", double.PositiveInfinity)]
    [InlineData("\"-Infinity\"", double.NegativeInfinity)]
    [InlineData("\"NaN\"", double.NaN)]
    public void Double_reads_numbers_and_their_text(string json, double expected) =>
        Assert.Equal(expected, MesosJson.Parse<Filters>($$"""{"refuse_seconds":{{json}}}""").RefuseSeconds);

    [Theory]
    [InlineData("5050", 5050)]
    [InlineData("\"5050\"", 5050)]
    [InlineData("5050.0", 5050)]
    [InlineData("\"-1\"", -1)]
    public void Integer_reads_numbers_and_their_text(string json, int expected) =>
        Assert.Equal(expected, MesosJson.Parse<Address>($$"""{"port":{{json}}}""").Port);

    [Theory]
    [InlineData("9223372036854775807")]
    [InlineData("\"9223372036854775807\"")]
    public void Integer_of_64_bits_loses_nothing(string json) =>
        Assert.Equal(long.MaxValue, MesosJson.Parse<TimeInfo>($$"""{"nanoseconds":{{json}}}""").Nanoseconds);

    [Theory]
    [InlineData("\"true\"", true)]
    [InlineData("\"false\"", false)]
    [InlineData("true", true)]
    public void Boolean_reads_itself_and_its_text(string json, bool expected) =>
        Assert.Equal(expected, MesosJson.Parse<CommandInfo>($$"""{"shell":{{json}}}""").Shell);

    [Fact]
    public void Unknown_enum_name_is_absent_when_optional_and_dropped_when_repeated()
    {
        Assert.False(MesosJson.Parse<Call>("""{"type":"DANCE"}""").HasType);
        var info = MesosJson.Parse<MasterInfo>("""{"id":"m","ip":1,"port":5050,"capabilities":[{"type":"NEW_ONE"},{"type":"QUOTA_V2"}]}""");
        Assert.False(info.Capabilities[0].HasType);
        Assert.True(info.Capabilities[1].HasType);
    }

    [Theory]
    [InlineData("""{"type":7}""", "Field 'type': expecting the name of an enum value, found a number")]
    [InlineData("""{"framework_id":"f"}""", "Field 'framework_id': expecting a JSON object, found a string")]
    [InlineData("""{"framework_id":["f"]}""", "Field 'framework_id': expecting a JSON object, found an array")]
    [InlineData("""{"framework_id":{"value":3}}""", "Field 'framework_id.value': expecting a string, found a number")]
    [InlineData("""{"accept":{"offer_ids":{"value":"o"}}}""", "Field 'accept.offer_ids': expecting a JSON array, found an object")]
    [InlineData("""{"accept":{"offer_ids":[{"value":"o"},{"value":false}]}}""", "Field 'accept.offer_ids[1].value': expecting a string, found a boolean")]
    [InlineData("""{"accept":{"filters":{"refuse_seconds":"soon"}}}""", "Field 'accept.filters.refuse_seconds': 'soon' is no number")]
    [InlineData("""{"acknowledge":{"uuid":"***"}}""", "Field 'acknowledge.uuid': the text is no base64")]
    [InlineData("""{"subscribe":{"framework_info":{"checkpoint":"yes"}}}""", "Field 'subscribe.framework_info.checkpoint': expecting true or false, found a string")]
    [InlineData("""{"kill":{"kill_policy":{"grace_period":{"nanoseconds":1.5}}}}""", "Field 'kill.kill_policy.grace_period.nanoseconds': expecting a whole number from -9223372036854775808 to 9223372036854775807, found 1.5")]
    [InlineData("[]", "The body: expecting a JSON object, found an array")]
    [InlineData("\"SUBSCRIBE\"", "The body: expecting a JSON object, found a string")]
    public void Mismatch_names_the_place_and_what_was_expected(string json, string message) =>
        Assert.Equal(message, Assert.Throws<MessageFormatException>(() => MesosJson.Parse<Call>(json)).Message);

    [Fact]
    public void Unknown_name_of_a_required_enum_value_is_an_error()
    {
        var e = Assert.Throws<MessageFormatException>(() => MesosJson.Parse<TaskStatus>("""{"task_id":{"value":"t"},"state":"TASK_DANCING"}"""));
        Assert.Equal("Field 'state': 'TASK_DANCING' is no value of this enum", e.Message);
    }

    [Fact]
    public void Missing_required_fields_are_all_listed_with_their_places()
    {
        var e = Assert.Throws<MessageFormatException>(() => MesosJson.Parse<Call>("""{"subscribe":{"framework_info":{}},"accept":{"offer_ids":[{"value":"o"},{}]},"kill":{}}"""));
        Assert.Equal("Missing required fields of Call: subscribe.framework_info.user, subscribe.framework_info.name, accept.offer_ids[1].value, kill.task_id", e.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"type":"REVIVE"}}""")]
    [InlineData("""{"type":"REVIVE"} x""")]
    [InlineData("""{"type" "REVIVE"}""")]
    [InlineData("""{type:"REVIVE"}""")]
    [InlineData("""{"type":"REVIVE",}""")]
    public void Syntax_error_is_reported_as_such(string json) =>
        Assert.StartsWith("The body is no valid JSON: ", Assert.Throws<MessageFormatException>(() => MesosJson.Parse<Call>(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void Text_that_is_not_utf8_is_refused()
    {
        byte[] body = [.. "{\"framework_id\":{\"value\":\""u8, 0xC3, 0x28, .. "\"}}"u8];
        var e = Assert.Throws<MessageFormatException>(() => MesosJson.Parse<Call>(body.AsSpan()));
        Assert.Contains("framework_id.value", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MesosJson.MaxDepth - 1, true)]
    [InlineData(MesosJson.MaxDepth, false)]
    public void Nesting_is_read_to_the_depth_limit_only(int arrays, bool accepted)
    {
        var json = $$"""{"unknown":{{new string('[', arrays)}}{{new string(']', arrays)}}}""";
        var error = Record.Exception(() => MesosJson.Parse<Call>(json));
        Assert.Equal(accepted, error is null);
        Assert.True(error is null or MessageFormatException);
    }

    [Fact]
    public void Nesting_of_a_message_in_itself_ends_at_the_depth_limit()
    {
        var json = string.Concat(Enumerable.Repeat("""{"value":"c","parent":""", 100)) + "null" + new string('}', 100);
        Assert.Throws<MessageFormatException>(() => MesosJson.Parse<ContainerID>(json));
    }

    [Fact]
    public void Later_of_two_equal_keys_counts()
    {
        var accept = MesosJson.Parse<Call.Types.Accept>("""{"offer_ids":[{"value":"a"},{"value":"b"}],"offer_ids":[{"value":"c"}]}""");
        Assert.Equal("c", Assert.Single(accept.OfferIds).Value);
    }

    [Fact]
    public void Keys_may_be_escaped_and_in_any_order()
    {
        var call = MesosJson.Parse<Call>("""{"\u0074ype":"KILL","kill":{"kill_policy":{},"task_id":{"value":"\u0074"}}}""");
        Assert.Equal(Call.Types.Type.Kill, call.Type);
        Assert.Equal("t", call.Kill.TaskId.Value);
    }

    [Fact]
    public void Map_reads_its_entries()
    {
        var info = MesosJson.Parse<FrameworkInfo>("""{"user":"u","name":"n","offer_filters":{"dev":{"min_allocatable_resources":{"quantities":[{"quantities":{"cpus":{"value":1}}}]}},"gone":null}}""");
        Assert.Equal(1, Assert.Single(info.OfferFilters).Value.MinAllocatableResources.Quantities[0].Quantities["cpus"].Value);
        var e = Assert.Throws<MessageFormatException>(() => MesosJson.Parse<FrameworkInfo>("""{"user":"u","name":"n","offer_filters":{"dev":3}}"""));
        Assert.Equal("Field 'offer_filters.dev': expecting a JSON object, found a number", e.Message);
    }

    [Fact]
    public void Body_cut_into_segments_anywhere_reads_the_same()
    {
        var message = (Event)new MessageGenerator(7).Create(Event.Descriptor);
        var bytes = Encoding.UTF8.GetBytes(MesosJson.Format(message));
        for (var cut = 0; cut <= bytes.Length; cut += 3)
        {
            Assert.Equal(message, MesosJson.Parse<Event>(Segments.Of(bytes, cut)));
        }
    }

    [Fact]
    public void Protobuf_body_with_an_unknown_enum_number_reads_it_as_absent()
    {
        var call = new Call { Type = (Call.Types.Type)99, FrameworkId = new FrameworkID { Value = "f" } };
        var read = MessageCodec.Parse<Call>(MessageFormat.Protobuf, new ReadOnlySequence<byte>(call.ToByteArray()));
        Assert.False(read.HasType);
        var status = new TaskStatus { TaskId = new TaskID { Value = "t" }, State = (TaskState)99 };
        var e = Assert.Throws<MessageFormatException>(() => MessageCodec.Parse<TaskStatus>(MessageFormat.Protobuf, new ReadOnlySequence<byte>(status.ToByteArray())));
        Assert.Equal("Missing required fields of TaskStatus: state", e.Message);
    }

    [Fact]
    public void Protobuf_body_that_is_none_is_refused()
    {
        var e = Assert.Throws<MessageFormatException>(() => MessageCodec.Parse<Call>(MessageFormat.Protobuf, new ReadOnlySequence<byte>("{\"type\":\"REVIVE\"}"u8.ToArray())));
        Assert.StartsWith("The body is no protobuf message Call: ", e.Message, StringComparison.Ordinal);
    }
}
