using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Orchestrator.AgentService.Execution.Nested;
using Orchestrator.AgentService.Isolation;
using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.AgentService.Execution.Docker;

/// <summary>
/// Runs tasks with a Docker image over the Engine API. The daemon holds the containers, so they outlive the agent; a daemon
/// that is away for a while is waited for.
/// </summary>
/// <remarks>Parts: Launch (images, creating and starting), Recovery (finding, orphans).</remarks>
internal sealed partial class DockerContainerizer : IContainerizer, IAsyncDisposable
{
    /// <summary>What a container's output may take to be written after its end.</summary>
    private static readonly TimeSpan s_logPatience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan s_maxTimer = TimeSpan.FromDays(40);

    private readonly IDockerEngine _engine;
    private readonly DockerOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ContainerRequest _requests;
    private readonly ImagePuller _puller;
    private readonly ExitWatch _watch;
    private readonly RemovalQueue _removals;
    private readonly LogFollower _logs;
    private readonly SemaphoreSlim _starts;
    private readonly ConcurrentDictionary<string, Tracked> _containers = new();

    /// <summary>Ids of containers that this run launches or looks for, or did: no orphans.</summary>
    private readonly ConcurrentDictionary<string, byte> _own = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _work;

    /// <summary>Begins to watch the daemon; nothing else happens before the first call.</summary>
    internal DockerContainerizer(IDockerEngine engine, DockerOptions options, long machineBytes, TimeProvider time, ILoggerFactory logging)
    {
        _engine = engine;
        _options = options;
        _time = time;
        _logger = logging.CreateLogger<DockerContainerizer>();
        _requests = new ContainerRequest(options, new HostPaths(options.Policy, [options.Socket, options.WorkDirectory]), machineBytes);
        _puller = new ImagePuller(engine, time, logging.CreateLogger<ImagePuller>());
        _watch = new ExitWatch(engine, options.Label, time, logging.CreateLogger<ExitWatch>());
        _removals = new RemovalQueue(engine, _watch, time, logging.CreateLogger<RemovalQueue>());
        _logs = new LogFollower(engine, options.Logs, time, logging.CreateLogger<LogFollower>());
        _starts = new SemaphoreSlim(options.MaxConcurrentStarts);
        _work = Task.WhenAll(Task.Run(() => _watch.RunAsync(_stop.Token)), Task.Run(() => _removals.RunAsync(_stop.Token)));
    }

    /// <summary>A container that was started or found.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Id">The daemon's id.</param>
    /// <param name="Exited">Completes at its end.</param>
    /// <param name="Logs">Completes when its output is written.</param>
    /// <param name="Groups">Where the kernel counts what it uses; null where that cannot be seen.</param>
    private sealed record Tracked(string Name, string Id, Task Exited, Task Logs, ContainerGroups? Groups);

    /// <inheritdoc/>
    public string Name => "docker";

    /// <inheritdoc/>
    public bool Accepts(TaskInfo task) => task.Container is { HasType: true, Type: ContainerInfo.Types.Type.Docker };

    /// <inheritdoc/>
    public async Task<ContainerExit> WaitAsync(ContainerPlan plan, CancellationToken cancellationToken)
    {
        var name = NameOf(plan);
        if (_containers.TryGetValue(plan.ContainerId, out var tracked))
        {
            await tracked.Exited.WaitAsync(cancellationToken);
        }

        var found = await _engine.InspectAsync(name, cancellationToken);
        if (found is { } json && new Inspection(json).IsRunning)
        {
            // It is just ending, or was started again by somebody else.
            await _engine.WaitAsync(name, cancellationToken);
            found = await _engine.InspectAsync(name, cancellationToken);
        }

        if (tracked is not null)
        {
            await Task.WhenAny(tracked.Logs, Task.Delay(s_logPatience, _time, cancellationToken));
        }

        return found is { } ended
            ? new Inspection(ended).ToExit()
            : new ContainerExit(null, false, "The container was removed by somebody else; how it ended is not known");
    }

    /// <inheritdoc/>
    public async Task StopAsync(ContainerPlan plan, TimeSpan gracePeriod, CancellationToken cancellationToken)
    {
        var name = NameOf(plan);
        var seconds = (int)Math.Ceiling(Math.Clamp(gracePeriod.TotalSeconds, 0, int.MaxValue / 2));
        var stopped = _engine.StopAsync(name, seconds, cancellationToken);
        if (gracePeriod.TotalSeconds < seconds)
        {
            // The daemon counts whole seconds.
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(stopped, Task.Delay(Timer(gracePeriod), _time, either.Token));
            await either.CancelAsync();
            if (!stopped.IsCompleted)
            {
                await _engine.KillAsync(name, cancellationToken);
            }
        }

        await stopped;
    }

