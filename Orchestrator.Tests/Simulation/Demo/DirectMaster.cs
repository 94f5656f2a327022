using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Master;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Runtime.Streams;
using Orchestrator.Core.Views;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Simulation.Demo;

/// <summary>A master whose turns run in the caller's thread, so that a whole demo cluster is one thread.</summary>
internal sealed class DirectMaster : IEngineGateway<MasterCommand, MasterReply, ClusterSnapshot>
{
    private readonly MasterEngine _engine;
    private readonly MasterEffects _effects = new();
    private readonly MasterDispatcher _dispatcher;
    private readonly ManualTimeProvider _time;

    public DirectMaster(ManualTimeProvider time)
    {
        _time = time;
        _engine = new MasterEngine(new MasterOptions { Id = "demo", Hostname = "master", Ip = "127.0.0.1", Port = 5050, Seed = 1 }, [], time.GetUtcNow());
        _dispatcher = new MasterDispatcher(Schedulers, Agents);
    }

    public EventStreams<Event> Schedulers { get; } = new(MasterDispatcher.MaxSchedulerEvents);

    public EventStreams<AgentEvent> Agents { get; } = new(MasterDispatcher.MaxAgentEvents);

    public ClusterSnapshot Current => _engine.Publish(_time.GetUtcNow());

    /// <summary>Refuses commands, as a loop whose queue is full.</summary>
    public bool IsOverloaded { get; set; }

    public ValueTask<MasterReply> SendAsync(MasterCommand command, CancellationToken cancellationToken)
    {
        if (IsOverloaded)
        {
            throw new EngineOverloadedException();
        }

        _effects.Clear();
        var reply = _engine.Apply(command, _time.GetUtcNow(), _effects);
        _engine.Advance(_time.GetUtcNow(), _effects);
        _dispatcher.Dispatch(_effects);
        return new ValueTask<MasterReply>(reply);
    }

    /// <summary>What the loop does when something is due though no command came.</summary>
    public void Advance()
    {
        _effects.Clear();
        _engine.Advance(_time.GetUtcNow(), _effects);
        _dispatcher.Dispatch(_effects);
    }

    public IAsyncEnumerable<ClusterSnapshot> WatchAsync(CancellationToken cancellationToken) => throw new NotSupportedException("Tests read Current.");
}
