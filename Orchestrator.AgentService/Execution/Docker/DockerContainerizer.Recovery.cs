namespace Orchestrator.AgentService.Execution.Docker;

/// <content>What an earlier run of the agent left.</content>
internal sealed partial class DockerContainerizer
{
    /// <inheritdoc/>
    public async Task<RunningContainer?> RecoverAsync(ContainerPlan plan, CancellationToken cancellationToken)
    {
        var name = NameOf(plan);
        _own[plan.ContainerId] = 0;
        // Before the look, so that an end in between is not missed.
        _ = _watch.Expect(name);
        var found = await _engine.InspectAsync(name, cancellationToken) is { } json ? new Inspection(json) : null;
        if (found is null || found.IsOnlyCreated)
        {
            _watch.Forget(name);
            ForgetLog(plan.ContainerId);
            if (found is not null)
            {
                await _engine.RemoveAsync(name, cancellationToken);
            }

            return null;
        }

        Track(plan, found);
        return found.ToRunning();
    }

    /// <inheritdoc/>
    public async Task RemoveOrphansAsync(IReadOnlySet<string> known, CancellationToken cancellationToken)
    {
        if (!_options.KillOrphans)
        {
            return;
        }

        await _watch.WhenConnectedAsync(cancellationToken);
        foreach (var container in (await _engine.ListAsync(_options.Label, cancellationToken)).EnumerateArray())
        {
            var name = container.GetProperty("Names").EnumerateArray().Select(entry => entry.GetString()!.TrimStart('/')).FirstOrDefault(entry => entry.StartsWith("mesos-", StringComparison.Ordinal));
            if (name is not null && !IsKnown(name["mesos-".Length..]))
            {
                await RemoveOrphanAsync(name, cancellationToken);
            }
        }

        var records = Path.GetDirectoryName(_options.LogRecord("x"))!;
        foreach (var record in Directory.Exists(records) ? Directory.GetFiles(records) : [])
        {
            if (!IsKnown(Path.GetFileName(record).Split('.')[0]))
            {
                File.Delete(record);
            }
        }

        // A task that came meanwhile is not among the known ones.
        bool IsKnown(string containerId) => known.Contains(containerId) || _own.ContainsKey(containerId);
    }

    private async Task RemoveOrphanAsync(string name, CancellationToken cancellationToken)
    {
        if (await _engine.InspectAsync(name, cancellationToken) is not { } json)
        {
            return;
        }

        var orphan = new Inspection(json);
        if (!orphan.IsRunning)
        {
            // It was kept for a look at it.
            _removals.Add(name, orphan.FinishedAt is { } ended ? ended + _options.RemoveDelay : _time.GetUtcNow());
            return;
        }

        LogOrphan(_logger, name);
        await _engine.StopAsync(name, (int)_options.StopTimeout.TotalSeconds, cancellationToken);
        await _engine.RemoveAsync(name, cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Container {Name} belongs to no task of this agent; it is stopped and removed (--no-docker_kill_orphans leaves such containers)")]
    private static partial void LogOrphan(ILogger logger, string name);
}
