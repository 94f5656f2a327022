using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;

namespace Orchestrator.AgentService.Execution.Docker;

/// <summary>
/// Learns of the ends of this agent's containers from one stream of events. While the daemon is away it waits; once it is
/// back the containers are looked at, so that no end is missed.
/// </summary>
/// <param name="engine">The daemon.</param>
/// <param name="label">The label of this agent's containers, <c>name=value</c>.</param>
/// <param name="time">The clock of the pauses.</param>
/// <param name="logger">The log.</param>
internal sealed partial class ExitWatch(IDockerEngine engine, string label, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_maxPause = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = new();
    private TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Begins to watch for the end of a container that exists; completes once it has ended or is gone.</summary>
    internal Task Expect(string name) => _waiting.GetOrAdd(name, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Watches for it no longer.</summary>
    internal void Forget(string name) => _waiting.TryRemove(name, out _);

    /// <summary>Completes while a daemon answers.</summary>
    internal Task WhenConnectedAsync(CancellationToken cancellationToken) => Volatile.Read(ref _connected).Task.WaitAsync(cancellationToken);

    /// <summary>Watches until cancelled.</summary>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        var wasAway = false;
        for (var pause = s_firstPause; !cancellationToken.IsCancellationRequested; pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, s_maxPause.Ticks)))
        {
            string reason;
            try
            {
                await using var stream = await engine.FollowEndsAsync(label, cancellationToken);
                await LookAsync(cancellationToken);
                if (wasAway)
                {
                    LogBack(logger);
                }

                wasAway = false;
                pause = s_firstPause;
                Volatile.Read(ref _connected).TrySetResult();
                await ReadAsync(stream, cancellationToken);
                reason = "its stream of events ended";
            }
            catch (Exception e)
            {
                reason = e.Message;
            }

            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            if (Volatile.Read(ref _connected).Task.IsCompleted)
            {
                Volatile.Write(ref _connected, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            }

            if (!wasAway && pause > s_firstPause)
            {
                // Said once, and not when the daemon was back at once.
                wasAway = true;
                LogAway(logger, reason);
            }

            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>What ended while nobody listened.</summary>
    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var expected = _waiting.Keys.ToArray();
        if (expected.Length == 0)
        {
            return;
        }

        var alive = new HashSet<string>(StringComparer.Ordinal);
        foreach (var container in (await engine.ListAsync(label, cancellationToken)).EnumerateArray())
        {
            if (container.GetProperty("State").GetString() is "running" or "paused" or "restarting" or "created" or "removing")
            {
                alive.UnionWith(container.GetProperty("Names").EnumerateArray().Select(name => name.GetString()!.TrimStart('/')));
            }
        }

        foreach (var name in expected.Where(name => !alive.Contains(name)))
        {
            Ended(name);
        }
    }

    /// <summary>Lines <c>{"Type":"container","Action":"die","Actor":{"Attributes":{"name":"mesos-…"}}}</c>.</summary>
    private async Task ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Length == 0)
            {
                continue;
            }

            using var document = JsonDocument.Parse(line);
            if (document.RootElement.TryGetProperty("Actor", out var actor) && actor.TryGetProperty("Attributes", out var attributes) && attributes.TryGetProperty("name", out var name))
            {
                Ended(name.GetString()!);
            }
        }
    }

    private void Ended(string name)
    {
        if (_waiting.TryGetValue(name, out var waiting))
        {
            waiting.TrySetResult();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Docker is away: {Reason}. Docker tasks that come now fail, those that run go on; the agent keeps trying")]
    private static partial void LogAway(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Docker is back")]
    private static partial void LogBack(ILogger logger);
}
