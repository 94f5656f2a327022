using System.Runtime.CompilerServices;
using System.Text;
using Orchestrator.Core.Marathon;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Tests.Support;

/// <summary>Stands where the services engine stands: keeps the commands, answers as the test says, shows what the test sets.</summary>
internal sealed class ScriptedServices(ServicesSnapshot snapshot) : IEngineGateway<MarathonCommand, MarathonReply, ServicesSnapshot>
{
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ServicesSnapshot _current = snapshot;

    /// <summary>What each command is answered with; by default 200.</summary>
    public Func<MarathonCommand, MarathonReply> Answer { get; set; } = _ => new MarathonReply(200, ReadOnlyMemory<byte>.Empty);

    /// <summary>All commands, in order.</summary>
    public List<MarathonCommand> Commands { get; } = [];

    /// <summary>What readers see; a new one is told to those who watch.</summary>
    public ServicesSnapshot Current
    {
        get => _current;
        set
        {
            _current = value with { Version = _current.Version + 1 };
            Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        }
    }

    /// <summary>An answer with a JSON body.</summary>
    public static MarathonReply Reply(int status, string json) => new(status, Encoding.UTF8.GetBytes(json));

    public ValueTask<MarathonReply> SendAsync(MarathonCommand command, CancellationToken cancellationToken)
    {
        Commands.Add(command);
        return ValueTask.FromResult(Answer(command));
    }

    public async IAsyncEnumerable<ServicesSnapshot> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var changed = _changed.Task;
            yield return _current;
            await changed.WaitAsync(cancellationToken);
        }
    }
}
