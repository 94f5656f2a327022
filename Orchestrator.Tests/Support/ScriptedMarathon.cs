using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Orchestrator.Core.Marathon;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Tests.Support;

/// <summary>
/// Stands where the services engine stands: readers see the snapshot that the test gives, commands are kept in their order
/// and answered as the test says.
/// </summary>
internal sealed class ScriptedMarathon(ServicesSnapshot snapshot) : IEngineGateway<MarathonCommand, MarathonReply, ServicesSnapshot>
{
    private readonly Channel<MarathonCommand> _commands = Channel.CreateUnbounded<MarathonCommand>();
    private TaskCompletionSource _published = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ServicesSnapshot _current = snapshot;

    /// <summary>What each command is answered with; by default 200 with an empty object.</summary>
    public Func<MarathonCommand, MarathonReply> Answer { get; set; } = static _ => new MarathonReply(200, "{}"u8.ToArray());

    public ServicesSnapshot Current => _current;

    /// <summary>Commands that nobody has looked at yet.</summary>
    public ChannelReader<MarathonCommand> Commands => _commands.Reader;

    /// <summary>Shows readers something newer.</summary>
    public void Publish(ServicesSnapshot next)
    {
        _current = next;
        Interlocked.Exchange(ref _published, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    public ValueTask<MarathonReply> SendAsync(MarathonCommand command, CancellationToken cancellationToken)
    {
        var reply = Answer(command);
        _commands.Writer.TryWrite(command);
        return ValueTask.FromResult(reply);
    }

    public async IAsyncEnumerable<ServicesSnapshot> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ServicesSnapshot? last = null;
        while (true)
        {
            var signal = Volatile.Read(ref _published).Task;
            var current = _current;
            if (!ReferenceEquals(current, last))
            {
                last = current;
                yield return current;
                continue;
            }

            await signal.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The next command, waiting for it, which must be of this kind.</summary>
    public async Task<T> NextAsync<T>()
        where T : MarathonCommand => Assert.IsType<T>(await _commands.Reader.ReadAsync(new CancellationTokenSource(Until.Patience).Token));
}
