using Google.Protobuf;
using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Coordination;
using Orchestrator.Core.Master;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Runtime.Streams;
using Orchestrator.Core.Views;
using Orchestrator.Web.Api.Operator.Events;

namespace Orchestrator.Web.Hosting;

/// <summary>The master's loop as a service of the host: restored from the journal, running from the start to the stop.</summary>
public sealed class MasterService : IHostedService, IDisposable
{
    private readonly EventLoop<MasterCommand, MasterReply, MasterEffects, ClusterSnapshot> _loop;

    /// <summary>Restores the master; it runs from <see cref="StartAsync"/>.</summary>
    public MasterService(MasterOptions options, IJournal journal, EventStreams<Event> schedulers, EventStreams<AgentEvent> agents, ClusterFeed feed, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<MasterService> logger)
    {
        var engine = Restore(options, journal, time);
        var effects = new MasterEffects();
        _loop = new EventLoop<MasterCommand, MasterReply, MasterEffects, ClusterSnapshot>("master", engine, effects, journal, new MasterDispatcher(schedulers, agents, feed), time, logger);

        feed.Attach(effects, () => _loop.Current.Version);

        // Memory is ahead of the disk: going on would promise what is not stored.
        _loop.Failed += _ => lifetime.StopApplication();
    }

    private static MasterEngine Restore(MasterOptions options, IJournal journal, TimeProvider time)
    {
        try
        {
            return new MasterEngine(options, journal.Load("master"), time.GetUtcNow());
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new JournalException($"The journal {SqliteJournal.FileName} in --work_dir holds a record of the master that cannot be read ({error.Message}): restore the file from a backup, or move it away to start empty; running tasks are then unknown.", error);
        }
    }

    /// <summary>What edges see of it.</summary>
    public IEngineGateway<MasterCommand, MasterReply, ClusterSnapshot> Gateway => _loop;

    /// <summary>Turns that took too long, for metrics.</summary>
    public long SlowTurns => _loop.SlowTurns;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _loop.Start();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _loop.Dispose();
}
