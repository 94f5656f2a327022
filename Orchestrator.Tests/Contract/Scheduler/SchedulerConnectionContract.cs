using Orchestrator.Core.Contract;
using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Contract.Scheduler;

/// <summary>What every <see cref="ISchedulerConnection"/> must do, whatever carries it; one class derives for each.</summary>
[Trait("Category", "Contract")]
public abstract class SchedulerConnectionContract : IAsyncLifetime
{
    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromSeconds(30));
    private HostFixture _host = null!;

    public async ValueTask InitializeAsync() => _host = await HostFixture.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _deadline.Dispose();
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Connection_subscribes_launches_and_hears_of_its_task()
    {
        await using var agent = await WireAgent.RegisterAsync(_host.Address, Scalar("cpus", 2), Scalar("mem", 512));
        await using var connection = Connect(_host);
        await using var events = connection.SubscribeAsync(Subscribe("f"), _deadline.Token).GetAsyncEnumerator();
        Assert.Equal("f", (await NextAsync(events, Event.Types.Type.Subscribed)).Subscribed.FrameworkId.Value);
        var offer = (await NextAsync(events, Event.Types.Type.Offers)).Offers.Offers_[0];
        await connection.SendAsync(Launch("f", offer), _deadline.Token);
        var run = (await agent.NextAsync(AgentEvent.EventOneofCase.RunTask)).RunTask;
        var uuid = await agent.ReportAsync(run.FrameworkInfo.Id, run.Task, TaskState.TaskRunning);
        var status = (await NextAsync(events, Event.Types.Type.Update)).Update.Status;
        Assert.Equal((TaskState.TaskRunning, uuid), (status.State, status.Uuid));
        await connection.SendAsync(
            new Call { Type = Call.Types.Type.Acknowledge, FrameworkId = Id("f"), Acknowledge = new Call.Types.Acknowledge { AgentId = status.AgentId, TaskId = status.TaskId, Uuid = uuid } },
            _deadline.Token);
        Assert.Equal(uuid, (await agent.NextAsync(AgentEvent.EventOneofCase.Acknowledge)).Acknowledge.Uuid);
    }

    [Fact]
    public async Task Connection_refused_by_the_master_hears_why_and_then_the_end()
    {
        await using var connection = Connect(_host);
        var subscribe = Subscribe("f");
        subscribe.Subscribe.FrameworkInfo.Roles.Add("*");
        await using var events = connection.SubscribeAsync(subscribe, _deadline.Token).GetAsyncEnumerator();
        Assert.NotEmpty((await NextAsync(events, Event.Types.Type.Error)).Error.Message);
        Assert.False(await events.MoveNextAsync());
    }

    [Fact]
    public async Task Call_of_a_framework_that_is_not_known_throws_with_the_status()
    {
        await using var connection = Connect(_host);
        var error = await Assert.ThrowsAsync<SchedulerCallException>(async () => await connection.SendAsync(new Call { Type = Call.Types.Type.Revive, FrameworkId = Id("nobody") }, _deadline.Token));
        Assert.Equal((400, "Framework cannot be found"), (error.Status, error.Message));
    }

    [Fact]
    public async Task Second_subscription_ends_the_first_with_an_error()
    {
        await using var connection = Connect(_host);
        await using var first = connection.SubscribeAsync(Subscribe("f"), _deadline.Token).GetAsyncEnumerator();
        await NextAsync(first, Event.Types.Type.Subscribed);
        await using var other = Connect(_host);
        await using var second = other.SubscribeAsync(Subscribe("f"), _deadline.Token).GetAsyncEnumerator();
        await NextAsync(second, Event.Types.Type.Subscribed);
        Assert.Equal("Framework failed over", (await NextAsync(first, Event.Types.Type.Error)).Error.Message);
        Assert.False(await first.MoveNextAsync());
        await other.SendAsync(new Call { Type = Call.Types.Type.Revive, FrameworkId = Id("f") }, _deadline.Token);
    }

    [Fact]
    public async Task Breaking_off_the_enumeration_disconnects_and_subscribing_again_works()
    {
        await using var connection = Connect(_host);
        await using (var events = connection.SubscribeAsync(Subscribe("f"), _deadline.Token).GetAsyncEnumerator())
        {
            await NextAsync(events, Event.Types.Type.Subscribed);
        }

        await using var again = connection.SubscribeAsync(Subscribe("f"), _deadline.Token).GetAsyncEnumerator();
        await NextAsync(again, Event.Types.Type.Subscribed);
        await connection.SendAsync(new Call { Type = Call.Types.Type.Suppress, FrameworkId = Id("f") }, _deadline.Token);
    }

    internal abstract ISchedulerConnection Connect(HostFixture host);

    private static async Task<Event> NextAsync(IAsyncEnumerator<Event> events, Event.Types.Type type)
    {
        while (await events.MoveNextAsync())
        {
            if (events.Current.Type == type)
            {
                return events.Current;
            }
        }

        throw new InvalidOperationException($"The events ended before {type}.");
    }

    private static Call Subscribe(string id) => new()
    {
        Type = Call.Types.Type.Subscribe,
        FrameworkId = Id(id),
        Subscribe = new Call.Types.Subscribe { FrameworkInfo = new FrameworkInfo { User = "root", Name = "c", Id = Id(id), FailoverTimeout = 60 } },
    };

    private static Call Launch(string id, Offer offer) => new()
    {
        Type = Call.Types.Type.Accept,
        FrameworkId = Id(id),
        Accept = new Call.Types.Accept
        {
            OfferIds = { offer.Id },
            Operations =
            {
                new Offer.Types.Operation
                {
                    Type = Offer.Types.Operation.Types.Type.Launch,
                    Launch = new Offer.Types.Operation.Types.Launch
                    {
                        TaskInfos = { new TaskInfo { Name = "t", TaskId = new TaskID { Value = "t" }, AgentId = offer.AgentId, Command = new CommandInfo { Value = "true" }, Resources = { Scalar("cpus", 0.5), Scalar("mem", 64) } } },
                    },
                },
            },
        },
    };

    private static FrameworkID Id(string value) => new() { Value = value };

    private static Resource Scalar(string name, double amount) => new() { Name = name, Type = Value.Types.Type.Scalar, Scalar = new Value.Types.Scalar { Value = amount } };
}
