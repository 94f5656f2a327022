using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Coordination;
using Orchestrator.Core.Marathon;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Views.Services;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Hosting;
using Orchestrator.Web.Streaming;

namespace Orchestrator.Tests.Unit.Web.Hosting;

public sealed class ServicesServiceTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedConnection _connection = new();
    private readonly InMemoryJournal _journal = new();
    private readonly Lifetime _lifetime = new();
    private readonly EventBroadcast _events;
    private readonly ServicesService _service;
    private bool _isStopped;

    public ServicesServiceTests()
    {
        _events = new EventBroadcast(_time);
        var framework = new ServicesFramework(new MarathonOptions { Seed = 1, Role = "ops", User = "nobody" }, "http://localhost:5050/ui");
        _service = new ServicesService(new Echo(), framework, _connection, _journal, _events, _time, _lifetime, NullLogger<ServicesService>.Instance);
    }

    public async ValueTask InitializeAsync() => await _service.StartAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        if (!_isStopped)
        {
            await _service.StopAsync(CancellationToken.None);
        }

        _service.Dispose();
    }

    [Fact]
    public async Task Service_that_starts_subscribes_as_its_options_say()
    {
        var info = (await _connection.NextSubscriptionAsync()).Call.Subscribe.FrameworkInfo;
        Assert.Equal(("marathon", "nobody", 604_800, true), (info.Name, info.User, info.FailoverTimeout, info.Checkpoint));
        Assert.Equal(["ops"], info.Roles);
        Assert.Contains(FrameworkInfo.Types.Capability.Types.Type.PartitionAware, info.Capabilities.Select(capability => capability.Type));
        Assert.Null(info.Id);
    }

    [Fact]
    public async Task Event_of_the_master_is_applied_and_what_follows_is_sent_stored_and_told()
    {
        using var listener = _events.Listen(new EventInterest(new HashSet<string> { "echo" }), "a")!;
        var subscription = await _connection.NextSubscriptionAsync();
        subscription.Accept("f-1");
        var call = await _connection.NextCallAsync();
        Assert.Equal((Call.Types.Type.Revive, "f-1"), (call.Type, call.FrameworkId.Value));
        await UntilAsync(() => _service.Gateway.Current.Connected);
        Assert.Equal("f-1", System.Text.Encoding.UTF8.GetString(_journal.Load(MarathonEffects.Area).Single().Value!));
        Assert.True(await listener.Frames.WaitToReadAsync());

        subscription.End();
        await UntilAsync(() => !_service.Gateway.Current.Connected);
        var next = _connection.NextSubscriptionAsync();
        while (!next.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        Assert.Equal("f-1", (await next).Call.FrameworkId.Value);
    }

    [Fact]
    public async Task Journal_that_fails_stops_the_host()
    {
        _journal.Failure = "The disk is full.";
        (await _connection.NextSubscriptionAsync()).Accept("f-1");
        await _lifetime.Stopped.Task.WaitAsync(Until.Patience);
    }

    [Fact]
    public async Task Service_that_stops_can_be_disposed_of_more_than_once()
    {
        _isStopped = true;
        await _service.StopAsync(CancellationToken.None);
        _service.Dispose();
        _service.Dispose();
        await Assert.ThrowsAsync<Core.Runtime.EngineStoppedException>(async () => await _service.Gateway.SendAsync(new MarathonCommand.Disconnected(), CancellationToken.None));
    }

    private async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Until.Patience);
        await foreach (var _ in _service.Gateway.WatchAsync(patience.Token))
        {
            if (condition())
            {
                return;
            }
        }
    }

    /// <summary>Stores the id that it gets, answers with a REVIVE and tells of it.</summary>
    private sealed class Echo : IEngine<MarathonCommand, MarathonReply, MarathonEffects, ServicesSnapshot>
    {
        private ServicesSnapshot _snapshot = ServiceSnapshots.Empty;

        public DateTimeOffset? NextDue => null;

        public MarathonReply Apply(MarathonCommand command, DateTimeOffset now, MarathonEffects effects)
        {
            if (command is MarathonCommand.SchedulerEvent { Event.Subscribed: { } subscribed })
            {
                effects.Store("framework", System.Text.Encoding.UTF8.GetBytes(subscribed.FrameworkId.Value));
                effects.Send(new Call { Type = Call.Types.Type.Revive });
                effects.Tell(new MarathonEvent("echo", "{}"u8.ToArray()));
                _snapshot = _snapshot with { Version = _snapshot.Version + 1, Connected = true, FrameworkId = subscribed.FrameworkId.Value };
            }
            else if (command is MarathonCommand.Disconnected)
            {
                _snapshot = _snapshot with { Version = _snapshot.Version + 1, Connected = false };
            }

            return new MarathonReply(200, default);
        }

        public void Advance(DateTimeOffset now, MarathonEffects effects)
        {
        }

        public ServicesSnapshot Publish(DateTimeOffset now) => _snapshot;
    }

    private sealed class Lifetime : IHostApplicationLifetime
    {
        public TaskCompletionSource Stopped { get; } = new();

        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => Stopped.TrySetResult();
    }
}
