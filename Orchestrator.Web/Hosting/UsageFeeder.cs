using Orchestrator.Core.Marathon;
using Orchestrator.Core.Master;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Views;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Web.Hosting;

/// <summary>
/// Hands the services engine what the tasks of apps with autoscaling use, as their agents last reported it, again and again.
/// One message holds the newest figures of all of them; what is old, or of an agent that is away, is left out.
/// </summary>
/// <param name="services">Which apps scale themselves, and who hears the figures.</param>
/// <param name="master">What agents reported.</param>
/// <param name="options">How often.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
public sealed partial class UsageFeeder(
    IEngineGateway<MarathonCommand, MarathonReply, ServicesSnapshot> services, IEngineGateway<MasterCommand, MasterReply, ClusterSnapshot> master,
    MarathonOptions options, TimeProvider time, ILogger<UsageFeeder> logger) : BackgroundService
{
    /// <summary>Figures older than this are as good as none.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.AutoscalingInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await FeedAsync(stoppingToken);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or EngineStoppedException)
        {
            // The host stops.
        }
    }

    private async Task FeedAsync(CancellationToken cancellationToken)
    {
        var snapshot = services.Current;
        if (!snapshot.Connected || !snapshot.Apps.Any(app => app.Definition.Autoscaling is not null || app.Autoscaling is not null))
        {
            return;
        }

        try
        {
            await services.SendAsync(new MarathonCommand.UsageMeasured(UsesOf(snapshot, master.Current, time.GetUtcNow())), cancellationToken);
        }
        catch (EngineOverloadedException)
        {
            LogDropped();
        }
    }

    /// <summary>The figures that can be relied on, by task id.</summary>
    internal static Dictionary<string, InstanceUse> UsesOf(ServicesSnapshot services, ClusterSnapshot cluster, DateTimeOffset now)
    {
        var wanted = services.Apps.Where(app => app.Definition.Autoscaling is not null).SelectMany(app => app.Instances).Select(instance => instance.TaskId).ToHashSet(StringComparer.Ordinal);
        var connected = new HashSet<AgentId>();
        foreach (var agent in cluster.Agents)
        {
            if (agent is { Connected: true })
            {
                connected.Add(agent.Id);
            }
        }

        var uses = new Dictionary<string, InstanceUse>(wanted.Count, StringComparer.Ordinal);
        foreach (var task in cluster.Tasks)
        {
            if (task?.Usage is { IsComplete: true } usage && now - usage.At <= MaxAge && wanted.Contains(task.Key.TaskId.Value) && task.Key.FrameworkId.Value == services.FrameworkId && connected.Contains(task.AgentId))
            {
                uses[task.Key.TaskId.Value] = new InstanceUse(usage.Cpus, usage.MemMiB);
            }
        }

        return uses;
    }

    [LoggerMessage(LogLevel.Warning, "The services engine has too much to do to hear what tasks use; it hears the next figures.")]
    private partial void LogDropped();
}
