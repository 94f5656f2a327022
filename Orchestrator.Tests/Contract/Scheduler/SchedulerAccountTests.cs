using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Contract.Scheduler;

/// <summary>The scheduler API of a host that knows accounts.</summary>
[Trait("Category", "Contract")]
public sealed class SchedulerAccountTests : IAsyncLifetime
{
    private const string Subscribe = """{"type":"SUBSCRIBE","subscribe":{"framework_info":{"user":"root","name":"n","principal":"alice"}}}""";
    private HostFixture _host = null!;

    public async ValueTask InitializeAsync() =>
        _host = await HostFixture.StartAsync("""--credentials={"credentials":[{"principal":"alice","secret":"s3cret-alice"},{"principal":"bob","secret":"s3cret-bob"}]}""");

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData(null, null)]
    [InlineData("alice", "wrong")]
    [InlineData("nobody", "s3cret-alice")]
    public async Task Caller_without_an_account_gets_401_and_the_realm(string? principal, string? secret)
    {
        using var answer = await SendAsync(principal, secret);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Basic realm=\"mesos-master-scheduler\"", answer.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task Principal_of_another_account_gets_400()
    {
        using var answer = await SendAsync("bob", "s3cret-bob");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("Failed to validate scheduler::Call: Authenticated principal 'bob' does not match principal 'alice' set in 'FrameworkInfo'", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Own_account_opens_a_stream_and_its_secret_is_in_no_document()
    {
        using var answer = await SendAsync("alice", "s3cret-alice");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await using var stream = await answer.Content.ReadAsStreamAsync();
        using var deadline = new CancellationTokenSource(Until.Patience);
        Assert.Contains("\"SUBSCRIBED\"", Encoding.UTF8.GetString((await WireRecords.ReadAsync(stream, deadline.Token))!), StringComparison.Ordinal);
        foreach (var path in new[] { "/state", "/flags", "/frameworks" })
        {
            using var document = await SendAsync("alice", "s3cret-alice", HttpMethod.Get, path);
            Assert.Equal(HttpStatusCode.OK, document.StatusCode);
            Assert.DoesNotContain("s3cret", await document.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(string? principal, string? secret, HttpMethod? method = null, string path = "/api/v1/scheduler")
    {
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = _host.Address, Timeout = TimeSpan.FromSeconds(20) };
        using var request = new HttpRequestMessage(method ?? HttpMethod.Post, path);
        if (method is null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Subscribe));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        if (principal is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{principal}:{secret}")));
        }

        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
