using System.Text;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;
using Orchestrator.Core.Views;
using Orchestrator.Web.Api.Operator.Json;

namespace Orchestrator.Web.Api.Operator;

/// <summary>The metrics of Mesos that have a meaning here, by Mesos' names, from one snapshot.</summary>
internal static class MasterMetrics
{
    private static readonly string[] s_resources = ["cpus", "gpus", "mem", "disk"];

    // Written as 0 before the first count, so that a dashboard finds them.
    private static readonly string[] s_counters =
    [
        "dropped_messages",
        "messages_register_framework",
        "messages_reregister_framework",
        "messages_unregister_framework",
        "messages_deactivate_framework",
        "messages_kill_task",
        "messages_status_update_acknowledgement",
        "messages_resource_request",
        "messages_launch_tasks",
        "messages_decline_offers",
        "messages_revive_offers",
        "messages_suppress_offers",
        "messages_reconcile_operations",
        "messages_reconcile_tasks",
        "messages_framework_to_executor",
        "messages_operation_status_update_acknowledgement",
        "messages_executor_to_framework",
        "messages_register_slave",
        "messages_reregister_slave",
        "messages_unregister_slave",
        "messages_status_update",
        "messages_operation_status_update",
        "messages_exited_executor",
        "messages_update_slave",
        "messages_authenticate",
        "valid_framework_to_executor_messages",
        "invalid_framework_to_executor_messages",
        "valid_executor_to_framework_messages",
        "invalid_executor_to_framework_messages",
        "valid_status_updates",
        "invalid_status_updates",
        "valid_status_update_acknowledgements",
        "invalid_status_update_acknowledgements",
        "valid_operation_status_updates",
        "invalid_operation_status_updates",
        "valid_operation_status_update_acknowledgements",
        "invalid_operation_status_update_acknowledgements",
        "recovery_slave_removals",
        "slave_registrations",
        "slave_reregistrations",
        "slave_removals",
        "slave_removals/reason_unhealthy",
        "slave_removals/reason_unregistered",
        "slave_removals/reason_registered",
        "slave_shutdowns_scheduled",
        "slave_shutdowns_completed",
        "slave_shutdowns_canceled",
        "slave_unreachable_scheduled",
        "slave_unreachable_completed",
        "slave_unreachable_canceled",
    ];

    internal static SortedDictionary<string, double> Collect(ClusterSnapshot snapshot, long cacheHits, int subscribers, MachineFigures machine, DateTimeOffset now)
    {
        var metrics = new SortedDictionary<string, double>(StringComparer.Ordinal);
        AddCounters(metrics, snapshot.Counters);
        AddMaster(metrics, snapshot, now);
        AddResources(metrics, snapshot.Totals);
        AddRoles(metrics, snapshot);
        for (var i = 0; i < snapshot.Frameworks.Count; i++)
        {
            if (snapshot.Frameworks[i] is { } framework)
            {
                metrics[Prefix(framework) + "subscribed"] = framework.Connected ? 1 : 0;
            }
        }

        AddTasks(metrics, snapshot);
        metrics["master/http_cache_hits"] = cacheHits;
        metrics["master/operator_event_stream_subscribers"] = subscribers;
        metrics["system/load_1min"] = machine.Load.One;
        metrics["system/load_5min"] = machine.Load.Five;
        metrics["system/load_15min"] = machine.Load.Fifteen;
        metrics["system/cpus_total"] = machine.Cpus;
        metrics["system/mem_total_bytes"] = machine.MemTotalBytes;
        metrics["system/mem_free_bytes"] = machine.MemFreeBytes;
        return metrics;
    }

    private static void AddCounters(SortedDictionary<string, double> metrics, MasterCounters counters)
    {
        foreach (var name in s_counters)
        {
            metrics["master/" + name] = 0;
        }

        foreach (var (name, value) in counters.Values)
        {
            metrics[name.StartsWith("allocator/", StringComparison.Ordinal) ? name : "master/" + name] = value;
        }
    }

    private static void AddMaster(SortedDictionary<string, double> metrics, ClusterSnapshot snapshot, DateTimeOffset now)
    {
        metrics["master/uptime_secs"] = Math.Max(0, (now - snapshot.Master.StartedAt).TotalSeconds);
        metrics["master/elected"] = 1;
        AddAgents(metrics, snapshot);
        AddFrameworks(metrics, snapshot);
        foreach (var state in Enum.GetValues<TaskState>())
        {
            if (state != TaskState.TaskUnknown)
            {
                metrics["master/tasks_" + Short(state)] = snapshot.Totals.TasksByState.GetValueOrDefault(state);
            }
        }
    }

    private static void AddAgents(SortedDictionary<string, double> metrics, ClusterSnapshot snapshot)
    {
        var connected = 0;
        var active = 0;
        var all = 0;
        for (var i = 0; i < snapshot.Agents.Count; i++)
        {
            if (snapshot.Agents[i] is { } agent)
            {
                all++;
                connected += agent.Connected ? 1 : 0;
                active += agent.Active ? 1 : 0;
            }
        }

        metrics["master/slaves_connected"] = connected;
        metrics["master/slaves_disconnected"] = all - connected;
        metrics["master/slaves_active"] = active;
        metrics["master/slaves_inactive"] = all - active;
        metrics["master/slaves_unreachable"] = snapshot.UnreachableAgents.Count;
    }

