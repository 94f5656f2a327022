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
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ClusterSnapshot _current = snapshot;

    public EventStreams<Event> Streams { get; } = new(1000);

    /// <summary>What each command is answered with; by default 202.</summary>
    public Func<MasterCommand, MasterReply> Answer { get; set; } = _ => MasterReply.Accepted;

    /// <summary>What readers see; a new one is told to those who watch.</summary>
    public ClusterSnapshot Current
    {
        get => _current;
        set
        {
            _current = value;
            Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        }
    }

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
        while (true)
        {
            var changed = _changed.Task;
            yield return _current;
            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The next command, waiting for it.</summary>
    public async Task<MasterCommand> NextAsync() => await _commands.Reader.ReadAsync(new CancellationTokenSource(Until.Patience).Token);

    /// <summary>The next command, which must be a SUBSCRIBE.</summary>
    public async Task<MasterCommand.SubscribeScheduler> NextSubscribeAsync() => Assert.IsType<MasterCommand.SubscribeScheduler>(await NextAsync());
}
