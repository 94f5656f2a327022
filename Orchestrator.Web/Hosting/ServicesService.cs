using Orchestrator.Core.Contract;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Coordination;
using Orchestrator.Core.Marathon;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Views.Services;
using Orchestrator.Web.Streaming;

namespace Orchestrator.Web.Hosting;

/// <summary>
/// The services engine's loop as a service of the host, with its subscription at the master: restored from the journal,
/// subscribed from the start to the stop.
/// </summary>
public sealed class ServicesService : IHostedService, IDisposable, IFrameworkClient
{
    /// <summary>Events of the master that may wait for the engine; further ones wait in the stream, and calls of users do not wait behind them.</summary>
    public const int MaxWaitingEvents = 8192;

    private static readonly TimeSpan s_overloadPause = TimeSpan.FromMilliseconds(20);
    private readonly EventLoop<MarathonCommand, MarathonReply, MarathonEffects, ServicesSnapshot> _loop;
    private readonly ServicesFramework _framework;
    private readonly FrameworkDriver _driver;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private Task _driving = Task.CompletedTask;
    private bool _isDisposed;

    /// <summary>Takes a restored engine; it runs from <see cref="StartAsync"/>.</summary>
    public ServicesService(
        IEngine<MarathonCommand, MarathonReply, MarathonEffects, ServicesSnapshot> engine, ServicesFramework framework, ISchedulerConnection connection, IJournal journal,
        EventBroadcast events, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<ServicesService> logger)
    {
        _framework = framework;
        _time = time;
        _driver = new FrameworkDriver(connection, this, time, logger);
        _loop = new EventLoop<MarathonCommand, MarathonReply, MarathonEffects, ServicesSnapshot>("services", engine, new MarathonEffects(), journal, new MarathonDispatcher(_driver, events.Publish), time, logger);

        // Memory is ahead of the disk: going on would promise what is not stored.
        _loop.Failed += _ => lifetime.StopApplication();
    }

    /// <summary>What edges see of it.</summary>
    public IEngineGateway<MarathonCommand, MarathonReply, ServicesSnapshot> Gateway => _loop;

    /// <summary>Turns that took too long, for metrics.</summary>
    public long SlowTurns => _loop.SlowTurns;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _loop.Start();
        _driving = Task.Run(() => _driver.RunAsync(_stop.Token), CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _driving.WaitAsync(cancellationToken);
    }

    /// <summary>May be called again: a container disposes of a service once for each way in which it is registered.</summary>
    public void Dispose()
    {
        if (!Interlocked.Exchange(ref _isDisposed, true))
        {
            _stop.Cancel();
            _stop.Dispose();
        }

        _loop.Dispose();
    }

    /// <inheritdoc/>
    public FrameworkInfo Describe() => _framework.Describe(_loop.Current.FrameworkId);

    /// <inheritdoc/>
    public async ValueTask ReceiveAsync(Event received, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                _loop.Post(new MarathonCommand.SchedulerEvent(received), MaxWaitingEvents);
                return;
            }
            catch (EngineOverloadedException)
            {
                // The stream pushes back instead: what waits there is bounded too.
                await Task.Delay(s_overloadPause, _time, cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisconnectedAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await _loop.SendAsync(new MarathonCommand.Disconnected(), cancellationToken);
                return;
            }
            catch (EngineOverloadedException)
            {
                await Task.Delay(s_overloadPause, _time, cancellationToken);
            }
        }
    }
}
