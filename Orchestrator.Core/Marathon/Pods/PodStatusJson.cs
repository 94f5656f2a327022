using System.Text.Json;
using Orchestrator.Core.Contract.Pods;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Core.Marathon.Pods;

/// <summary>Writes the status of pods and of their instances. Source: Marathon's pod status.</summary>
public static class PodStatusJson
{
    /// <summary>One pod.</summary>
    public static void Write(Utf8JsonWriter json, AppView pod)
    {
        var shown = pod.Instances.Where(instance => instance.Condition != "Scheduled").ToList();
        var since = shown.Select(SinceOf).DefaultIfEmpty(pod.Definition.Version).Max();
        json.WriteStartObject();
        json.WriteString("id", pod.Id);
        json.WritePropertyName("spec");
        PodJson.Write(json, pod.Definition);
        json.WriteString("status", StatusOf(pod));
        json.WriteString("statusSince", Timestamps.Write(since));
        json.WriteStartArray("instances");
        foreach (var instance in shown)
        {
            WriteInstance(json, pod, instance);
        }

        json.WriteEndArray();
        json.WriteStartArray("terminationHistory");
        json.WriteEndArray();
        json.WriteString("lastUpdated", Timestamps.Write(since));
        json.WriteString("lastChanged", Timestamps.Write(pod.Definition.Version));
        json.WriteEndObject();
    }

    /// <summary>One instance.</summary>
    public static void WriteInstance(Utf8JsonWriter json, AppView pod, InstanceView instance)
    {
        var spec = (pod.Definitions.GetValueOrDefault(instance.Version) ?? pod.Definition).Pod!;
        var since = SinceOf(instance);
        json.WriteStartObject();
        json.WriteString("id", instance.Id);
        json.WriteString("status", StatusOf(instance));
        json.WriteString("statusSince", Timestamps.Write(since));
        if (instance.AgentId.Length > 0)
        {
            json.WriteString("agentId", instance.AgentId);
            json.WriteString("agentHostname", instance.Host);
        }

        json.WriteStartObject("resources");
        AppJson.WriteNumber(json, "cpus", pod.Definition.Cpus);
        AppJson.WriteNumber(json, "mem", pod.Definition.Mem);
        AppJson.WriteNumber(json, "disk", pod.Definition.Disk);
        json.WriteNumber("gpus", pod.Definition.Gpus);
        json.WriteEndObject();
        json.WriteStartArray("networks");
        foreach (var network in pod.Definition.IsHostNetworking ? [] : pod.Definition.Networks)
        {
            json.WriteStartObject();
            json.WriteString("name", network.Name ?? "mesos-bridge");
            json.WriteStartArray("addresses");
            foreach (var address in instance.IpAddresses)
            {
                json.WriteStringValue(address);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteContainers(json, spec, instance);
        json.WriteString("specReference", $"/v2/pods{pod.Id}::versions/{Timestamps.Write(instance.Version)}");
        json.WriteStartArray("localVolumes");
        json.WriteEndArray();
        json.WriteString("role", pod.Definition.Role ?? "*");
        json.WriteString("lastUpdated", Timestamps.Write(since));
        json.WriteString("lastChanged", Timestamps.Write(since));
        json.WriteEndObject();
    }

    private static void WriteContainers(Utf8JsonWriter json, PodDefinition spec, InstanceView instance)
    {
        json.WriteStartArray("containers");
        var first = 0;
        foreach (var container in spec.Containers)
        {
            if (instance.Containers.FirstOrDefault(candidate => candidate.Name == container.Name) is { } task)
            {
                WriteContainer(json, container, task, instance, first);
            }

            first += container.Endpoints.Count;
        }

        json.WriteEndArray();
    }

    private static void WriteContainer(Utf8JsonWriter json, PodContainer container, PodTaskView task, InstanceView instance, int first)
    {
        var since = Timestamps.Write(task.Since);
        json.WriteStartObject();
        json.WriteString("name", task.Name);
        json.WriteString("status", task.State);
        json.WriteString("statusSince", since);
        if (task.Message.Length > 0)
        {
            json.WriteString("message", task.Message);
        }

        json.WriteString("containerId", task.TaskId);
        json.WriteStartArray("endpoints");
        for (var i = 0; i < container.Endpoints.Count; i++)
        {
            json.WriteStartObject();
            json.WriteString("name", container.Endpoints[i].Name);
            if (HostPortOf(container.Endpoints[i], first + i, instance) is { } port)
            {
                json.WriteNumber("allocatedHostPort", port);
            }

            if (task.Healthy is { } endpointHealthy && container.HealthCheck?.PortIndex == first + i)
            {
                json.WriteBoolean("healthy", endpointHealthy);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("conditions");
        if (container.HealthCheck is not null)
        {
            json.WriteStartObject();
            json.WriteString("name", "healthy");
            json.WriteString("value", task.Healthy == true ? "true" : "false");
            json.WriteString("reason", task.Healthy is null ? "health-unreported-by-mesos" : "health-reported-by-mesos");
            json.WriteString("lastChanged", since);
            json.WriteString("lastUpdated", since);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        PodJson.WriteResources(json, container);
        json.WriteString("lastUpdated", since);
        json.WriteString("lastChanged", since);
        json.WriteEndObject();
    }

    private static bool IsStable(InstanceView instance) => StatusOf(instance) == "STABLE";

    /// <summary>The port of the machine that an endpoint has; null when it is reached only within the pod's network, or not yet.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="index">Its place among all endpoints of the pod.</param>
    /// <param name="instance">The instance.</param>
    public static int? HostPortOf(PodEndpoint endpoint, int index, InstanceView instance) =>
        index < instance.Ports.Count && (endpoint.ContainerPort is null || endpoint.HostPort is not null) ? instance.Ports[index] : null;

    /// <summary>Of a pod: STABLE when as many instances are as are wanted, TERMINAL while it is deleted, else DEGRADED.</summary>
    public static string StatusOf(AppView pod) =>
        pod.IsRemoved ? "TERMINAL" : pod.Instances.Count(IsStable) >= pod.Definition.Instances ? "STABLE" : "DEGRADED";

    /// <summary>PENDING, STAGING, STABLE, DEGRADED or TERMINAL.</summary>
    public static string StatusOf(InstanceView instance) => instance.Condition switch
    {
        "Scheduled" or "Provisioned" => "PENDING",
        "Staging" or "Starting" => "STAGING",
        "Running" => instance.Healthy == false || instance.Containers.Any(container => container.Healthy == false) ? "DEGRADED" : "STABLE",
        "Unreachable" or "UnreachableInactive" => "DEGRADED",
        _ => "TERMINAL",
    };

    private static DateTimeOffset SinceOf(InstanceView instance) =>
        instance.Containers.Select(container => container.Since).DefaultIfEmpty(instance.StagedAt ?? instance.Version).Max();
}