    /// <inheritdoc/>
    public async Task<int> ExecuteAsync(ContainerPlan plan, CommandInfo command, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var body = Execution(command.Shell ? ["sh", "-c", command.Value] : command.HasValue ? command.Arguments.Prepend(command.Value) : command.Arguments, command);
        string? execution = null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Timer(timeout));
        try
        {
            return await _engine.ExecuteAsync(NameOf(plan), body, id => execution = id, limit.Token);
        }
        catch (OperationCanceledException)
        {
            if (execution is not null && _containers.TryGetValue(plan.ContainerId, out var tracked))
            {
                await EndExecutionAsync(execution, tracked.Id);
            }

            cancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException($"The command took longer than {timeout.TotalSeconds:0.###} s");
        }
    }

    /// <inheritdoc/>
    public async Task<IInsideProcess> OpenAsync(ContainerPlan plan, InsideCommand inside, CancellationToken cancellationToken)
    {
        if (!_containers.TryGetValue(plan.ContainerId, out var tracked))
        {
            throw new InvalidOperationException("The container does not run");
        }

        // The first argument is the name by which the program is called, as in exec(2); Docker calls it by its path.
        var command = inside.Command;
        var body = Execution(command.Shell ? ["sh", "-c", command.Value] : command.HasValue ? command.Arguments.Skip(1).Prepend(command.Value) : command.Arguments, command);
        body["AttachStdin"] = true;
        body["Tty"] = inside.Terminal is not null;
        if (command.HasUser)
        {
            body["User"] = command.User;
        }

        var session = await _engine.OpenExecutionAsync(NameOf(plan), body, cancellationToken);
        var process = new DockerInsideProcess(_engine, session, tracked.Id);
        if (inside.Terminal?.WindowSize is { } size)
        {
            await process.ResizeAsync(size.Rows, size.Columns, cancellationToken);
        }

        return process;
    }

    /// <inheritdoc/>
    public async Task<ResourceStatistics?> MeasureAsync(ContainerPlan plan, CancellationToken cancellationToken)
    {
        var statistics = _containers.TryGetValue(plan.ContainerId, out var tracked) && tracked.Groups is { } groups
            ? groups.Measure(_time.GetUtcNow())
            : await _engine.StatisticsAsync(NameOf(plan), cancellationToken) is { } answer ? ContainerUsage.Read(answer, _time.GetUtcNow()) : null;
        if (statistics is null)
        {
            return null;
        }

        var limits = ContainerLimits.Of(plan.Task, _options.EnforceCpus, 0);
        statistics.CpusSoftLimit = limits.CpuShares / 1024.0;
        if (limits.CpuLimit is { } cpus)
        {
            statistics.CpusLimit = cpus;
        }

        if (limits.MemoryHardBytes is { } bytes)
        {
            statistics.MemLimitBytes = (ulong)bytes;
        }

        return statistics;
    }

    /// <inheritdoc/>
    public Task ResizeAsync(ContainerPlan plan, CancellationToken cancellationToken) => _engine.UpdateAsync(NameOf(plan), _requests.Limits(plan.Task), cancellationToken);

    /// <inheritdoc/>
    public async Task RemoveAsync(ContainerPlan plan, CancellationToken cancellationToken)
    {
        var name = NameOf(plan);
        _containers.TryRemove(plan.ContainerId, out var tracked);
        _watch.Forget(name);
        if (tracked is null || tracked.Logs.IsCompleted)
        {
            ForgetLog(plan.ContainerId);
        }
        else
        {
            _ = tracked.Logs.ContinueWith(_ => ForgetLog(plan.ContainerId), TaskScheduler.Default);
        }

        _own.TryRemove(plan.ContainerId, out _);
        if (_options.RemoveDelay > TimeSpan.Zero)
        {
            _removals.Add(name, _time.GetUtcNow() + _options.RemoveDelay);
            return;
        }

        await _removals.RemoveAsync(name, cancellationToken);
    }

    /// <summary>Lets go of everything; containers run on.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_containers.Values.Select(container => container.Logs)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _engine.Dispose();
        _starts.Dispose();
        _stop.Dispose();
    }

    /// <summary>Clients know containers by this name.</summary>
    private static string NameOf(ContainerPlan plan) => "mesos-" + plan.ContainerId;

    /// <summary>Timers take no more than some weeks.</summary>
    private static TimeSpan Timer(TimeSpan span) => span < s_maxTimer ? span : s_maxTimer;

    private void ForgetLog(string containerId)
    {
        var record = _options.LogRecord(containerId);
        if (File.Exists(record))
        {
            File.Delete(record);
        }
    }

    /// <summary>The body of <c>POST /containers/NAME/exec</c>.</summary>
    private static JsonObject Execution(IEnumerable<string> words, CommandInfo command)
    {
        var body = new JsonObject { ["AttachStdout"] = true, ["AttachStderr"] = true, ["Cmd"] = new JsonArray([.. words.Select(word => JsonValue.Create(word))]) };
        foreach (var variable in command.Environment?.Variables ?? [])
        {
            RunOptions.List(body, "Env").Add($"{variable.Name}={variable.Value}");
        }

        return body;
    }

    private async Task EndExecutionAsync(string execution, string containerId)
    {
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            patience.CancelAfter(s_logPatience);
            if (await _engine.ExecutionPidAsync(execution, patience.Token) is { } pid)
            {
                ProcessTree.Kill(pid, containerId);
            }
        }
        catch (Exception e) when (e is DockerException or DockerUnavailableException or OperationCanceledException)
        {
            // It ends with the container.
        }
    }
}
