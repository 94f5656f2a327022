using System.Collections.Concurrent;

namespace Orchestrator.AgentService.Execution.Docker;

/// <summary>
/// Pulls images: tasks that want the same one with the same account share a pull, which goes on while anybody waits for it.
/// What may pass by itself is tried again a few times.
/// </summary>
/// <param name="engine">The daemon.</param>
/// <param name="time">The clock of the pauses.</param>
/// <param name="logger">The log.</param>
internal sealed partial class ImagePuller(IDockerEngine engine, TimeProvider time, ILogger logger)
{
    /// <summary>Attempts in all.</summary>
    internal const int MaxAttempts = 4;

    private static readonly TimeSpan s_firstPause = TimeSpan.FromSeconds(1);

    /// <summary>What registries and networks say that another attempt cannot change.</summary>
    private static readonly string[] s_final =
    [
        "not found", "manifest unknown", "unauthorized", "denied", "no basic auth credentials", "authentication required", "invalid reference", "does not exist",
        "no matching manifest", "unsupported", "server gave HTTP response to HTTPS client", "certificate", "no such host", "no space left",
    ];

    private readonly ConcurrentDictionary<(string Image, string? Auth), SharedPull> _pulls = new();

    /// <summary>One pull and those who wait for it.</summary>
    private sealed class SharedPull
    {
        internal Lazy<Task> Work { get; set; } = null!;

        internal CancellationTokenSource Stop { get; } = new();

        /// <summary>Below zero: closed, a new one is needed.</summary>
        internal int Waiters { get; set; }
    }

    /// <summary>Pulls; returns once the image is there.</summary>
    /// <exception cref="DockerException">The registry or the daemon refuses, for good or again and again.</exception>
    /// <exception cref="DockerUnavailableException">No daemon answers.</exception>
    internal async Task PullAsync(ImageName image, string? registryAuth, CancellationToken cancellationToken)
    {
        var pull = Join(image, registryAuth);
        try
        {
            await pull.Work.Value.WaitAsync(cancellationToken);
        }
        finally
        {
            Leave((image.Repository + ":" + image.Tag, registryAuth), pull);
        }
    }

    /// <summary>Whether another attempt may go better.</summary>
    internal static bool IsTransient(string message) => !s_final.Any(text => message.Contains(text, StringComparison.OrdinalIgnoreCase));

    private SharedPull Join(ImageName image, string? registryAuth)
    {
        var key = (image.Repository + ":" + image.Tag, registryAuth);
        while (true)
        {
            var pull = _pulls.GetOrAdd(key, _ =>
            {
                var created = new SharedPull();
                created.Work = new Lazy<Task>(() => RetryAsync(image, registryAuth, created.Stop.Token));
                return created;
            });
            lock (pull)
            {
                if (pull.Waiters >= 0)
                {
                    pull.Waiters++;
                    return pull;
                }
            }
        }
    }

    private void Leave((string Image, string? Auth) key, SharedPull pull)
    {
        lock (pull)
        {
            // A finished pull is closed by the first who leaves, so that the next forced pull is a new one.
            if (--pull.Waiters > 0 && !pull.Work.Value.IsCompleted)
            {
                return;
            }

            pull.Waiters = int.MinValue / 2;
            _pulls.TryRemove(new KeyValuePair<(string, string?), SharedPull>(key, pull));
            pull.Stop.Cancel();
        }
    }

    private async Task RetryAsync(ImageName image, string? registryAuth, CancellationToken cancellationToken)
    {
        var pause = s_firstPause;
        for (var attempt = 1; ; attempt++, pause *= 2)
        {
            try
            {
                await engine.PullAsync(image.Repository, image.Tag, registryAuth, cancellationToken);
                LogPulled(logger, image.Repository, image.Tag);
                return;
            }
            catch (DockerException e) when (attempt < MaxAttempts && IsTransient(e.Message))
            {
                LogAgain(logger, image.Repository, image.Tag, attempt, MaxAttempts, e.Message);
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Pulled {Repository}:{Tag}")]
    private static partial void LogPulled(ILogger logger, string repository, string tag);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Pulling {Repository}:{Tag} failed ({Attempt} of {Attempts}) and is tried again: {Reason}")]
    private static partial void LogAgain(ILogger logger, string repository, string tag, int attempt, int attempts, string reason);
}
