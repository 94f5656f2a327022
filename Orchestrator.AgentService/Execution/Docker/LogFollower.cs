namespace Orchestrator.AgentService.Execution.Docker;

/// <summary>Follows the output of one container into its sandbox until the container has ended and everything is written.</summary>
/// <param name="engine">The daemon.</param>
/// <param name="options">How large files become.</param>
/// <param name="time">The clock of the pauses.</param>
/// <param name="logger">The log.</param>
internal sealed partial class LogFollower(IDockerEngine engine, LogOptions options, TimeProvider time, ILogger logger)
{
    private const int ReadBytes = 16 * 1024;
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_maxPause = TimeSpan.FromSeconds(5);

    /// <summary>Follows.</summary>
    /// <param name="name">The container.</param>
    /// <param name="terminal">Whether it has a terminal, and so one stream without frames.</param>
    /// <param name="sandbox">Where the files are.</param>
    /// <param name="record">Where progress is remembered.</param>
    /// <param name="exited">Completes when the container has ended.</param>
    /// <param name="cancellationToken">Lets go; the next run of the agent goes on.</param>
    internal async Task FollowAsync(string name, bool terminal, string sandbox, string record, Task exited, CancellationToken cancellationToken)
    {
        for (var pause = s_firstPause; ; pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, s_maxPause.Ticks)))
        {
            // What is read after the end is complete.
            var wasOver = exited.IsCompleted;
            var began = time.GetTimestamp();
            try
            {
                if (await ReadAsync(name, terminal, sandbox, record, cancellationToken) || time.GetElapsedTime(began) > s_maxPause)
                {
                    pause = s_firstPause;
                }

                if (wasOver)
                {
                    return;
                }
            }
            catch (DockerException e) when (e.IsNotFound || e.Message.Contains("dead or marked for removal", StringComparison.Ordinal))
            {
                return;
            }
            catch (DockerException e) when (e.Message.Contains("does not support reading", StringComparison.Ordinal))
            {
                LogUnreadable(logger, name, e.Message);
                return;
            }
            catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                if (wasOver && pause >= s_maxPause)
                {
                    LogGivenUp(logger, name, e.Message);
                    return;
                }

                if (!exited.IsCompleted || wasOver)
                {
                    LogBroken(logger, name, e.Message);
                }
            }

            await PauseAsync(pause, exited, cancellationToken);
        }
    }

    /// <summary>Reads until the stream ends; whether anything came.</summary>
    private async Task<bool> ReadAsync(string name, bool terminal, string sandbox, string record, CancellationToken cancellationToken)
    {
        using var writer = LogWriter.Open(sandbox, record, options);
        await using var stream = await engine.FollowLogsAsync(name, terminal ? null : writer.Since, !terminal, cancellationToken);
        var frames = new LogFrames();
        var buffer = new byte[ReadBytes];
        var any = false;
        writer.BeginReading();
        while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            any = true;
            if (terminal)
            {
                writer.WriteRaw(buffer.AsSpan(0, read));
            }
            else
            {
                frames.Append(buffer.AsSpan(0, read));
                while (frames.TryRead(out var frame))
                {
                    writer.Write(frame);
                }
            }

            writer.Flush();
        }

        return any;
    }

    /// <summary>A stream that ended because the container did is read once more at once; one that broke off after a while.</summary>
    private async Task PauseAsync(TimeSpan pause, Task exited, CancellationToken cancellationToken)
    {
        if (exited.IsCompleted && pause == s_firstPause)
        {
            return;
        }

        if (exited.IsCompleted)
        {
            await Task.Delay(pause, time, cancellationToken);
            return;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(Task.Delay(pause, time, either.Token), exited);
        await either.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The output of container {Name} cannot be copied into its sandbox: {Reason}. It is where its log driver puts it")]
    private static partial void LogUnreadable(ILogger logger, string name, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The last output of container {Name} could not be copied into its sandbox: {Reason}")]
    private static partial void LogGivenUp(ILogger logger, string name, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Following the output of container {Name} broke off and is taken up again: {Reason}")]
    private static partial void LogBroken(ILogger logger, string name, string reason);
}
