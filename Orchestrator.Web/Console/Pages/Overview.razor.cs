using System.Globalization;
using Microsoft.AspNetCore.Components;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Views;
using Orchestrator.Core.Views.Services;
using Orchestrator.Web.Console.Controls;
using Orchestrator.Web.Console.Feeds;
using Orchestrator.Web.Console.Pages.Parts;
using Orchestrator.Web.Console.ViewModels.Cluster;

namespace Orchestrator.Web.Console.Pages;

/// <summary>The cluster at a glance: what needs attention, what there is and who holds it, what happened.</summary>
public sealed partial class Overview
{
    private const int MaxEvents = 16;

    private static readonly TaskState[] s_active = [TaskState.TaskRunning, TaskState.TaskStaging, TaskState.TaskStarting, TaskState.TaskKilling, TaskState.TaskUnreachable];
    private static readonly TaskState[] s_ended = [TaskState.TaskFinished, TaskState.TaskKilled, TaskState.TaskFailed, TaskState.TaskLost, TaskState.TaskError, TaskState.TaskDropped, TaskState.TaskGone, TaskState.TaskGoneByOperator];

    private static readonly ChartSeries[] s_cpu =
    [
        new("total", sample => sample.CpusTotal, "--quiet", Dashed: true),
        new("allocated", sample => sample.CpusAllocated, "--accent", "--accent-soft"),
        new("used", sample => sample.CpusUsed, "--good"),
    ];

    private static readonly ChartSeries[] s_memory =
    [
        new("total", sample => sample.MemTotalMiB, "--quiet", Dashed: true),
        new("allocated", sample => sample.MemAllocatedMiB, "--accent", "--accent-soft"),
        new("used", sample => sample.MemUsedMiB, "--good"),
    ];

    private static readonly ChartSeries[] s_tasks =
    [
        new("running", sample => sample.Running, "--good", "--good-soft"),
        new("starting", sample => sample.Staging, "--busy"),
    ];

    /// <summary>Lists made once for all operators.</summary>
    [Inject]
    public required SharedViews Views { get; init; }

    /// <summary>The clock.</summary>
    [Inject]
    public required TimeProvider Time { get; init; }

    private string Master => $"{Live.Cluster.Master.Ip}:{Live.Cluster.Master.Port.ToString(CultureInfo.InvariantCulture)}";

    private long ActiveTasks => s_active.Sum(CountOf);

    private CountPart[] ActiveParts => [.. s_active.Select(state => Part(state)).Where(part => part.Count > 0 || part.Title == "Running")];

    private CountPart[] EndedParts => [.. s_ended.Select(state => Part(state)).Where(part => part.Count > 0)];

    private CountPart[] AppParts =>
    [
        .. new CountPart[]
        {
            new("Running", Model.Apps.Running, Tone.Good, "ui/apps?status=Running"),
            new("Deploying", Model.Apps.Deploying, Tone.Busy, "ui/apps?status=Deploying"),
            new("Waiting", Model.Apps.Waiting, Tone.Warn, "ui/apps?status=Waiting"),
            new("Unhealthy", Model.Apps.Unhealthy, Tone.Bad, "ui/apps?health=unhealthy"),
            new("Suspended", Model.Apps.Suspended, Tone.Neutral, "ui/apps?status=Suspended"),
        }.Where(part => part.Count > 0),
    ];

    private CountPart[] AgentParts =>
    [
        .. new CountPart[]
        {
            new("Active", Model.Agents.Active, Tone.Good, "ui/agents"),
            new("Disconnected", Model.Agents.Inactive, Tone.Warn, "ui/agents?state=disconnected"),
            new("Unreachable", Model.Agents.Unreachable, Tone.Away, "ui/agents?state=unreachable"),
            new("Recovering", Model.Agents.Recovering, Tone.Busy, "ui/agents?state=recovering"),
        }.Where(part => part.Count > 0 || part.Title == "Active"),
    ];

    /// <inheritdoc/>
    protected override OverviewModel Project(LiveState live) => new(
        live.Cluster.Totals,
        Views.Get("resources", live.Cluster.Version, () => ResourceFigure.Of(live.Cluster)),
        live.Cluster.RecentEvents,
        Views.Get("attention", live.Version, () => AttentionList.Of(live, Time.GetUtcNow())),
        CountApps(live.Services),
        new AgentCounts(live.Cluster.Totals.ActiveAgents, live.Cluster.Totals.InactiveAgents, live.Cluster.UnreachableAgents.Count, live.Cluster.RecoveredAgents.Count),
        live.Cluster.Frameworks.Count(framework => framework is not null));

    private static AppCounts CountApps(ServicesSnapshot services)
    {
        int unhealthy = 0, deploying = 0, waiting = 0, suspended = 0, running = 0;
        long instances = 0, instancesRunning = 0;
        foreach (var app in services.Apps)
        {
            instances += app.Definition.Instances;
            instancesRunning += app.TasksRunning;
            if (app.TasksUnhealthy > 0)
            {
                unhealthy++;
            }
            else if (app.DeploymentIds.Count > 0)
            {
                deploying++;
            }
            else if (app.Queue is { Count: > 0 })
            {
                waiting++;
            }
            else if (app.Definition.Instances == 0)
            {
                suspended++;
            }
            else
            {
                running++;
            }
        }

        return new AppCounts(unhealthy, deploying, waiting, suspended, running, instances, instancesRunning);
    }

    private static Tone ToneOf(string kind) => kind switch
    {
        "task-failed" or "task-rejected" => Tone.Bad,
        "agent-unreachable" or "agent-disconnected" or "framework-disconnected" => Tone.Away,
        "agent-removed" or "framework-removed" or "task-kill" => Tone.Warn,
        "agent-registered" or "agent-returned" or "framework-registered" => Tone.Good,
        _ => Tone.Neutral,
    };

    private static string HrefOf(ClusterEvent happened) =>
        happened.Kind.StartsWith("agent-", StringComparison.Ordinal) ? Links.Agent(happened.Subject)
        : happened.Kind.StartsWith("framework-", StringComparison.Ordinal) ? Links.Framework(happened.Subject)
        : $"ui/tasks?q={Uri.EscapeDataString(happened.Subject)}&state=all";

    private long CountOf(TaskState state) => Model.Totals.TasksByState.GetValueOrDefault(state);

    private CountPart Part(TaskState state) => new(Tones.Word(state), CountOf(state), Tones.Of(state), "ui/tasks" + FilterOf(state));

    /// <summary>The list of tasks knows fewer filters than there are states.</summary>
    private static string FilterOf(TaskState state) => state switch
    {
        TaskState.TaskRunning => "?state=running",
        TaskState.TaskStaging or TaskState.TaskStarting => "?state=staging",
        TaskState.TaskUnreachable => "?state=unreachable",
        TaskState.TaskKilling => "",
        TaskState.TaskFinished or TaskState.TaskKilled => "?state=completed",
        _ => "?state=failed",
    };
}
