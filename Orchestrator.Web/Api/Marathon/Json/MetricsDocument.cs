using System.Text.Json;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Views.Services;
using Orchestrator.Web.Api.Operator;

namespace Orchestrator.Web.Api.Marathon.Json;

/// <summary>
/// Metrics in the layout of the Dropwizard library, for exporters of the reference. Gauges carry the names of old releases
/// and of new ones.
/// </summary>
internal static class MetricsDocument
{
    internal static void Write(Utf8JsonWriter json, ServicesSnapshot snapshot, MachineFigures machine, DateTimeOffset startedAt, DateTimeOffset now)
    {
        json.WriteStartObject();
        json.WriteString("version", "4.0.0");
        json.WriteStartObject("gauges");
        foreach (var (name, value) in GaugesOf(snapshot, machine, startedAt, now))
        {
            json.WriteStartObject(name);
            AppJson.WriteNumber(json, "value", value);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        foreach (var kind in (ReadOnlySpan<string>)["counters", "histograms", "meters", "timers"])
        {
            json.WriteStartObject(kind);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static IEnumerable<(string Name, double Value)> GaugesOf(ServicesSnapshot snapshot, MachineFigures machine, DateTimeOffset startedAt, DateTimeOffset now)
    {
        var (staged, running, healthy, unhealthy, waiting) = (0, 0, 0, 0, 0);
        var groups = new HashSet<string>(StringComparer.Ordinal) { "/" };
        foreach (var app in snapshot.Apps)
        {
            staged += app.TasksStaged;
            running += app.TasksRunning;
            healthy += app.TasksHealthy;
            unhealthy += app.TasksUnhealthy;
            waiting += app.Queue?.Count ?? 0;
            for (var slash = app.Id.LastIndexOf('/'); slash > 0; slash = app.Id.LastIndexOf('/', slash - 1))
            {
                groups.Add(app.Id[..slash]);
            }
        }

        var uptime = (now - startedAt).TotalSeconds;
        yield return ("marathon.apps.active.gauge", snapshot.Apps.Count);
        yield return ("marathon.deployments.active.gauge", snapshot.Deployments.Count);
        yield return ("marathon.groups.active.gauge", groups.Count);
        yield return ("marathon.instances.running.gauge", running);
        yield return ("marathon.instances.staged.gauge", staged);
        yield return ("marathon.instances.inflight-launches.gauge", waiting);
        yield return ("marathon.leadership.duration.gauge.seconds", uptime);
        yield return ("marathon.uptime.gauge.seconds", uptime);
        yield return ("service.mesosphere.marathon.app.count", snapshot.Apps.Count);
        yield return ("service.mesosphere.marathon.deployment.count", snapshot.Deployments.Count);
        yield return ("service.mesosphere.marathon.group.count", groups.Count);
        yield return ("service.mesosphere.marathon.task.running.count", running);
        yield return ("service.mesosphere.marathon.task.staged.count", staged);
        yield return ("service.mesosphere.marathon.task.healthy.count", healthy);
        yield return ("service.mesosphere.marathon.task.unhealthy.count", unhealthy);
        yield return ("service.mesosphere.marathon.uptime", uptime * 1000);
        yield return ("jvm.memory.heap.used", GC.GetTotalMemory(forceFullCollection: false));
        yield return ("jvm.memory.total.used", Environment.WorkingSet);
        yield return ("system.load.1min", machine.Load.One);
    }
}
