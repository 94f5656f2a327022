using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Core.Contract;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Master;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Runtime.Streams;
using Orchestrator.Core.Views;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Contract.Scheduler;

/// <summary>Messages by reference.</summary>
public sealed class InProcessConnectionTests : SchedulerConnectionContract
{
    internal override ISchedulerConnection Connect(HostFixture host) => new InProcessSchedulerConnection(
        host.Host.Services.GetRequiredService<IEngineGateway<MasterCommand, MasterReply, ClusterSnapshot>>(), host.Host.Services.GetRequiredService<EventStreams<Event>>());
}

/// <summary>JSON over HTTP.</summary>
public sealed class HttpJsonConnectionTests : SchedulerConnectionContract
{
    internal override ISchedulerConnection Connect(HostFixture host) => Http.Connect(host, MessageFormat.Json);

    [Fact]
    public async Task Connection_to_nobody_throws_a_status_that_means_try_again()
    {
        // Port 1 on the loopback: nothing listens there.
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        await using var connection = new HttpSchedulerConnection(client, new Uri("http://127.0.0.1:1"), MessageFormat.Json, TimeProvider.System);
        var error = await Assert.ThrowsAsync<SchedulerCallException>(async () => await connection.SendAsync(new Call { Type = Call.Types.Type.Revive }, CancellationToken.None));
        Assert.Equal(503, error.Status);
    }
}

/// <summary>Protobuf over HTTP.</summary>
public sealed class HttpProtobufConnectionTests : SchedulerConnectionContract
{
    internal override ISchedulerConnection Connect(HostFixture host) => Http.Connect(host, MessageFormat.Protobuf);
}

/// <summary>Makes connections over HTTP.</summary>
internal static class Http
{
    internal static ISchedulerConnection Connect(HostFixture host, MessageFormat format) =>
        new HttpSchedulerConnection(new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan }, host.Address, format, TimeProvider.System);
}
