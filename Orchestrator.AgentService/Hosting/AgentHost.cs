using Orchestrator.Core.Runtime.Flags;
using System.Net;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Orchestrator.AgentService.Api;
using Orchestrator.AgentService.Execution;
using Orchestrator.AgentService.Execution.Nested;
using Orchestrator.AgentService.Health;
using Orchestrator.AgentService.Link;
using Orchestrator.AgentService.Sandbox;
using Orchestrator.Core.Agent;
using Orchestrator.Core.Contract.ExecutorApi;
using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;
using Orchestrator.Core.Runtime.Streams;

namespace Orchestrator.AgentService.Hosting;

/// <summary>
/// One agent: its server, its engine, its link and its containers. Stopped, it leaves tasks running for the next start,
/// unless <c>--shutdown_tasks_on_exit</c> is given or the master shut it down.
/// </summary>
public sealed partial class AgentHost : IAsyncDisposable
{
    /// <summary>The version of Mesos whose interfaces are spoken; clients parse three numbers.</summary>
    public const string MesosVersion = "1.11.0";

    /// <summary>Events that may wait for an executor; one that falls further behind loses its stream and subscribes again.</summary>
    private const int MaxWaitingEvents = 20_000;

    private static readonly TimeSpan s_acknowledgePatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_drainPatience = TimeSpan.FromSeconds(60);
    private readonly AgentFlags _flags;
    private readonly WebApplication _app;
    private readonly TimeProvider _time;
    private readonly Func<AgentFlags, ILoggerFactory, IReadOnlyList<IContainerizer>>? _containerizers;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<string> _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Task> _work = [];
    private volatile AgentRuntime? _runtime;
    private CheckpointStore? _store;
    private bool _stopped;

    private AgentHost(AgentFlags flags, WebApplication app, TimeProvider time, Func<AgentFlags, ILoggerFactory, IReadOnlyList<IContainerizer>>? containerizers)
    {
        _flags = flags;
        _app = app;
        _time = time;
        _containerizers = containerizers;
        _logger = app.Services.GetRequiredService<ILogger<AgentHost>>();
        AgentApi.Map(app, flags, () => _runtime);
    }

