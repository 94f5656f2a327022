using System.Collections.Concurrent;
using System.Threading.Channels;
using Orchestrator.Core.Marathon;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Web.Hosting.Probing;

/// <summary>
/// Makes the health checks of apps that the host is asked to make (HTTP, HTTPS, TCP), asks new instances whether they are ready
/// while a deployment waits for that, and tells the engine what they found;
/// it judges nothing. One loop and one timer for all of them.
/// </summary>
/// <param name="engine">What runs, and who hears the results.</param>
/// <param name="probe">Makes one check.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
public sealed partial class HealthProber(IEngineGateway<MarathonCommand, MarathonReply, ServicesSnapshot> engine, IProbe probe, TimeProvider time, ILogger<HealthProber> logger) : BackgroundService
{
    /// <summary>Most checks under way at once. Source: Marathon's max_concurrent_marathon_health_checks.</summary>
    public const int MaxUnderWay = 256;

    /// <summary>Snapshots are followed at most this often, however fast they come.</summary>
    public static readonly TimeSpan UpdateInterval = TimeSpan.FromMilliseconds(100);

    private readonly ProbeSchedule _schedule = new(Random.Shared.NextDouble);
    private readonly ConcurrentQueue<Probe> _done = new();

    // One wish to look again is as good as many.
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private ServicesSnapshot? _newest;
    private int _underWay;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var timer = time.CreateTimer(_ => _wake.Writer.TryWrite(true), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var watching = WatchAsync(stoppingToken);
        try
        {
            await LoopAsync(timer, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }

        await watching;
    }

    private async Task LoopAsync(ITimer timer, CancellationToken cancellationToken)
    {
        ServicesSnapshot? followed = null;
        var mayFollow = DateTimeOffset.MinValue;
        while (true)
        {
            var now = time.GetUtcNow();
            while (_done.TryDequeue(out var made))
            {
                _underWay--;
                _schedule.Done(made, now);
            }

            var newest = Volatile.Read(ref _newest);
            if (newest is not null && !ReferenceEquals(newest, followed) && now >= mayFollow)
            {
                (followed, mayFollow) = (newest, now + UpdateInterval);
                _schedule.Update(newest, now);
            }

            while (_underWay < MaxUnderWay && _schedule.Take(now) is { } due)
            {
                _underWay++;
                _ = AskAsync(due, cancellationToken);
            }

            // With all hands busy the end of a check wakes; what is due then has waited.
            var next = _underWay < MaxUnderWay ? _schedule.NextDue : null;
            if (!ReferenceEquals(newest, followed))
            {
                next = next < mayFollow ? next : mayFollow;
            }

            var wait = next is { } at ? (at > now ? at - now : TimeSpan.Zero) : Timeout.InfiniteTimeSpan;
            timer.Change(wait, Timeout.InfiniteTimeSpan);
            await _wake.Reader.ReadAsync(cancellationToken);
        }
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var snapshot in engine.WatchAsync(cancellationToken))
            {
                Volatile.Write(ref _newest, snapshot);
                _wake.Writer.TryWrite(true);
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private async Task AskAsync(Probe due, CancellationToken cancellationToken)
    {
        // The loop goes on at once, also when the probe answers without waiting.
        await Task.Yield();
        try
        {
            var result = await probe.AskAsync(due.Target, cancellationToken);
            if (!due.IsGone && CommandOf(due.Target, result) is { } command)
            {
                await engine.SendAsync(command, cancellationToken);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or EngineStoppedException)
        {
            return;
        }
        catch (EngineOverloadedException)
        {
            // The next check says it again.
            LogDropped(due.Target.TaskId);
        }
        catch (Exception error)
        {
            LogFailed(due.Target.TaskId, error);
        }

        _done.Enqueue(due);
        _wake.Writer.TryWrite(true);
    }

    private static MarathonCommand? CommandOf(ProbeTarget target, ProbeResult result)
    {
        if (target.Readiness is not null)
        {
            return new MarathonCommand.ReadinessChecked(target.TaskId, target.CheckIndex, result.Response ?? new ReadinessResponse(StatusCodes.Status504GatewayTimeout, "text/plain", result.Cause ?? ""));
        }

        return result.Alive is null ? null : new MarathonCommand.HealthChecked(target.TaskId, target.CheckIndex, result.Alive, result.Cause);
    }

    [LoggerMessage(LogLevel.Warning, "The services engine has too much to do to hear of the health of {TaskId}; the next check says it again.")]
    private partial void LogDropped(string taskId);

    [LoggerMessage(LogLevel.Error, "The health check of {TaskId} could not be made.")]
    private partial void LogFailed(string taskId, Exception error);
}
