using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.AgentService.Execution;
using Orchestrator.AgentService.Health;
using Orchestrator.AgentService.Link;
using Orchestrator.Core.Agent;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Health;

public sealed class HealthRunnerTests : IAgentLoop, IDisposable
{
    private readonly Channel<AgentCommand.HealthChecked> _results = Channel.CreateUnbounded<AgentCommand.HealthChecked>();
    private readonly FakeContainerizer _containers = new();
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(20));
    private readonly HealthRunner _runner;

    public HealthRunnerTests()
    {
        var plan = new ContainerPlan("c1", AgentEngineHarness.Task(), "fw", "S1", "/tmp", null, new Dictionary<string, string>());
        _runner = new HealthRunner(_ => (plan, _containers), this, TimeProvider.System, NullLogger<HealthRunner>.Instance);
    }

    public ValueTask<AgentReply> AskAsync(AgentCommand command, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask TellAsync(AgentCommand command, CancellationToken cancellationToken) => _results.Writer.WriteAsync((AgentCommand.HealthChecked)command, cancellationToken);

    public void Dispose()
    {
        _runner.Dispose();
        _patience.Dispose();
    }

    private async Task<AgentCommand.HealthChecked> CheckAsync(HealthCheck check, string? address = null)
    {
        check.DelaySeconds = 0;
        _runner.Do(new AgentAction.StartHealthCheck("c1", check, address));
        var result = await _results.Reader.ReadAsync(_patience.Token);
        _runner.Do(new AgentAction.StopHealthCheck("c1"));
        return result;
    }

    private static HealthCheck Tcp(int port) => new() { Tcp = new HealthCheck.Types.TCPCheckInfo { Port = (uint)port } };

    private static HealthCheck Http(int port, string path = "/health") => new()
    {
        Type = HealthCheck.Types.Type.Http,
        Http = new HealthCheck.Types.HTTPCheckInfo { Port = (uint)port, Path = path },
    };

    private static TcpListener Listen(IPAddress address)
    {
        var listener = new TcpListener(address, 0);
        listener.Start();
        return listener;
    }

    private static int PortOf(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Answers every connection with a status.</summary>
    private static async Task ServeAsync(TcpListener listener, Func<string, string> answer)
    {
        while (true)
        {
            using var client = await listener.AcceptTcpClientAsync();
            using var reader = new StreamReader(client.GetStream());
            var request = await reader.ReadLineAsync();
            while (await reader.ReadLineAsync() is { Length: > 0 })
            {
                // Headers.
            }

            await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes($"HTTP/1.1 {answer(request!)}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
        }
    }

    [Theory]
    [InlineData("200 OK", true)]
    [InlineData("304 Not Modified", true)]
    [InlineData("404 Not Found", false)]
    [InlineData("500 Oops", false)]
    public async Task Http_answer_is_healthy_from_200_to_399(string answer, bool healthy)
    {
        using var listener = Listen(IPAddress.Loopback);
        _ = ServeAsync(listener, _ => answer);

        Assert.Equal(healthy, (await CheckAsync(Http(PortOf(listener)))).Healthy);
    }

    [Fact]
    public async Task Http_redirect_is_followed()
    {
        using var listener = Listen(IPAddress.Loopback);
        _ = ServeAsync(listener, request => request.Contains("/health", StringComparison.Ordinal) ? "302 Found\r\nLocation: /elsewhere" : "500 Oops");

        Assert.False((await CheckAsync(Http(PortOf(listener)))).Healthy);
    }

    [Fact]
    public async Task Tcp_port_that_listens_is_healthy_and_a_closed_one_is_not()
    {
        using var listener = Listen(IPAddress.Loopback);
        Assert.True((await CheckAsync(Tcp(PortOf(listener)))).Healthy);

        // Bound without listening: nobody else can take the port meanwhile.
        using var deaf = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        deaf.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Assert.False((await CheckAsync(Tcp(((IPEndPoint)deaf.LocalEndPoint!).Port))).Healthy);
    }

    [Fact]
    public async Task Ipv6_and_the_containers_address_are_used()
    {
        using var six = Listen(IPAddress.IPv6Loopback);
        Assert.True((await CheckAsync(new HealthCheck { Tcp = new() { Port = (uint)PortOf(six), Protocol = NetworkInfo.Types.Protocol.Ipv6 } })).Healthy);
        using var other = Listen(IPAddress.Parse("127.0.0.9"));
        Assert.True((await CheckAsync(new HealthCheck { Tcp = new() { Port = (uint)PortOf(other) } }, "127.0.0.9")).Healthy);
    }

    [Fact]
    public async Task Command_is_healthy_by_its_exit_code()
    {
        _containers.Execute = command => Task.FromResult(command.Value == "true" ? 0 : 2);
        Assert.True((await CheckAsync(new HealthCheck { Command = new CommandInfo { Value = "true" } })).Healthy);
        var failed = await CheckAsync(new HealthCheck { Command = new CommandInfo { Value = "false" } });
        Assert.Equal((false, "Health check command exited with status 2"), (failed.Healthy, failed.Message));
    }

    [Fact]
    public async Task Check_that_takes_too_long_is_unhealthy()
    {
        using var listener = Listen(IPAddress.Loopback);
        var check = Http(PortOf(listener));
        check.TimeoutSeconds = 0.1;
        Assert.Contains("longer than 0.1 s", (await CheckAsync(check)).Message, StringComparison.Ordinal);

        _containers.Execute = _ => new TaskCompletionSource<int>().Task;
        Assert.False((await CheckAsync(new HealthCheck { Command = new CommandInfo { Value = "hangs" }, TimeoutSeconds = 0.1 })).Healthy);
    }

    [Fact]
    public async Task Check_that_cannot_be_made_says_nothing()
    {
        var calls = 0;
        _containers.Execute = _ => ++calls == 1 ? throw new InvalidOperationException("the daemon is away") : Task.FromResult(0);
        Assert.True((await CheckAsync(new HealthCheck { Command = new CommandInfo { Value = "true" }, IntervalSeconds = 0.01 })).Healthy);
        Assert.Equal(2, calls);
    }
}
