using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Views;
using Orchestrator.Core.Views.Services;
using Orchestrator.Web.Console.Controls;

namespace Orchestrator.Web.Console.Feeds;

/// <summary>What needs attention, worst first: the rules behind the top of the overview.</summary>
public static class AttentionList
{
    /// <summary>Most items; the rest is counted in the last one.</summary>
    public const int MaxItems = 12;

    /// <summary>A task that has not started for this long is stuck.</summary>
    public static readonly TimeSpan MaxStaging = TimeSpan.FromMinutes(2);

    /// <summary>An app may wait this long for offers before it is news.</summary>
    public static readonly TimeSpan MaxWaiting = TimeSpan.FromSeconds(20);

    private const int NamesShown = 3;

    /// <summary>All items for a state at a time.</summary>
    public static AttentionItem[] Of(LiveState live, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(live);
        var items = new List<AttentionItem>();
        AddServices(items, live.Services, now);
        AddAgents(items, live.Cluster);
        AddFrameworks(items, live.Cluster);
        AddTasks(items, live.Cluster, now);
        var ordered = items.OrderBy(item => Rank(item.Tone)).ThenByDescending(item => item.Since ?? DateTimeOffset.MinValue).ToList();
        if (ordered.Count > MaxItems)
        {
            var rest = ordered.Count - MaxItems + 1;
            ordered.RemoveRange(MaxItems - 1, rest);
            ordered.Add(new AttentionItem(Tone.Neutral, $"{Figures.Count(rest)} more", "Solve or filter some of the above first.", "ui/apps"));
        }

        return [.. ordered];
    }

    private static int Rank(Tone tone) => tone switch { Tone.Bad => 0, Tone.Away => 1, Tone.Warn => 2, Tone.Busy => 3, _ => 4 };

    private static void AddServices(List<AttentionItem> items, ServicesSnapshot services, DateTimeOffset now)
    {
        if (services.FrameworkId is not null && !services.Connected)
        {
            items.Add(new AttentionItem(Tone.Bad, "Services engine is not subscribed", "Running apps go on; nothing new is launched until it is back.", "ui/apps"));
        }

        foreach (var app in services.Apps)
        {
            var href = Links.App(app.Id);
            if (app.TasksUnhealthy > 0)
            {
                items.Add(new AttentionItem(Tone.Bad, $"{app.Id} is unhealthy", $"{Figures.Count(app.TasksUnhealthy)} of {Figures.Count(app.TasksRunning)} running instances fail their health check.", href));
            }
            else if (app.Queue is { DelayedUntil: { } until } && until > now)
            {
                items.Add(new AttentionItem(Tone.Warn, $"{app.Id} is delayed", app.LastTaskFailure is { } failure ? $"Its last task failed: {failure.Message}" : "Its tasks failed; the next launch waits.", href, app.Queue.Since));
            }
            else if (app.Queue is { Count: > 0 } queue && now - queue.Since > MaxWaiting)
            {
                items.Add(new AttentionItem(Tone.Warn, $"{app.Id} waits", $"{Figures.Count(queue.Count)} {(queue.Count == 1 ? "instance" : "instances")} to launch. {WhyItWaits(queue)}", href, queue.Since));
            }
        }
    }

    private static string WhyItWaits(QueueView queue) =>
        queue.ProcessedOffers == 0 ? "No offer came yet."
        : queue.LastUnusedOffers.SelectMany(offer => offer.Reasons).GroupBy(reason => reason.Reason).MaxBy(group => group.Count()) is { } most
            ? $"Offers lack: needs {most.First().Needed}, offered {most.First().Offered}."
            : $"{Figures.Count(queue.UnusedOffers)} of {Figures.Count(queue.ProcessedOffers)} offers did not fit.";

    private static void AddAgents(List<AttentionItem> items, ClusterSnapshot cluster)
    {
        Add(Tone.Away, "unreachable", "They do not answer; their tasks may still run.", "ui/agents?state=unreachable", [.. cluster.UnreachableAgents.Select(agent => agent.Info.Hostname)], cluster.UnreachableAgents.Count > 0 ? cluster.UnreachableAgents.Max(agent => agent.Since) : null);
        Add(Tone.Warn, "expected back", "Known from before the restart of the master.", "ui/agents?state=recovering", [.. cluster.RecoveredAgents.Select(agent => agent.Info.Hostname)], cluster.RecoveredAgents.Count > 0 ? cluster.RecoveredAgents.Max(agent => agent.Since) : null);
        if (cluster.Totals.InactiveAgents > 0)
        {
            Add(Tone.Warn, "disconnected", "Their links broke; they should come back by themselves.", "ui/agents?state=disconnected", [.. cluster.Agents.Where(agent => agent is { Connected: false }).Select(agent => agent!.Info.Hostname)], null);
        }

        void Add(Tone tone, string what, string why, string href, List<string> names, DateTimeOffset? since)
        {
            if (names.Count > 0)
            {
                items.Add(new AttentionItem(tone, $"{Figures.Count(names.Count)} {(names.Count == 1 ? "agent is" : "agents are")} {what}", $"{string.Join(", ", names.Take(NamesShown))}{(names.Count > NamesShown ? ", …" : "")}. {why}", href, since));
            }
        }
    }

    private static void AddFrameworks(List<AttentionItem> items, ClusterSnapshot cluster)
    {
        foreach (var framework in cluster.Frameworks)
        {
            if (framework is { Connected: false })
            {
                items.Add(new AttentionItem(Tone.Away, $"Framework {framework.Info.Name} is {(framework.Recovered ? "expected back" : "disconnected")}", $"Its {Figures.Count(framework.ActiveTasks)} tasks run on until its failover timeout ends.", Links.Framework(framework.Id.Value), framework.ReregisteredAt ?? framework.RegisteredAt));
            }
        }
    }

    private static void AddTasks(List<AttentionItem> items, ClusterSnapshot cluster, DateTimeOffset now)
    {
        if (cluster.Totals.TasksByState.GetValueOrDefault(TaskState.TaskStaging) == 0)
        {
            return;
        }

        var stuck = 0;
        DateTimeOffset? since = null;
        foreach (var task in cluster.Tasks)
        {
            if (task is { State: TaskState.TaskStaging } && now - task.LaunchedAt > MaxStaging)
            {
                stuck++;
                since = since is null || task.LaunchedAt < since ? task.LaunchedAt : since;
            }
        }

        if (stuck > 0)
        {
            items.Add(new AttentionItem(Tone.Warn, $"{Figures.Count(stuck)} {(stuck == 1 ? "task does" : "tasks do")} not start", "Staging for more than two minutes: an image that is pulled slowly, or an agent that hangs.", "ui/tasks?state=staging", since));
        }
    }
}
