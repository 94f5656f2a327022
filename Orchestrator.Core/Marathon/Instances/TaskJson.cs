using System.Text.Json;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Core.Marathon.Instances;

/// <summary>Writes an instance as the task that clients know. Shape: Marathon's task object.</summary>
public static class TaskJson
{
    /// <summary>One task as an object.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="instance">The instance.</param>
    /// <param name="servicePorts">Only <c>GET /v2/tasks</c> tells them; null otherwise.</param>
    public static void Write(Utf8JsonWriter json, InstanceView instance, IEnumerable<int>? servicePorts = null)
    {
        json.WriteStartObject();
        json.WriteString("id", instance.TaskId.Length > 0 ? instance.TaskId : instance.Id);
        json.WriteString("appId", instance.AppId);
        json.WriteString("host", instance.Host);
        json.WriteString("slaveId", instance.AgentId);
        json.WriteString("state", instance.State);
        WriteNumbers(json, "ports", instance.Ports);
        if (servicePorts is not null)
        {
            WriteNumbers(json, "servicePorts", servicePorts);
        }

        WriteAddresses(json, instance.IpAddresses);
        WriteTime(json, "stagedAt", instance.StagedAt);
        WriteTime(json, "startedAt", instance.StartedAt);
        json.WriteString("version", Timestamps.Write(instance.Version));
        if (instance.LocalVolumes.Count > 0)
        {
            json.WriteStartArray("localVolumes");
            foreach (var volume in instance.LocalVolumes)
            {
                json.WriteStartObject();
                json.WriteString("runSpecId", volume.RunSpecId);
                json.WriteString("containerPath", volume.ContainerPath);
                json.WriteString("uuid", volume.Uuid);
                json.WriteString("persistenceId", volume.PersistenceId);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        if (instance.HealthResults.Count > 0)
        {
            json.WriteStartArray("healthCheckResults");
            foreach (var result in instance.HealthResults)
            {
                WriteHealth(json, result);
            }

            json.WriteEndArray();
        }

        WriteOwn(json, instance);
        json.WriteEndObject();
    }

    /// <summary>Our own keys, only of instances that are being drained and of apps with blue-green upgrades.</summary>
    private static void WriteOwn(Utf8JsonWriter json, InstanceView instance)
    {
        WriteTime(json, "drainsUntil", instance.DrainsUntil);
        if (instance.Colour is { } colour)
        {
            json.WriteString("colour", colour);
            json.WriteBoolean("carriesTraffic", instance.CarriesTraffic);
        }
    }

    /// <summary>The field <c>ipAddresses</c>, also of events.</summary>
    public static void WriteAddresses(Utf8JsonWriter json, IReadOnlyList<string> addresses)
    {
        json.WriteStartArray("ipAddresses");
        foreach (var address in addresses)
        {
            json.WriteStartObject();
            json.WriteString("ipAddress", address);
            json.WriteString("protocol", address.Contains(':', StringComparison.Ordinal) ? "IPv6" : "IPv4");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    internal static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<int> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }

    private static void WriteHealth(Utf8JsonWriter json, HealthResultView result)
    {
        json.WriteStartObject();
        json.WriteBoolean("alive", result.Alive);
        json.WriteNumber("consecutiveFailures", result.ConsecutiveFailures);
        WriteTime(json, "firstSuccess", result.FirstSuccess);
        WriteTime(json, "lastSuccess", result.LastSuccess);
        WriteTime(json, "lastFailure", result.LastFailure);
        if (result.LastFailureCause is { } cause)
        {
            json.WriteString("lastFailureCause", cause);
        }

        json.WriteString("instanceId", result.InstanceId);
        json.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } at)
        {
            json.WriteString(name, Timestamps.Write(at));
        }
    }
}
