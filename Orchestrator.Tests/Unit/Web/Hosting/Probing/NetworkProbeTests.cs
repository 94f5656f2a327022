using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Views.Services;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Hosting.Probing;

namespace Orchestrator.Tests.Unit.Web.Hosting.Probing;

public sealed class NetworkProbeTests : IDisposable
{
    private readonly TcpListener _server = new(IPAddress.Loopback, 0);

    public NetworkProbeTests() => _server.Start();

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n", false, true)]
    [InlineData("HTTP/1.0 200 OK\n\n", false, true)]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: /x\r\n\r\n", false, true)]
    [InlineData("HTTP/1.1 399\r\n\r\n", false, true)]
    [InlineData("HTTP/1.1 404 Not Found\r\n\r\n", false, false)]
    [InlineData("HTTP/1.1 500 Internal Server Error\r\n\r\n", false, false)]
    [InlineData("HTTP/1.1 102 Processing\r\n\r\n", false, false)]
    [InlineData("HTTP/1.1 102 Processing\r\n\r\n", true, null)]
    [InlineData("SSH-2.0-OpenSSH\r\n", false, false)]
    [InlineData("HTTP/1.1 two-hundred\r\n", false, false)]
    [InlineData("", false, false)]
    public async Task Http_answer_is_judged_by_its_status(string answer, bool ignore1xx, bool? alive)
    {
        var asked = ServeAsync(answer);
        var result = await AskAsync(new HealthCheckDefinition { Protocol = "HTTP", Path = "/health", IgnoreHttp1xx = ignore1xx });
        Assert.Equal(alive, result.Alive);
        Assert.Equal(alive == false, result.Cause is { Length: > 0 });
        Assert.StartsWith("GET /health HTTP/1.1\r\nHost: 127.0.0.1:", await asked, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "/")]
    [InlineData("health?deep=1", "/health?deep=1")]
    [InlineData("/a b\r\nX: y", "/a%20b%0D%0AX:%20y")]
    [InlineData("/größe", "/gr%C3%B6%C3%9Fe")]
    public async Task Path_of_any_content_stays_one_line(string? path, string sent)
    {
        var asked = ServeAsync("HTTP/1.1 200 OK\r\n\r\n");
        Assert.True((await AskAsync(new HealthCheckDefinition { Protocol = "HTTP", Path = path })).Alive);
        Assert.Equal($"GET {sent} HTTP/1.1", (await asked).Split("\r\n")[0]);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nready", 200, "text/plain", "ready")]
    [InlineData("HTTP/1.1 503 Busy\r\ncontent-type: application/json\r\n\r\n{\"left\":3}", 503, "application/json", "{\"left\":3}")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x\r\nde\r\n0\r\n\r\n", 200, "", "abcde")]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", 204, "", "")]
    public async Task Readiness_answer_is_read_with_its_body(string answer, int status, string type, string body)
    {
        var asked = ServeAsync(answer);
        var check = new ReadinessCheckDefinition { Path = "/ready", KeepsResponse = true };
        var result = await new NetworkProbe(TimeProvider.System).AskAsync(new ProbeTarget("t", 0, new HealthCheckDefinition { Protocol = "HTTP", Path = "/ready" }, "127.0.0.1", ((IPEndPoint)_server.LocalEndpoint).Port) { Readiness = check }, CancellationToken.None);
        Assert.Equal(new ReadinessResponse(status, type, body), result.Response);
        Assert.StartsWith("GET /ready HTTP/1.1", await asked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failed_answer_says_the_status_as_the_cause()
    {
        var asked = ServeAsync("HTTP/1.1 503 Service Unavailable\r\n\r\n");
        Assert.Equal("503 Service Unavailable", (await AskAsync(new HealthCheckDefinition { Protocol = "HTTP" })).Cause);
        await asked;
    }

    [Fact]
    public async Task Https_answer_counts_whatever_its_certificate()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=somebody-else", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1));
        var serving = Task.Run(async () =>
        {
            using var client = await _server.AcceptTcpClientAsync();
            await using var secure = new SslStream(client.GetStream());
            await secure.AuthenticateAsServerAsync(certificate);
            _ = await secure.ReadAsync(new byte[4096]);
            await secure.WriteAsync("HTTP/1.1 204 No Content\r\n\r\n"u8.ToArray());
        });
        Assert.Equal(new ProbeResult(true, null), await AskAsync(new HealthCheckDefinition { Protocol = "HTTPS" }));
        await serving;
    }

    [Fact]
    public async Task Tcp_that_connects_is_alive_and_that_is_refused_is_not()
    {
        Assert.True((await AskAsync(new HealthCheckDefinition { Protocol = "TCP" })).Alive);
        // Bound without listening: nobody else can take the port meanwhile.
        using var deaf = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        deaf.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)deaf.LocalEndPoint!).Port;
        var refused = await new NetworkProbe(TimeProvider.System).AskAsync(new ProbeTarget("t", 0, new HealthCheckDefinition { Protocol = "TCP" }, "127.0.0.1", port), CancellationToken.None);
        Assert.False(refused.Alive);
        Assert.Contains("refused", refused.Cause, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Server_that_does_not_answer_is_given_up_after_the_timeout()
    {
        var time = new ManualTimeProvider();
        var asking = new NetworkProbe(time).AskAsync(new ProbeTarget("t", 0, new HealthCheckDefinition { Protocol = "HTTP", TimeoutSeconds = 3 }, "127.0.0.1", ((IPEndPoint)_server.LocalEndpoint).Port), CancellationToken.None);
        using var client = await _server.AcceptTcpClientAsync();
        time.Advance(TimeSpan.FromSeconds(3));
        var result = await asking.WaitAsync(Until.Patience);
        Assert.False(result.Alive);
        Assert.Contains("within 3 s", result.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_of_the_host_is_no_result()
    {
        using var stop = new CancellationTokenSource();
        var asking = new NetworkProbe(TimeProvider.System).AskAsync(new ProbeTarget("t", 0, new HealthCheckDefinition { Protocol = "HTTP" }, "127.0.0.1", ((IPEndPoint)_server.LocalEndpoint).Port), stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    private Task<ProbeResult> AskAsync(HealthCheckDefinition check) =>
        new NetworkProbe(TimeProvider.System).AskAsync(new ProbeTarget("t", 0, check, "127.0.0.1", ((IPEndPoint)_server.LocalEndpoint).Port), CancellationToken.None);

    /// <summary>Answers one connection with exactly this, and returns what it was asked.</summary>
    private async Task<string> ServeAsync(string answer)
    {
        using var client = await _server.AcceptTcpClientAsync();
        var asked = "";
        var buffer = new byte[4096];
        while (!asked.EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            asked += Encoding.UTF8.GetString(buffer, 0, await client.GetStream().ReadAsync(buffer));
        }

        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer));
        return asked;
    }
}
