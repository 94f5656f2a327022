using System.Text;
using System.Text.Json;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Master;
using Orchestrator.Core.Runtime;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Api.Scheduler;

namespace Orchestrator.Tests.Contract.Scheduler;

/// <summary>The stream of a subscription, byte by byte, against a real server.</summary>
[Trait("Category", "Contract")]
public sealed class SchedulerStreamTests : IAsyncLifetime
{
    private const string Path = "/api/v1/scheduler";
    private const string Subscribe = """{"type":"SUBSCRIBE","subscribe":{"framework_info":{"user":"root","name":"n"}}}""";
    private const string Heartbeat = """{"type":"HEARTBEAT"}""";
    private readonly ScriptedMaster _master = new(Snapshots.Empty);
    private readonly ManualTimeProvider _time = new();
    private EdgeHost _host = null!;

    public async ValueTask InitializeAsync() =>
        _host = await EdgeHost.StartAsync(_master, _time, services => services.AddSchedulerApi(), routes => routes.MapSchedulerApi());

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData(null, "application/json")]
    [InlineData("Accept: */*", "application/json")]
    [InlineData("Accept: application/*", "application/json")]
    [InlineData("Accept: application/x-protobuf", "application/x-protobuf")]
    [InlineData("Accept: application/x-protobuf, application/json;q=0.1", "application/json")]
    [InlineData("Accept: application/json;q=0, application/x-protobuf", "application/x-protobuf")]
    [InlineData("Accept: text/html\r\nAccept: application/x-protobuf", "application/x-protobuf")]
    public async Task Stream_announces_its_encoding_exactly(string? accept, string type)
    {
        var (raw, head) = await SubscribeAsync(accept is null ? [] : [accept]);
        await using var connection = raw;
        Assert.Equal(200, head.Status);
        Assert.Equal(type, head.Headers["Content-Type"]);
    }

    [Theory]
    [InlineData("Connection: keep-alive")]
    [InlineData("Connection: close")]
    [InlineData("Accept-Encoding: gzip, deflate")]
    public async Task Stream_is_chunked_plain_and_named_whatever_the_client_asks(string header)
    {
        var (raw, head) = await SubscribeAsync(header);
        await using var connection = raw;
        Assert.Equal("chunked", head.Headers["Transfer-Encoding"]);
        Assert.DoesNotContain("Content-Length", head.Headers.Keys);
        Assert.DoesNotContain("Content-Encoding", head.Headers.Keys);
        var subscribe = await _master.NextSubscribeAsync();
        Assert.Equal(subscribe.Stream.ToString(), head.Headers["Mesos-Stream-Id"]);
        Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", head.Headers["Mesos-Stream-Id"]);
    }

    [Fact]
    public async Task Heartbeat_follows_subscribed_at_once_and_then_comes_every_15_seconds()
    {
        var (raw, _) = await SubscribeAsync();
        await using var connection = raw;
        var stream = (await _master.NextSubscribeAsync()).Stream;
        var rest = new List<byte>();
        _master.Streams.Deliver(stream, Subscribed("f1"));
        Assert.StartsWith("""{"type":"SUBSCRIBED","subscribed":{"framework_id":{"value":"f1"},"heartbeat_interval_seconds":15.0""", await ReadAsync(raw, rest), StringComparison.Ordinal);
        Assert.Equal(Heartbeat, await ReadAsync(raw, rest));
        for (var i = 0; i < 3; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(15));
            Assert.Equal(Heartbeat, await ReadAsync(raw, rest));
        }

        _master.Streams.Deliver(stream, Rescind("o1"));
        Assert.Equal("""{"type":"RESCIND","rescind":{"offer_id":{"value":"o1"}}}""", await ReadAsync(raw, rest));
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(Heartbeat, await ReadAsync(raw, rest));
    }

    [Fact]
    public async Task Refused_subscription_gets_its_error_and_the_end_of_the_stream_without_heartbeat()
    {
        var (raw, head) = await SubscribeAsync("Connection: close");
        await using var connection = raw;
        var stream = (await _master.NextSubscribeAsync()).Stream;
        _master.Streams.Deliver(stream, new Event { Type = Event.Types.Type.Error, Error = new Event.Types.Error { Message = "Framework has been removed" } });
        _master.Streams.Close(stream);
        var rest = new List<byte>();
        Assert.Equal("""{"type":"ERROR","error":{"message":"Framework has been removed"}}""", await ReadAsync(raw, rest));
        Assert.Null(await raw.ReadRecordAsync(rest));
        Assert.True(await raw.IsClosedAsync());
        Assert.Equal(200, head.Status);
    }

    [Fact]
    public async Task Many_events_arrive_whole_and_in_order()
    {
        var (raw, _) = await SubscribeAsync();
        await using var connection = raw;
        var stream = (await _master.NextSubscribeAsync()).Stream;
        var filler = new string('x', 2000);
        for (var i = 0; i < 900; i++)
        {
            _master.Streams.Deliver(stream, Rescind($"{i}-{filler}"));
        }

        var rest = new List<byte>();
        for (var i = 0; i < 900; i++)
        {
            using var read = JsonDocument.Parse(await ReadAsync(raw, rest));
            Assert.Equal($"{i}-{filler}", read.RootElement.GetProperty("rescind").GetProperty("offer_id").GetProperty("value").GetString());
        }
    }

    [Fact]
    public async Task Protobuf_stream_carries_protobuf_records()
    {
        var (raw, _) = await SubscribeAsync("Accept: application/x-protobuf");
        await using var connection = raw;
        var stream = (await _master.NextSubscribeAsync()).Stream;
        var subscribed = Subscribed("f1");
        _master.Streams.Deliver(stream, subscribed);
        var rest = new List<byte>();
        Assert.Equal(subscribed, Event.Parser.ParseFrom(await raw.ReadRecordAsync(rest)));
        Assert.Equal(new Event { Type = Event.Types.Type.Heartbeat }, Event.Parser.ParseFrom(await raw.ReadRecordAsync(rest)));
    }

    [Fact]
    public async Task Client_that_goes_away_disconnects_its_stream()
    {
        var (raw, _) = await SubscribeAsync();
        var stream = (await _master.NextSubscribeAsync()).Stream;
        await raw.DisposeAsync();
        Assert.Equal(new MasterCommand.DisconnectScheduler(stream), await _master.NextAsync());
        Assert.Equal(0, _master.Streams.Count);
    }

    [Fact]
    public async Task Overloaded_master_still_hears_of_the_disconnect()
    {
        var refusals = 3;
        await using var host = await EdgeHost.StartAsync(_master, TimeProvider.System, services => services.AddSchedulerApi(), routes => routes.MapSchedulerApi());
        _master.Answer = command => command is MasterCommand.DisconnectScheduler && refusals-- > 0 ? throw new EngineOverloadedException() : MasterReply.Accepted;
        var (raw, _) = await RawHttp.PostAsync(host.Address, Path, Subscribe, "Content-Type: application/json");
        var stream = (await _master.NextSubscribeAsync()).Stream;
        await raw.DisposeAsync();
        Assert.Equal(new MasterCommand.DisconnectScheduler(stream), await _master.NextAsync());
        Assert.Equal(-1, refusals);
    }

    [Fact]
    public async Task Null_and_empty_ids_of_real_clients_mean_a_new_framework()
    {
        const string Body = """{"type":"SUBSCRIBE","framework_id":{"value":""},"subscribe":{"framework_info":{"user":"root","name":"n","id":{"value":""},"capabilities":null,"labels":null,"roles":null},"suppressed_roles":null},"accept":null}""";
        var (raw, head) = await RawHttp.PostAsync(_host.Address, Path, Body, "Content-Type: application/json");
        await using var connection = raw;
        Assert.Equal(200, head.Status);
        var call = (await _master.NextSubscribeAsync()).Call;
        Assert.Null(call.FrameworkId);
        Assert.Null(call.Subscribe.FrameworkInfo.Id);
    }

    [Fact]
    public async Task First_subscribe_with_an_id_of_the_clients_own_choosing_is_handed_on()
    {
        const string Body = """{"type":"SUBSCRIBE","framework_id":{"value":"mine"},"subscribe":{"framework_info":{"user":"root","name":"n","id":{"value":"mine"}}}}""";
        var (raw, head) = await RawHttp.PostAsync(_host.Address, Path, Body, "Content-Type: application/json");
        await using var connection = raw;
        Assert.Equal(200, head.Status);
        Assert.Equal("mine", (await _master.NextSubscribeAsync()).Call.FrameworkId.Value);
    }

    private Task<(RawHttp Connection, RawHttp.Answer Head)> SubscribeAsync(params string[] headers) =>
        RawHttp.PostAsync(_host.Address, Path, Subscribe, ["Content-Type: application/json", .. headers]);

    private static async Task<string> ReadAsync(RawHttp raw, List<byte> rest) => Encoding.UTF8.GetString((await raw.ReadRecordAsync(rest))!);

    private static Event Subscribed(string id) => new()
    {
        Type = Event.Types.Type.Subscribed,
        Subscribed = new Event.Types.Subscribed { FrameworkId = new FrameworkID { Value = id }, HeartbeatIntervalSeconds = 15 },
    };

    private static Event Rescind(string id) => new() { Type = Event.Types.Type.Rescind, Rescind = new Event.Types.Rescind { OfferId = new OfferID { Value = id } } };
}
