using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Orchestrator.Core.Contract;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;

namespace Orchestrator.Tests.Support;

/// <summary>A connection to a master that does what the test says: it gives the events of each subscription and takes the calls.</summary>
internal sealed class ScriptedConnection : ISchedulerConnection
{
    private readonly Channel<Subscription> _subscriptions = Channel.CreateUnbounded<Subscription>();
    private readonly Channel<Call> _calls = Channel.CreateUnbounded<Call>();

    /// <summary>What each call is answered with; null for an acceptance.</summary>
    public Func<Call, Exception?> Answer { get; set; } = static _ => null;

    /// <summary>What each subscription is answered with; null for an acceptance.</summary>
    public Func<Call, Exception?> AnswerSubscribe { get; set; } = static _ => null;

    public async IAsyncEnumerable<Event> SubscribeAsync(Call subscribe, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var subscription = new Subscription(subscribe);
        _subscriptions.Writer.TryWrite(subscription);
        if (AnswerSubscribe(subscribe) is { } refusal)
        {
            throw refusal;
        }

        await foreach (var sent in subscription.Events.Reader.ReadAllAsync(cancellationToken))
        {
            yield return sent;
        }
    }

    public ValueTask SendAsync(Call call, CancellationToken cancellationToken)
    {
        if (Answer(call) is { } refusal)
        {
            return ValueTask.FromException(refusal);
        }

        _calls.Writer.TryWrite(call);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>The next subscription, waiting for it.</summary>
    public async Task<Subscription> NextSubscriptionAsync() => await _subscriptions.Reader.ReadAsync(Patience());

    /// <summary>The next call that was accepted, waiting for it.</summary>
    public async Task<Call> NextCallAsync() => await _calls.Reader.ReadAsync(Patience());

    private static CancellationToken Patience() => new CancellationTokenSource(Until.Patience).Token;

    /// <summary>One subscription, whose events the test sends.</summary>
    internal sealed class Subscription(Call call)
    {
        public Call Call => call;

        public Channel<Event> Events { get; } = Channel.CreateUnbounded<Event>();

        /// <summary>The subscription stands, under this id.</summary>
        public void Accept(string frameworkId) => Send(new Event { Type = Event.Types.Type.Subscribed, Subscribed = new Event.Types.Subscribed { FrameworkId = new FrameworkID { Value = frameworkId } } });

        public void Send(Event sent) => Assert.True(Events.Writer.TryWrite(sent));

        public void End() => Events.Writer.Complete();
    }
}
