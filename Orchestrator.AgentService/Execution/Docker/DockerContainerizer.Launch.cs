using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchestrator.AgentService.Execution.Docker;

/// <content>Images, creating and starting.</content>
internal sealed partial class DockerContainerizer
{
    /// <summary>Attempts to start when the daemon goes away on the way.</summary>
    private const int MaxStartAttempts = 3;

    private static readonly TimeSpan s_startPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_daemonPatience = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public async Task<RunningContainer> LaunchAsync(ContainerPlan plan, CancellationToken cancellationToken)
    {
        var body = _requests.Build(plan);
        var name = NameOf(plan);
        _own[plan.ContainerId] = 0;
        try
        {
            if (plan.Task.Container.Docker.ForcePullImage)
            {
                await PullAsync(plan, cancellationToken);
            }

            await StartAsync(plan, body, cancellationToken);
            var tracked = new Inspection(await InspectStartedAsync(name));
            Track(plan, tracked);
            return tracked.ToRunning();
        }
        catch (Exception e)
        {
            _watch.Forget(name);
            _own.TryRemove(plan.ContainerId, out _);
            if (!_stop.IsCancellationRequested)
            {
                await AbandonAsync(name);
            }

            throw e switch
            {
                DockerException refused => new ContainerLaunchException(Explain(refused)),
                DockerUnavailableException => new ContainerLaunchException($"Failed to launch container: {e.Message}"),
                _ => e,
            };
        }
    }

    /// <summary>
    /// Creates and starts. Neither call is given up half-way, since the daemon would go on with it; a kill that comes
    /// meanwhile takes effect after the call.
    /// </summary>
    private async Task StartAsync(ContainerPlan plan, JsonObject body, CancellationToken cancellationToken)
    {
        var pulled = false;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (await TryStartAsync(NameOf(plan), body, cancellationToken))
                {
                    return;
                }

                if (pulled)
                {
                    throw new DockerException(404, $"image {plan.Task.Container.Docker.Image} was pulled but is gone again");
                }

                await PullAsync(plan, cancellationToken);
                pulled = true;
            }
            catch (DockerUnavailableException) when (attempt < MaxStartAttempts)
            {
                await Task.Delay(s_startPause, _time, cancellationToken);
                await _watch.WhenConnectedAsync(cancellationToken).WaitAsync(s_daemonPatience, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>False when the image is not there.</summary>
    private async Task<bool> TryStartAsync(string name, JsonObject body, CancellationToken cancellationToken)
    {
        await _starts.WaitAsync(cancellationToken);
        try
        {
            try
            {
                await _engine.CreateAsync(name, body, _stop.Token);
            }
            catch (DockerException e) when (e.IsNotFound && e.Message.Contains("No such image", StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
            catch (DockerException e) when (e.Status == 409 && e.Message.Contains("already in use", StringComparison.OrdinalIgnoreCase))
            {
                // The name is unique: the daemon went away before it could say that it made it.
            }

            cancellationToken.ThrowIfCancellationRequested();
            _ = _watch.Expect(name);
            await _engine.StartAsync(name, _stop.Token);
            cancellationToken.ThrowIfCancellationRequested();
            return true;
        }
        finally
        {
            _starts.Release();
        }
    }

    /// <summary>A container that runs is not given up because the daemon goes away just now.</summary>
    private async Task<JsonElement> InspectStartedAsync(string name)
    {
        while (true)
        {
            try
            {
                return await _engine.InspectAsync(name, _stop.Token) ?? throw new DockerException(404, "the container was removed by somebody else right after its start");
            }
            catch (DockerUnavailableException)
            {
                await Task.Delay(s_startPause, _time, _stop.Token);
                await _watch.WhenConnectedAsync(_stop.Token);
            }
        }
    }

    private async Task PullAsync(ContainerPlan plan, CancellationToken cancellationToken)
    {
        var image = ImageName.Parse(plan.Task.Container.Docker.Image);
        var own = RegistryCredentials.OfFolder(plan.SandboxDirectory);
        try
        {
            await _puller.PullAsync(image, own?.HeaderFor(image.Registry) ?? _options.Credentials.HeaderFor(image.Registry), cancellationToken);
        }
        catch (DockerException e)
        {
            throw new ContainerLaunchException(
                $"Failed to launch container: Failed to run 'docker -H unix://{_options.Socket} pull {plan.Task.Container.Docker.Image}': exited with status 1; "
                + $"stderr='Error response from daemon: {e.Message}\n'. Check the image's name and tag at {image.Registry}, whether this machine reaches it, and the account for it (--docker_config)");
        }
    }

    /// <summary>Follows a container that was started or found.</summary>
    private void Track(ContainerPlan plan, Inspection container)
    {
        var name = NameOf(plan);
        var exited = container.IsRunning ? _watch.Expect(name) : Task.CompletedTask;
        var logs = Task.Run(() => _logs.FollowAsync(name, container.HasTerminal, plan.SandboxDirectory, _options.LogRecord(plan.ContainerId), exited, _stop.Token));
        var groups = container.Pid is { } pid ? ContainerGroups.Of(pid, container.Id, _options.Cgroups) : null;
        _containers[plan.ContainerId] = new Tracked(name, container.Id, exited, logs, groups);
    }

    /// <summary>Nothing of a failed launch is left. When the daemon is away that takes until it is back.</summary>
    private async Task AbandonAsync(string name)
    {
        try
        {
            await _engine.RemoveAsync(name, _stop.Token);
        }
        catch (DockerUnavailableException)
        {
            _removals.Add(name, _time.GetUtcNow());
        }
        catch (Exception e) when (e is DockerException or OperationCanceledException)
        {
            LogLeft(_logger, name, e.Message);
        }
    }

    /// <summary>A program that is not in the image ends as the shell would have it: 127, or 126 when it may not be run.</summary>
    private static string Explain(DockerException e)
    {
        var isRuntime = e.Message.Contains("OCI runtime", StringComparison.OrdinalIgnoreCase) || e.Message.Contains("runc", StringComparison.OrdinalIgnoreCase);
        return isRuntime && e.Message.Contains("permission denied", StringComparison.OrdinalIgnoreCase) ? $"Container exited with status 126: {e.Message}"
            : isRuntime && (e.Message.Contains("executable file not found", StringComparison.OrdinalIgnoreCase) || e.Message.Contains("no such file or directory", StringComparison.OrdinalIgnoreCase)) ? $"Container exited with status 127: {e.Message}"
            : $"Failed to launch container: {e.Message}";
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Container {Name} of a failed launch cannot be removed: {Reason}")]
    private static partial void LogLeft(ILogger logger, string name, string reason);
}
