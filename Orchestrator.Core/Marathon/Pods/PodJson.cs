using System.Text.Json;
using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Contract.Pods;
using Orchestrator.Core.Marathon.Apps;

namespace Orchestrator.Core.Marathon.Pods;

/// <summary>Writes pod definitions as Marathon does: its own keys only, what is empty left out.</summary>
public static class PodJson
{
    /// <summary>The fields of a pod into an object that the caller opened.</summary>
    public static void WriteFields(Utf8JsonWriter json, AppDefinition app)
    {
        var pod = app.Pod!;
        json.WriteString("id", app.Id);
        WriteMap(json, "labels", app.Labels);
        json.WriteString("version", Timestamps.Write(app.Version));
        AppJson.WriteIf(json, "user", app.User);
        AppJson.WriteIf(json, "role", app.Role);
        WriteMap(json, "environment", app.Env.ToDictionary(variable => variable.Key, variable => variable.Value.Text ?? ""));
        json.WriteStartArray("containers");
        foreach (var container in pod.Containers)
        {
            WriteContainer(json, container, pod);
        }

        json.WriteEndArray();
        json.WriteStartArray("volumes");
        foreach (var volume in pod.Volumes)
        {
            json.WriteStartObject();
            json.WriteString("name", volume.Name);
            AppJson.WriteIf(json, "host", volume.HostPath);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteNetworks(json, app);
        json.WriteStartObject("scaling");
        json.WriteString("kind", "fixed");
        json.WriteNumber("instances", app.Instances);
        json.WriteEndObject();
        WriteScheduling(json, app);
        json.WriteStartObject("executorResources");
        AppJson.WriteNumber(json, "cpus", pod.ExecutorCpus);
        AppJson.WriteNumber(json, "mem", pod.ExecutorMem);
        AppJson.WriteNumber(json, "disk", pod.ExecutorDisk);
        json.WriteEndObject();
    }

    /// <summary>One pod as an object.</summary>
    public static void Write(Utf8JsonWriter json, AppDefinition app)
    {
        json.WriteStartObject();
        WriteFields(json, app);
        json.WriteEndObject();
    }

    private static void WriteNetworks(Utf8JsonWriter json, AppDefinition app)
    {
        json.WriteStartArray("networks");
        foreach (var network in app.Networks.DefaultIfEmpty(new NetworkDefinition(NetworkMode.Host, null, new Dictionary<string, string>())))
        {
            json.WriteStartObject();
            AppJson.WriteIf(json, "name", network.Name);
            json.WriteString("mode", network.Mode switch { NetworkMode.Host => "host", NetworkMode.Bridge => "container/bridge", _ => "container" });
            WriteMap(json, "labels", network.Labels);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteScheduling(Utf8JsonWriter json, AppDefinition app)
    {
        json.WriteStartObject("scheduling");
        json.WriteStartObject("backoff");
        AppJson.WriteNumber(json, "backoff", app.BackoffSeconds);
        AppJson.WriteNumber(json, "backoffFactor", app.BackoffFactor);
        AppJson.WriteNumber(json, "maxLaunchDelay", app.MaxLaunchDelaySeconds);
        json.WriteEndObject();
        json.WriteStartObject("upgrade");
        AppJson.WriteNumber(json, "minimumHealthCapacity", app.UpgradeStrategy.MinimumHealthCapacity);
        AppJson.WriteNumber(json, "maximumOverCapacity", app.UpgradeStrategy.MaximumOverCapacity);
        json.WriteEndObject();
        json.WriteStartObject("placement");
        json.WriteStartArray("constraints");
        foreach (var rule in app.Constraints)
        {
            json.WriteStartObject();
            json.WriteString("fieldName", rule.Field);
            json.WriteString("operator", rule.Operator);
            AppJson.WriteIf(json, "value", rule.Value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        AppJson.WriteTexts(json, "acceptedResourceRoles", app.AcceptedResourceRoles ?? []);
        json.WriteEndObject();
        json.WriteString("killSelection", app.KillOldestFirst ? "OLDEST_FIRST" : "YOUNGEST_FIRST");
        if (app.UnreachableStrategy is not { } unreachable)
        {
            json.WriteString("unreachableStrategy", "disabled");
        }
        else
        {
            json.WriteStartObject("unreachableStrategy");
            AppJson.WriteNumber(json, "inactiveAfterSeconds", unreachable.InactiveAfterSeconds);
            AppJson.WriteNumber(json, "expungeAfterSeconds", unreachable.ExpungeAfterSeconds);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteContainer(Utf8JsonWriter json, PodContainer container, PodDefinition pod)
    {
        json.WriteStartObject();
        json.WriteString("name", container.Name);
        WriteExec(json, container);
        WriteResources(json, container);
        AppJson.WriteLimits(json, container.Limits);
        WriteEndpoints(json, container);
        if (container.Image is { } image)
        {
            json.WriteStartObject("image");
            json.WriteString("kind", "DOCKER");
            json.WriteString("id", image);
            json.WriteBoolean("forcePull", container.ForcePull);
            json.WriteEndObject();
        }

        WriteMap(json, "environment", container.Environment);
        AppJson.WriteIf(json, "user", container.User);
        WriteMap(json, "labels", container.Labels);
        if (container.HasTerminal)
        {
            json.WriteBoolean("tty", true);
        }

        WriteArtifacts(json, container);
        if (container.HealthCheck is { } check)
        {
            WriteHealthCheck(json, check, pod);
        }

        json.WriteStartArray("volumeMounts");
        foreach (var mount in container.Mounts)
        {
            json.WriteStartObject();
            json.WriteString("name", mount.Name);
            json.WriteString("mountPath", mount.MountPath);
            json.WriteBoolean("readOnly", mount.IsReadOnly);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (container.KillGraceSeconds is { } grace)
        {
            json.WriteStartObject("lifecycle");
            AppJson.WriteNumber(json, "killGracePeriodSeconds", grace);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteExec(Utf8JsonWriter json, PodContainer container)
    {
        if (container.Shell is null && container.Arguments.Count == 0)
        {
            return;
        }

        json.WriteStartObject("exec");
        json.WriteStartObject("command");
        AppJson.WriteIf(json, "shell", container.Shell);
        AppJson.WriteTexts(json, "argv", container.Arguments);
        json.WriteEndObject();
        if (container.OverridesEntrypoint)
        {
            json.WriteBoolean("overrideEntrypoint", true);
        }

        json.WriteEndObject();
    }

    /// <summary>The resources of a container; also part of its status.</summary>
    public static void WriteResources(Utf8JsonWriter json, PodContainer container)
    {
        json.WriteStartObject("resources");
        AppJson.WriteNumber(json, "cpus", container.Cpus);
        AppJson.WriteNumber(json, "mem", container.Mem);
        AppJson.WriteNumber(json, "disk", container.Disk);
        json.WriteNumber("gpus", container.Gpus);
        json.WriteEndObject();
    }

    private static void WriteEndpoints(Utf8JsonWriter json, PodContainer container)
    {
        json.WriteStartArray("endpoints");
        foreach (var endpoint in container.Endpoints)
        {
            json.WriteStartObject();
            json.WriteString("name", endpoint.Name);
            if (endpoint.ContainerPort is { } inside)
            {
                json.WriteNumber("containerPort", inside);
            }

            if (endpoint.HostPort is { } host)
            {
                json.WriteNumber("hostPort", host);
            }

            AppJson.WriteTexts(json, "protocol", endpoint.Protocols);
            WriteMap(json, "labels", endpoint.Labels);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteArtifacts(Utf8JsonWriter json, PodContainer container)
    {
        if (container.Artifacts.Count == 0)
        {
            return;
        }

        json.WriteStartArray("artifacts");
        foreach (var artifact in container.Artifacts)
        {
            json.WriteStartObject();
            json.WriteString("uri", artifact.Uri);
            json.WriteBoolean("extract", artifact.Extract);
            json.WriteBoolean("executable", artifact.Executable);
            json.WriteBoolean("cache", artifact.Cache);
            AppJson.WriteIf(json, "destPath", artifact.DestPath);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteHealthCheck(Utf8JsonWriter json, HealthCheckDefinition check, PodDefinition pod)
    {
        json.WriteStartObject("healthCheck");
        var kind = check.Protocol switch { "COMMAND" => "exec", "MESOS_TCP" => "tcp", _ => "http" };
        json.WriteStartObject(kind);
        if (kind == "exec")
        {
            json.WriteStartObject("command");
            json.WriteString("shell", check.Command);
            json.WriteEndObject();
        }
        else
        {
            json.WriteString("endpoint", pod.Endpoints[check.PortIndex ?? 0].Name);
        }

        if (kind == "http")
        {
            AppJson.WriteIf(json, "path", check.Path);
            json.WriteString("scheme", check.Protocol == "MESOS_HTTPS" ? "HTTPS" : "HTTP");
        }

        json.WriteEndObject();
        AppJson.WriteNumber(json, "gracePeriodSeconds", check.GracePeriodSeconds);
        AppJson.WriteNumber(json, "intervalSeconds", check.IntervalSeconds);
        json.WriteNumber("maxConsecutiveFailures", check.MaxConsecutiveFailures);
        AppJson.WriteNumber(json, "timeoutSeconds", check.TimeoutSeconds);
        AppJson.WriteNumber(json, "delaySeconds", check.DelaySeconds);
        json.WriteEndObject();
    }

    private static void WriteMap(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, string> map)
    {
        if (map.Count == 0)
        {
            return;
        }

        json.WriteStartObject(name);
        foreach (var (key, value) in map.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }
}
