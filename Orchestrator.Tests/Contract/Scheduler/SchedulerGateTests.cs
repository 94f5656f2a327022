using System.Net;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Master;
using Orchestrator.Core.Runtime;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Api.Scheduler;

namespace Orchestrator.Tests.Contract.Scheduler;

/// <summary>Each check that the request gate makes by itself, in the order of the contract, against a real server.</summary>
[Trait("Category", "Contract")]
public sealed class SchedulerGateTests : IAsyncLifetime
{
    private const string Path = "/api/v1/scheduler";
    private const string Revive = """{"type":"REVIVE","framework_id":{"value":"f"}}""";
    private const string Subscribe = """{"type":"SUBSCRIBE","subscribe":{"framework_info":{"user":"root","name":"n"}}}""";
    private readonly ScriptedMaster _master = new(Snapshots.Empty);
    private EdgeHost _host = null!;

    public async ValueTask InitializeAsync() =>
        _host = await EdgeHost.StartAsync(_master, TimeProvider.System, services => services.AddSchedulerApi(), routes => routes.MapSchedulerApi());

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Method_other_than_post_gets_405_and_what_is_allowed(string method)
    {
        var answer = await _host.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), Path));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(["POST"], answer.Content.Headers.Allow);
    }

    [Fact]
    public async Task Request_without_content_type_gets_400()
    {
        await RefusedAsync(Content(Revive, null), 400, "Expecting 'Content-Type' to be present; send 'application/json' or 'application/x-protobuf'");
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("Application/JSON")]
    [InlineData("text/plain")]
    [InlineData("application/recordio")]
    [InlineData("application/x-protobuf;v=1")]
    public async Task Content_type_other_than_the_two_gets_415(string type) =>
        await RefusedAsync(Content(Revive, type), 415, "Expecting 'Content-Type' of exactly application/json or application/x-protobuf, without parameters");

    [Theory]
    [InlineData("{", "The body is no valid JSON: ")]
    [InlineData("", "The body is no valid JSON: ")]
    [InlineData("[]", "The body: expecting a JSON object, found an array")]
    [InlineData("""{"type":3}""", "Field 'type': expecting the name of an enum value, found a number")]
    [InlineData("""{"type":"SUBSCRIBE","subscribe":{"framework_info":{"user":"u"}}}""", "Missing required fields of Call: subscribe.framework_info.name")]
    public async Task Body_that_is_no_call_gets_400_and_the_place(string body, string text) => await RefusedAsync(Content(body), 400, text);

    [Fact]
    public async Task Protobuf_body_that_is_none_gets_400() =>
        await RefusedAsync(Content("not protobuf", "application/x-protobuf"), 400, "The body is no protobuf message Call: ");

    [Theory]
    [InlineData("{}", "Failed to validate scheduler::Call: Expecting 'type' to be present")]
    [InlineData("""{"type":"NOT_A_TYPE","framework_id":{"value":"f"}}""", "Failed to validate scheduler::Call: Expecting 'type' to be present")]
    [InlineData("""{"type":"REVIVE"}""", "Failed to validate scheduler::Call: Expecting 'framework_id' to be present")]
    [InlineData("""{"type":"ACCEPT","framework_id":{"value":"f"}}""", "Failed to validate scheduler::Call: Expecting 'accept' to be present")]
    public async Task Call_of_the_wrong_shape_gets_400(string body, string text) => await RefusedAsync(Content(body), 400, text);

    [Fact]
    public async Task Protobuf_call_with_an_unknown_type_gets_400()
    {
        var call = new Call { Type = (Call.Types.Type)99, FrameworkId = new FrameworkID { Value = "f" } };
        await RefusedAsync(Content(call.ToByteArray(), "application/x-protobuf"), 400, "Failed to validate scheduler::Call: Expecting 'type' to be present");
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/json;q=0")]
    [InlineData("application/recordio")]
    public async Task Subscribe_that_accepts_neither_encoding_gets_406(string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = Content(Subscribe) };
        request.Headers.TryAddWithoutValidation("Accept", accept);
        await RefusedAsync(request, 406, "Expecting 'Accept' to allow application/json or application/x-protobuf");
    }

    [Fact]
    public async Task Accept_is_judged_for_subscribe_only()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = Content(Revive) };
        request.Headers.TryAddWithoutValidation("Accept", "text/html");
        Assert.Equal(HttpStatusCode.Accepted, (await _host.Client.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Subscribe_with_a_stream_id_gets_400()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = Content(Subscribe) };
        request.Headers.Add("Mesos-Stream-Id", "33db6180-3b03-4e96-abdb-7e94bb51f043");
        await RefusedAsync(request, 400, "Subscribe calls must not carry the 'Mesos-Stream-Id' header; open a new connection without it");
    }

    [Fact]
    public async Task Checks_come_in_the_order_of_the_contract()
    {
        // Each request breaks this check and every later one; only the first may be reported.
        var wrongMethod = new HttpRequestMessage(HttpMethod.Get, Path) { Content = Content("{", "text/plain") };
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await _host.Client.SendAsync(wrongMethod)).StatusCode);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await _host.Client.PostAsync(Path, Content("{", "text/plain"))).StatusCode);
        var wrongShape = new HttpRequestMessage(HttpMethod.Post, Path) { Content = Content("""{"type":"SUBSCRIBE"}""") };
        wrongShape.Headers.TryAddWithoutValidation("Accept", "text/html");
        await RefusedAsync(wrongShape, 400, "Failed to validate scheduler::Call: Expecting 'subscribe' to be present");
        var notAcceptable = new HttpRequestMessage(HttpMethod.Post, Path) { Content = Content(Subscribe) };
        notAcceptable.Headers.TryAddWithoutValidation("Accept", "text/html");
        notAcceptable.Headers.Add("Mesos-Stream-Id", "x");
        Assert.Equal(HttpStatusCode.NotAcceptable, (await _host.Client.SendAsync(notAcceptable)).StatusCode);
    }

    [Theory]
    [InlineData(202, "")]
    [InlineData(400, "Framework cannot be found")]
    [InlineData(403, "Framework is not subscribed")]
    [InlineData(501, "Not implemented")]
    public async Task Call_is_answered_as_the_master_says(int status, string text)
    {
        _master.Answer = _ => new MasterReply(status, text);
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = Content(Revive) };
        request.Headers.Add("mesos-stream-id", "s1");
        using var answer = await _host.Client.SendAsync(request);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(text, await answer.Content.ReadAsStringAsync());
        Assert.Equal(text.Length == 0 ? null : "text/plain", answer.Content.Headers.ContentType?.MediaType);
        var command = Assert.IsType<MasterCommand.CallScheduler>(await _master.NextAsync());
        Assert.Equal("s1", command.Stream);
        Assert.Null(command.Principal);
        Assert.Equal(Call.Types.Type.Revive, command.Call.Type);
    }

    [Fact]
    public async Task Call_without_stream_id_reaches_the_master_without_one()
    {
        await _host.Client.PostAsync(Path, Content(Revive));
        Assert.Null(Assert.IsType<MasterCommand.CallScheduler>(await _master.NextAsync()).Stream);
    }

    [Theory]
    [InlineData("/api/v1/scheduler")]
    [InlineData("/api/v1/scheduler/")]
    [InlineData("/api/v1/scheduler/anything/below")]
    [InlineData("/master/api/v1/scheduler")]
    [InlineData("/master/api/v1/scheduler/")]
    public async Task Path_is_routed_by_prefix(string path) =>
        Assert.Equal(HttpStatusCode.Accepted, (await _host.Client.PostAsync(path, Content(Revive))).StatusCode);

    [Fact]
    public async Task Overloaded_master_gets_the_caller_a_503_to_retry()
    {
        _master.Answer = _ => throw new EngineOverloadedException();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await _host.Client.PostAsync(Path, Content(Revive))).StatusCode);
    }

    [Fact]
    public async Task Subscribe_that_the_master_refuses_at_once_gets_its_status()
    {
        _master.Answer = command => command is MasterCommand.SubscribeScheduler ? new MasterReply(400, "no") : MasterReply.Accepted;
        await RefusedAsync(new HttpRequestMessage(HttpMethod.Post, Path) { Content = Content(Subscribe) }, 400, "no", reachesMaster: true);
    }

    [Fact]
    public async Task Body_in_chunks_and_in_absolute_form_is_read()
    {
        await using var raw = await RawHttp.ConnectAsync(_host.Address);
        await raw.SendAsync($"POST http://x{Path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nmesos-stream-id: s\r\ntransfer-encoding: chunked\r\n\r\n");
        foreach (var part in Revive.Chunk(7))
        {
            await raw.SendAsync($"{part.Length:x}\r\n{new string(part)}\r\n");
        }

        await raw.SendAsync("0\r\n\r\n");
        Assert.Equal(202, (await raw.ReadHeadAsync()).Status);
        Assert.Equal("s", Assert.IsType<MasterCommand.CallScheduler>(await _master.NextAsync()).Stream);
    }

    [Fact]
    public async Task Large_call_is_read_whole()
    {
        var ids = string.Join(',', Enumerable.Range(0, 100_000).Select(i => $$"""{"value":"{{Guid.Empty}}-O{{i}}"}"""));
        var body = $$$"""{"type":"DECLINE","framework_id":{"value":"f"},"decline":{"offer_ids":[{{{ids}}}]}}""";
        Assert.True(body.Length > 4_000_000);
        Assert.Equal(HttpStatusCode.Accepted, (await _host.Client.PostAsync(Path, Content(body))).StatusCode);
        Assert.Equal(100_000, Assert.IsType<MasterCommand.CallScheduler>(await _master.NextAsync()).Call.Decline.OfferIds.Count);
    }

    [Fact]
    public async Task Body_beyond_the_limit_gets_413()
    {
        await using var raw = await RawHttp.ConnectAsync(_host.Address);
        await raw.SendAsync($"POST {Path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {33 * 1024 * 1024}\r\n\r\n");
        Assert.Equal(413, (await raw.ReadHeadAsync()).Status);
    }

    [Theory]
    [InlineData("alice", "alice", 202)]
    [InlineData("alice", null, 202)]
    [InlineData("alice", "mallory", 400)]
    [InlineData("", null, 403)]
    public async Task Principal_is_compared_and_handed_on(string authenticated, string? claimed, int status)
    {
        await using var host = await EdgeHost.StartAsync(_master, TimeProvider.System, services => services.AddSchedulerApi(), routes =>
        {
            ((IApplicationBuilder)routes).Use((context, next) =>
            {
                context.User = new ClaimsPrincipal(new ClaimsIdentity(authenticated.Length == 0 ? [] : [new Claim(ClaimTypes.Name, authenticated)], "Basic"));
                return next(context);
            });
            ((IApplicationBuilder)routes).UseRouting();
            routes.MapSchedulerApi();
        });
        _master.Answer = _ => new MasterReply(status == 202 ? 503 : 200, "");
        var principal = claimed is null ? "" : $",\"principal\":\"{claimed}\"";
        var body = $$$$"""{"type":"SUBSCRIBE","subscribe":{"framework_info":{"user":"root","name":"n"{{{{principal}}}}}}}""";
        using var answer = await host.Client.PostAsync(Path, Content(body));
        Assert.Equal(status == 202 ? 503 : status, (int)answer.StatusCode);
        if (status == 202)
        {
            Assert.Equal("alice", (await _master.NextSubscribeAsync()).Principal);
        }
    }

    private static ByteArrayContent Content(string body, string? type = "application/json") => Content(Encoding.UTF8.GetBytes(body), type);

    private static ByteArrayContent Content(byte[] body, string? type)
    {
        var content = new ByteArrayContent(body);
        if (type is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        return content;
    }

    private Task RefusedAsync(HttpContent content, int status, string text) => RefusedAsync(new HttpRequestMessage(HttpMethod.Post, Path) { Content = content }, status, text);

    private async Task RefusedAsync(HttpRequestMessage request, int status, string text, bool reachesMaster = false)
    {
        using var answer = await _host.Client.SendAsync(request);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.StartsWith(text, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(new MediaTypeHeaderValue("text/plain", "utf-8"), answer.Content.Headers.ContentType);
        Assert.Equal(reachesMaster, _master.Count > 0);
    }
}
