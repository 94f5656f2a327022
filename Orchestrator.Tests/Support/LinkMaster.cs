using System.Buffers;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestrator.Core.Contract;
using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.RecordIO;

namespace Orchestrator.Tests.Support;

/// <summary>
/// The master's side of the agent link on a real server, driven by a test: it accepts agents, keeps what they say, and
/// sends what the test wants. <see cref="Override"/> answers in its place.
/// </summary>
internal sealed class LinkMaster : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<AgentCall> _calls = Channel.CreateUnbounded<AgentCall>();
    private readonly Channel<AgentCall.Types.Subscribe> _subscriptions = Channel.CreateUnbounded<AgentCall.Types.Subscribe>();
    private volatile Channel<AgentEvent>? _events;

    private LinkMaster(WebApplication app) => _app = app;

    internal string AgentId { get; set; } = "cluster-S1";

    internal double SilenceTimeoutSeconds { get; set; } = 60;

    /// <summary>Answers a request in place of the master; false lets it go on.</summary>
    internal Func<HttpContext, bool> Override { get; set; } = _ => false;

    internal Uri Address { get; private set; } = null!;

    internal string HostAndPort => Address.Authority;

    internal static async Task<LinkMaster> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        var master = new LinkMaster(builder.Build());
        master._app.Run(master.HandleAsync);
        await master._app.StartAsync();
        master.Address = new Uri(master._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return master;
    }

    internal ValueTask<AgentCall.Types.Subscribe> NextSubscriptionAsync(CancellationToken cancellationToken) => _subscriptions.Reader.ReadAsync(cancellationToken);

    /// <summary>The next call that is no usage report.</summary>
    internal async Task<AgentCall> NextCallAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var call = await _calls.Reader.ReadAsync(cancellationToken);
            if (call.Usage is null)
            {
                return call;
            }
        }
    }

    internal async Task<AgentCall.Types.Usage> NextUsageAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var call = await _calls.Reader.ReadAsync(cancellationToken);
            if (call.Usage is not null)
            {
                return call.Usage;
            }
        }
    }

    /// <summary>The next status update, acknowledged.</summary>
    internal async Task<TaskStatus> NextUpdateAsync(CancellationToken cancellationToken, bool acknowledge = true)
    {
        while (true)
        {
            var call = await NextCallAsync(cancellationToken);
            if (call.Update is { } update)
            {
                if (acknowledge && update.Status.HasUuid)
                {
                    Send(new AgentEvent { Acknowledge = new() { FrameworkId = update.FrameworkId, TaskId = update.Status.TaskId, Uuid = update.Status.Uuid } });
                }

                return update.Status;
            }
        }
    }

    internal void Send(AgentEvent e) => _events!.Writer.TryWrite(e);

    /// <summary>Ends the stream of the linked agent.</summary>
    internal void Hang() => _events?.Writer.TryComplete();

    public async ValueTask DisposeAsync()
    {
        Hang();
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        if (Override(context))
        {
            return;
        }

        var calls = await ReadAsync(context);
        if (calls is [{ Subscribe: { } subscribe }])
        {
            await StreamAsync(context, subscribe);
            return;
        }

        foreach (var call in calls)
        {
            _calls.Writer.TryWrite(call);
        }

        context.Response.StatusCode = 202;
    }

    private async Task StreamAsync(HttpContext context, AgentCall.Types.Subscribe subscribe)
    {
        var events = Channel.CreateUnbounded<AgentEvent>();
        _events = events;
        context.Response.Headers["Orchestrator-Stream-Id"] = Guid.NewGuid().ToString("D");
        await context.Response.StartAsync();
        events.Writer.TryWrite(new AgentEvent
        {
            Subscribed = new() { AgentId = new AgentID { Value = AgentId }, SilenceTimeoutSeconds = SilenceTimeoutSeconds },
        });
        _subscriptions.Writer.TryWrite(subscribe);
        try
        {
            await foreach (var e in events.Reader.ReadAllAsync(context.RequestAborted))
            {
                await context.Response.Body.WriteAsync(MessageCodec.EncodeRecord(MessageFormat.Protobuf, e), context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        }
        catch (OperationCanceledException)
        {
            // The agent hung up.
        }
    }

    private static async Task<List<AgentCall>> ReadAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var buffer = new ReadOnlySequence<byte>(body.ToArray());
        var decoder = new RecordDecoder();
        var calls = new List<AgentCall>();
        while (decoder.TryRead(ref buffer, out var record))
        {
            calls.Add(AgentCall.Parser.ParseFrom(record));
        }

        return calls;
    }
}