    /// <summary>The version of this program.</summary>
    public static string OwnVersion { get; } = typeof(AgentHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    /// <summary>Where the agent listens; once started.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>The newest state; once started.</summary>
    public AgentSnapshot Snapshot => Running.Loop.Current;

    /// <summary>Completes with the reason when the master refuses the agent and its tasks have ended.</summary>
    public Task<string> Refused => _refused.Task;

    private AgentRuntime Running => _runtime ?? throw new InvalidOperationException("The agent has not started.");

    /// <summary>Makes an agent that is not yet started.</summary>
    /// <param name="args">Flags.</param>
    /// <param name="environment">Variables; null for those of the process.</param>
    /// <param name="containerizers">What runs tasks; null for those that <c>--containerizers</c> names.</param>
    /// <param name="time">The clock; null for the machine's.</param>
    /// <exception cref="FlagException">A flag is wrong; the message names it and the remedy.</exception>
    public static AgentHost Create(
        IReadOnlyList<string> args,
        IReadOnlyDictionary<string, string>? environment = null,
        Func<AgentFlags, ILoggerFactory, IReadOnlyList<IContainerizer>>? containerizers = null,
        TimeProvider? time = null)
    {
        var flags = AgentFlags.Parse(args, environment ?? ProcessEnvironment());
        // No arguments to the builder: all configuration is in the flags.
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
            console.UseUtcTimestamp = true;
        });
        builder.Logging.SetMinimumLevel(flags.Values.Get("logging_level") is "WARNING" or "ERROR" ? LogLevel.Warning : LogLevel.Information);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 64 * 1024;
            kestrel.Listen(flags.Ip, flags.Port);
        });
        return new AgentHost(flags, builder.Build(), time ?? TimeProvider.System, containerizers);
    }

    /// <summary>Recovers, listens and begins to dial.</summary>
    /// <exception cref="CheckpointException">The work directory cannot be used.</exception>
    /// <exception cref="FlagException">The address cannot be listened at.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var warning in _flags.Values.Warnings)
        {
            LogWarning(_logger, warning);
        }

        var began = _time.GetTimestamp();
        Directory.CreateDirectory(_flags.WorkDirectory);
        _store = CheckpointStore.Open(_flags.WorkDirectory, _logger);
        var recovered = _store.Load();
        var bootId = BootId();
        if (_store.NoteBoot(bootId))
        {
            LogWarning(_logger, "The machine was booted since the last run: containers of that run are gone unless Docker restarted them.");
        }

        try
        {
            await _app.StartAsync(cancellationToken);
        }
        catch (IOException e)
        {
            throw new FlagException($"--ip={_flags.Ip} --port={_flags.Port}: {e.Message} Choose another --port.");
        }

        Address = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        var runtime = Assemble(_store, bootId, began);
        CheckReserved(runtime.Options.Info.Resources, recovered.Resources.Resources);
        _work.Add(Task.Run(() => runtime.Loop.RunAsync(_stop.Token), CancellationToken.None));
        await runtime.Loop.AskAsync(new AgentCommand.Recover(recovered), cancellationToken);
        runtime.Supervisor.RemoveOrphans(recovered.Tasks.Select(task => task.Location.ContainerId).Concat(recovered.Executors.Select(executor => executor.Location.ContainerId)).ToHashSet());
        _runtime = runtime with { RecoverySeconds = _time.GetElapsedTime(began).TotalSeconds };
        LogStarted(_logger, Address, recovered.Tasks.Count + recovered.Executors.Count, string.Join("; ", runtime.Options.Info.Resources.Select(resource => resource.Name)));
        _work.Add(Task.Run(() => runtime.Link.RunAsync(_stop.Token), CancellationToken.None));
        _work.Add(Task.Run(() => runtime.Usage.RunAsync(_stop.Token), CancellationToken.None));
        _work.Add(Task.Run(() => runtime.Collector.RunAsync(_stop.Token), CancellationToken.None));
    }

    /// <summary>Runs until told to stop; the exit code.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await StartAsync(cancellationToken);
        var refused = false;
        try
        {
            // The loop ends before it is told to only by a defect; then the next start recovers what is on disk.
            await await Task.WhenAny(Refused, _work[0]).WaitAsync(cancellationToken);
            LogRefused(_logger, await Refused);
            refused = true;
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }

        await StopAsync();
        return refused ? 1 : 0;
    }

    /// <summary>Waits for a state of the agent.</summary>
    public Task<AgentSnapshot> WaitForAsync(Func<AgentSnapshot, bool> wanted, CancellationToken cancellationToken) => Running.Loop.WaitForAsync(wanted, cancellationToken);

    /// <summary>Stops; tasks run on unless <c>--shutdown_tasks_on_exit</c>.</summary>
    public async Task StopAsync()
    {
        if (_stopped)
        {
            return;
        }

        _stopped = true;
        if (_runtime is { } runtime && _flags.Values.IsSet("shutdown_tasks_on_exit"))
        {
            await EndTasksAsync(runtime);
        }

        await _stop.CancelAsync();
        await Task.WhenAll(_work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_runtime is not null)
        {
            await _runtime.Nested.DisposeAsync();
            await _runtime.Supervisor.DisposeAsync();
        }

        _runtime?.Health.Dispose();
        _runtime?.Link.Dispose();
        await _app.StopAsync();
        _store?.Dispose();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _app.DisposeAsync();
        _stop.Dispose();
    }

    /// <summary>Kills all tasks, waits for their ends, and takes leave of the master if there is one to tell.</summary>
    private async Task EndTasksAsync(AgentRuntime runtime)
    {
        await runtime.Loop.AskAsync(new AgentCommand.KillAll(), CancellationToken.None);
        if (!await EventuallyAsync(runtime.Loop, snapshot => snapshot.IsIdle, s_drainPatience))
        {
            LogWarning(_logger, "Some tasks have not ended after a minute; they are left behind and found again at the next start.");
            return;
        }

        await runtime.Supervisor.FlushAsync().WaitAsync(s_drainPatience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // Without a link what happened stays in the checkpoints and is told by the next run.
        if (await EventuallyAsync(runtime.Loop, snapshot => !snapshot.IsRegistered || (!snapshot.Tasks.Any() && !snapshot.Executors.Any()), s_acknowledgePatience) && runtime.Loop.Current.IsRegistered)
        {
            runtime.Link.Send(new AgentCall { Unregister = new AgentCall.Types.Unregister() });
            using var patience = new CancellationTokenSource(s_acknowledgePatience);
            await runtime.Link.FlushAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            runtime.Store.ForgetAgent();
        }
    }

    private static async Task<bool> EventuallyAsync(AgentLoop loop, Func<AgentSnapshot, bool> wanted, TimeSpan patience)
    {
        using var timeout = new CancellationTokenSource(patience);
        try
        {
            await loop.WaitForAsync(wanted, timeout.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private AgentRuntime Assemble(CheckpointStore store, string bootId, long began)
    {
        var logging = _app.Services.GetRequiredService<ILoggerFactory>();
        var options = Options(bootId);
        var loop = new AgentLoop(new AgentEngine(options, new SeededRandom(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)))), store, _time, logging.CreateLogger<AgentLoop>());
        var environment = new TaskEnvironment(_flags, options.IpAddress);
        var containerizers = (_containerizers ?? ContainerizerFactory.Create)(_flags, logging);
        var supervisor = new ContainerSupervisor(containerizers, loop, launch => environment.Build(launch, options.Info.Port), _time, logging.CreateLogger<ContainerSupervisor>())
        {
            Networks = _containerizers is null ? ContainerizerFactory.Networks(_flags, logging) : null,
        };
        var nested = new NestedContainers(supervisor.Find);
        var health = new HealthRunner(supervisor.Find, loop, _time, logging.CreateLogger<HealthRunner>());
        var link = new AgentLink(new Link.LinkOptions { Masters = _flags.Masters, Credential = _flags.Credential }, loop, _time, logging.CreateLogger<AgentLink>());
        loop.Send = link.Send;
        var executors = new EventStreams<Event>(MaxWaitingEvents);
        loop.Act = action =>
        {
            supervisor.Do(action);
            health.Do(action);
            Deliver(executors, action);
            if (action is AgentAction.Remove remove)
            {
                _ = Task.Run(() => nested.ForgetAsync(remove.Container.Location.ContainerId));
            }

            if (action is AgentAction.ShutDown shutDown)
            {
                _ = Task.Run(() => LeaveAsync(loop, store, shutDown.Reason));
            }
        };
        return new AgentRuntime
        {
            Flags = _flags,
            Options = options,
            Store = store,
            Loop = loop,
            Link = link,
            Supervisor = supervisor,
            Health = health,
            Nested = nested,
            Usage = new UsageReporter(() => loop.Current, supervisor.Find, link.Send, _flags.WorkDirectory, _flags.Values.Duration("usage_interval"), _time),
            Collector = new SandboxCollector(
                _flags.WorkDirectory,
                id => loop.Current.Tasks.Any(task => task.Location.ContainerId == id || task.Location.ParentContainerId == id) || loop.Current.Executors.Any(executor => executor.Location.ContainerId == id),
                _flags.Values.Duration("gc_delay"),
                _flags.Values.Fraction("gc_disk_headroom"),
                _flags.Values.Duration("disk_watch_interval"),
                _time,
                logging.CreateLogger<SandboxCollector>()),
            ExecutorStreams = executors,
            Stopping = _stop.Token,
            Time = _time,
            StartTime = (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds,
            RecoverySeconds = _time.GetElapsedTime(began).TotalSeconds,
        };
    }

    private static void Deliver(EventStreams<Event> executors, AgentAction action)
    {
        switch (action)
        {
            case AgentAction.ToExecutor message:
                executors.Deliver(message.Stream, message.Event);
                break;
            case AgentAction.CloseExecutor closed:
                executors.Close(closed.Stream);
                break;
        }
    }

    private AgentOptions Options(string bootId)
    {
        var ip = _flags.Values.Get("advertise_ip") ?? _flags.Ip.ToString();
        var info = new AgentInfo
        {
            Hostname = _flags.Values.Get("hostname") ?? (IPAddress.IsLoopback(_flags.Ip) ? ip : Dns.GetHostName()),
            Port = _flags.Values.Get("advertise_port") is null ? Address.Port : _flags.Values.Number("advertise_port", 1, 65535),
        };
        info.Resources.Add(MachineResources.Complete(_flags.Resources, _flags.Values.Get("default_role")!, _flags.WorkDirectory).ToProto(ResourceFormat.Refined));
        info.Attributes.Add(_flags.Attributes);
        var stop = _flags.Values.Duration("docker_stop_timeout");
        return new AgentOptions
        {
            Info = info,
            WorkDirectory = _flags.WorkDirectory,
            IpAddress = ip,
            Version = MesosVersion,
            BootId = bootId,
            SwitchUser = _flags.Values.IsSet("switch_user"),
            DockerGracePeriod = stop > TimeSpan.Zero ? stop : TimeSpan.FromSeconds(3),
            ExecutorRegistrationTimeout = _flags.Values.Duration("executor_registration_timeout"),
            ExecutorReregistrationTimeout = _flags.Values.Duration("executor_reregistration_timeout"),
            ExecutorGracePeriod = _flags.Values.Duration("executor_shutdown_grace_period"),
            MaxCompletedTasksPerFramework = _flags.Values.Number("max_completed_executors_per_framework", 0, 10_000),
        };
    }

    /// <summary>What is reserved on the agent it must still have.</summary>
    private static void CheckReserved(IEnumerable<Resource> declared, IEnumerable<Resource> reserved)
    {
        try
        {
            _ = ResourceConversion.Total(ResourceList.FromProto(declared), ResourceList.FromProto(reserved));
        }
        catch (ResourceException e)
        {
            throw new FlagException($"--resources: {e.Message} Start the agent with at least the resources that it had, or destroy the volume and unreserve first.");
        }
    }

    /// <summary>The master refuses the agent: its tasks end, its id is given up.</summary>
    private async Task LeaveAsync(AgentLoop loop, CheckpointStore store, string reason)
    {
        await EventuallyAsync(loop, snapshot => snapshot.IsIdle, s_drainPatience);
        store.ForgetAgent();
        _refused.TrySetResult(reason);
    }

    private static string BootId()
    {
        const string path = "/proc/sys/kernel/random/boot_id";
        return File.Exists(path) ? File.ReadAllText(path).Trim() : "";
    }

    private static Dictionary<string, string> ProcessEnvironment() =>
        System.Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "");

    [LoggerMessage(Level = LogLevel.Information, Message = "Agent listens at {Address}; {Tasks} tasks and executors of an earlier run; offers {Resources}")]
    private static partial void LogStarted(ILogger logger, Uri address, int tasks, string resources);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Warning}")]
    private static partial void LogWarning(ILogger logger, string warning);

    [LoggerMessage(Level = LogLevel.Error, Message = "The master refuses this agent ({Reason}). Its tasks were ended; start it again to register as a new agent.")]
    private static partial void LogRefused(ILogger logger, string reason);
}