    private static void AddFrameworks(SortedDictionary<string, double> metrics, ClusterSnapshot snapshot)
    {
        var connected = 0;
        var active = 0;
        var all = 0;
        var offers = 0;
        for (var i = 0; i < snapshot.Frameworks.Count; i++)
        {
            if (snapshot.Frameworks[i] is { } framework)
            {
                all++;
                connected += framework.Connected ? 1 : 0;
                active += framework.Active ? 1 : 0;
                offers += framework.Offers.Count;
            }
        }

        metrics["master/frameworks_connected"] = connected;
        metrics["master/frameworks_disconnected"] = all - connected;
        metrics["master/frameworks_active"] = active;
        metrics["master/frameworks_inactive"] = all - active;
        metrics["master/outstanding_offers"] = offers;
    }

    private static void AddResources(SortedDictionary<string, double> metrics, ClusterTotals totals)
    {
        foreach (var name in s_resources)
        {
            AddResource(metrics, name, "", Sum(totals.Total, name, revocable: false), Sum(totals.Used, name, revocable: false));
            AddResource(metrics, name, "_revocable", Sum(totals.Total, name, revocable: true), Sum(totals.Used, name, revocable: true));
            if (name != "gpus")
            {
                metrics[$"allocator/mesos/resources/{name}/total"] = totals.Total.Scalar(name).ToDouble();
                metrics[$"allocator/mesos/resources/{name}/offered_or_allocated"] = (totals.Used.Scalar(name) + totals.Offered.Scalar(name)).ToDouble();
            }
        }
    }

    /// <summary>Quota, and the largest share that each role holds of the cluster.</summary>
    private static void AddRoles(SortedDictionary<string, double> metrics, ClusterSnapshot snapshot)
    {
        foreach (var config in snapshot.Quotas.Values)
        {
            var prefix = $"allocator/mesos/quota/roles/{config.Role}/resources/";
            foreach (var (name, guarantee) in config.Guarantees)
            {
                metrics[$"{prefix}{name}/guarantee"] = guarantee.Value;
            }

            foreach (var (name, limit) in config.Limits)
            {
                metrics[$"{prefix}{name}/limit"] = limit.Value;
            }
        }

        foreach (var role in snapshot.Roles)
        {
            var held = role.Allocated + role.Offered;
            var share = 0.0;
            foreach (var name in s_resources)
            {
                var total = snapshot.Totals.Total.Scalar(name).ToDouble();
                share = total > 0 ? Math.Max(share, held.Scalar(name).ToDouble() / total) : share;
            }

            metrics[$"allocator/mesos/roles/{role.Name}/shares/dominant"] = share;
        }
    }

    private static void AddResource(SortedDictionary<string, double> metrics, string name, string kind, Quantity total, Quantity used)
    {
        metrics[$"master/{name}{kind}_total"] = total.ToDouble();
        metrics[$"master/{name}{kind}_used"] = used.ToDouble();
        metrics[$"master/{name}{kind}_percent"] = total > Quantity.Zero ? used.ToDouble() / total.ToDouble() : 0;
    }

    private static Quantity Sum(ResourceList resources, string name, bool revocable)
    {
        var sum = Quantity.Zero;
        foreach (var item in resources.Items)
        {
            if (item.Kind == Value.Types.Type.Scalar && item.Name == name && item.IsRevocable == revocable)
            {
                sum += item.Scalar;
            }
        }

        return sum;
    }

    /// <summary>Active tasks of each framework by state; states that none of its tasks is in are left out.</summary>
    private static void AddTasks(SortedDictionary<string, double> metrics, ClusterSnapshot snapshot)
    {
        var prefixes = new Dictionary<FrameworkId, string>();
        for (var i = 0; i < snapshot.Frameworks.Count; i++)
        {
            if (snapshot.Frameworks[i] is { } framework)
            {
                prefixes[framework.Id] = Prefix(framework);
            }
        }

        for (var i = 0; i < snapshot.Tasks.Count; i++)
        {
            if (snapshot.Tasks[i] is { } task && prefixes.TryGetValue(task.Key.FrameworkId, out var prefix))
            {
                var name = $"{prefix}tasks/active/task_{Short(task.State)}";
                metrics[name] = metrics.GetValueOrDefault(name) + 1;
            }
        }
    }

    private static string Prefix(FrameworkView framework) => new StringBuilder("master/frameworks/").Append(Uri.EscapeDataString(framework.Info.Name)).Append('/').Append(framework.Id.Value).Append('/').ToString();

    // TASK_RUNNING → running
    private static string Short(TaskState state) => TaskStates.Name(state)["TASK_".Length..].ToLowerInvariant();
}
