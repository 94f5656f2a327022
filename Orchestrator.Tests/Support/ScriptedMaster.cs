using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Master;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Runtime.Streams;
using Orchestrator.Core.Views;

namespace Orchestrator.Tests.Support;

/// <summary>
/// Stands where the master stands and answers as the test says, so that an edge is tested alone. Commands are kept in the
/// order in which they came; events are delivered by the test.
/// </summary>
internal sealed class ScriptedMaster(ClusterSnapshot snapshot) : IEngineGateway<MasterCommand, MasterReply, ClusterSnapshot>
{
    private readonly Channel<MasterCommand> _commands = Channel.CreateUnbounded<MasterCommand>();

    public EventStreams<Event> Streams { get; } = new(1000);

    /// <summary>What each command is answered with; by default 202.</summary>
    public Func<MasterCommand, MasterReply> Answer { get; set; } = _ => MasterReply.Accepted;

    public ClusterSnapshot Current { get; set; } = snapshot;

    /// <summary>How many commands came.</summary>
    public int Count { get; private set; }

    public ValueTask<MasterReply> SendAsync(MasterCommand command, CancellationToken cancellationToken)
    {
        var reply = Answer(command);
        Count++;
        _commands.Writer.TryWrite(command);
        return ValueTask.FromResult(reply);
    }

    public async IAsyncEnumerable<ClusterSnapshot> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return Current;
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    /// <summary>The next command, waiting for it.</summary>
    public async Task<MasterCommand> NextAsync() => await _commands.Reader.ReadAsync(new CancellationTokenSource(TimeSpan.FromSeconds(10)).Token);

    /// <summary>The next command, which must be a SUBSCRIBE.</summary>
    public async Task<MasterCommand.SubscribeScheduler> NextSubscribeAsync() => Assert.IsType<MasterCommand.SubscribeScheduler>(await NextAsync());
}
