using System.Globalization;
using System.Text.Json;
using Orchestrator.AgentService.Hosting;
using Orchestrator.Core.Agent;
using Orchestrator.Core.Agent.Executors;
using Orchestrator.Core.Contract.Json;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Resources;

namespace Orchestrator.AgentService.Api;

/// <summary>Writes <c>/metrics/snapshot</c>: names of Mesos' agent, each with a number.</summary>
internal static class MetricsJson
{
    internal static void Write(Utf8JsonWriter writer, AgentRuntime agent)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in Collect(agent).OrderBy(metric => metric.Key, StringComparer.Ordinal))
        {
            writer.WritePropertyName(name);
            MesosJson.WriteNumber(writer, value);
        }

        writer.WriteEndObject();
    }

    /// <summary>Every metric by name.</summary>
    internal static Dictionary<string, double> Collect(AgentRuntime agent)
    {
        var snapshot = agent.Loop.Current;
        var tasks = snapshot.Tasks.ToList();
        var alone = tasks.Where(task => !task.Location.InExecutor).ToList();
        var executors = snapshot.Executors.ToList();
        var counters = snapshot.Counters;
        var metrics = new Dictionary<string, double>
        {
            ["slave/uptime_secs"] = agent.UptimeSeconds,
            ["slave/registered"] = snapshot.IsRegistered ? 1 : 0,
            ["slave/recovery_errors"] = 0,
            ["slave/recovery_time_secs"] = agent.RecoverySeconds,
            ["slave/frameworks_active"] = snapshot.Frameworks.Count,
            ["slave/tasks_staging"] = tasks.Count(task => task.State == TaskState.TaskStaging),
            ["slave/tasks_starting"] = tasks.Count(task => task.State == TaskState.TaskStarting),
            ["slave/tasks_running"] = tasks.Count(task => task.State == TaskState.TaskRunning),
            ["slave/tasks_killing"] = tasks.Count(task => task.State == TaskState.TaskKilling),
            ["slave/tasks_finished"] = counters.Finished,
            ["slave/tasks_failed"] = counters.Failed,
            ["slave/tasks_killed"] = counters.Killed,
            ["slave/tasks_lost"] = counters.Lost,
            ["slave/tasks_gone"] = 0,
            ["slave/executors_registering"] = alone.Count(task => task.Phase is TaskPhase.Launching or TaskPhase.Recovering)
                + executors.Count(executor => executor.Phase is ExecutorPhase.Launching or ExecutorPhase.Registering or ExecutorPhase.Recovering),
            ["slave/executors_running"] = alone.Count(task => task.Phase == TaskPhase.Running) + executors.Count(executor => executor.Phase == ExecutorPhase.Running),
            ["slave/executors_terminating"] = alone.Count(task => task.Phase is TaskPhase.Terminating or TaskPhase.Cancelling)
                + executors.Count(executor => executor.Phase == ExecutorPhase.Terminating),
            ["slave/executors_terminated"] = counters.Finished + counters.Failed + counters.Killed,
            ["slave/executors_preempted"] = 0,
            ["slave/valid_status_updates"] = counters.Updates,
            ["slave/invalid_status_updates"] = 0,
            ["slave/valid_framework_messages"] = 0,
            ["slave/invalid_framework_messages"] = 0,
            ["slave/executor_directory_max_allowed_age_secs"] = agent.Collector.MaxAge(agent.Collector.DiskUsage()).TotalSeconds,
            ["slave/container_launch_errors"] = counters.LaunchErrors,
        };
        AddResources(metrics, agent, snapshot);
        AddMachine(metrics);
        return metrics;
    }

    private static void AddResources(Dictionary<string, double> metrics, AgentRuntime agent, AgentSnapshot snapshot)
    {
        var total = ResourceList.FromProto(agent.Options.Info.Resources);
        var used = ResourceJson.Used(snapshot);
        foreach (var name in new[] { "cpus", "gpus", "mem", "disk" })
        {
            var all = total.Scalar(name).ToDouble();
            var taken = used.Scalar(name).ToDouble();
            metrics[$"slave/{name}_total"] = all;
            metrics[$"slave/{name}_used"] = taken;
            metrics[$"slave/{name}_percent"] = all > 0 ? taken / all : 0;
            metrics[$"slave/{name}_revocable_total"] = 0;
            metrics[$"slave/{name}_revocable_used"] = 0;
            metrics[$"slave/{name}_revocable_percent"] = 0;
        }
    }

    private static void AddMachine(Dictionary<string, double> metrics)
    {
        metrics["system/cpus_total"] = System.Environment.ProcessorCount;
        var load = Load();
        metrics["system/load_1min"] = load[0];
        metrics["system/load_5min"] = load[1];
        metrics["system/load_15min"] = load[2];
        if (UsageReporter.ReadMemory() is var (total, available))
        {
            metrics["system/mem_total_bytes"] = total * 1024;
            metrics["system/mem_free_bytes"] = available * 1024;
        }
    }

    /// <summary>Load averages over 1, 5 and 15 minutes.</summary>
    internal static double[] Load() =>
        [.. File.ReadAllText("/proc/loadavg").Split(' ').Take(3).Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
}
