using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon.Autoscaling;
using Orchestrator.Core.Marathon.Pods;

namespace Orchestrator.Core.Marathon.Apps;

/// <summary>Writes definitions as Marathon does: new forms, its own keys only, what is empty left out.</summary>
public static partial class AppJson
{
    /// <summary>The whole definition as one object.</summary>
    public static byte[] ToBytes(AppDefinition app) => Write(json =>
    {
        json.WriteStartObject();
        WriteFields(json, app);
        if (app.Pod is not null)
        {
            WriteVersionInfo(json, app);
        }

        json.WriteEndObject();
    });

    /// <summary>Equal for configurations between which nothing has to restart: all but instances, autoscaling and versions.</summary>
    public static string ContentOf(AppDefinition app) => Encoding.UTF8.GetString(Write(json =>
    {
        json.WriteStartObject();
        WriteFields(json, app with { Instances = 0, IsDaemon = false, Autoscaling = null, Version = default, LastScalingAt = default, LastConfigChangeAt = default, Labels = app.Labels });
        json.WriteEndObject();
    }));

    /// <summary>Writes with a writer into bytes.</summary>
    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            write(json);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The fields of a definition into an object that the caller opened.</summary>
    public static void WriteFields(Utf8JsonWriter json, AppDefinition app)
    {
        if (app.Pod is not null)
        {
            PodJson.WriteFields(json, app);
            return;
        }

        json.WriteString("id", app.Id);
        WriteIf(json, "cmd", app.Cmd);
        WriteTexts(json, "args", app.Args);
        WriteIf(json, "user", app.User);
        WriteEnv(json, app);
        json.WriteNumber("instances", app.Instances);
        WriteNumber(json, "cpus", app.Cpus);
        WriteNumber(json, "mem", app.Mem);
        WriteNumber(json, "disk", app.Disk);
        json.WriteNumber("gpus", app.Gpus);
        WriteLimits(json, app.Limits);
        json.WriteString("executor", app.Executor);
        WriteConstraints(json, app.Constraints);
        WriteFetch(json, app.Fetch);
        WriteNumber(json, "backoffSeconds", app.BackoffSeconds);
        WriteNumber(json, "backoffFactor", app.BackoffFactor);
        WriteNumber(json, "maxLaunchDelaySeconds", app.MaxLaunchDelaySeconds);
        WriteContainer(json, app);
        WriteHealthChecks(json, app.HealthChecks);
        WriteTexts(json, "dependencies", app.Dependencies);
        WriteReadinessChecks(json, app.ReadinessChecks);
        WriteUpgradeStrategy(json, app.UpgradeStrategy);
        WriteMap(json, "labels", app.Labels);
        if (app.AcceptedResourceRoles is { } roles)
        {
            WriteTexts(json, "acceptedResourceRoles", roles);
        }

        WriteIf(json, "role", app.Role);
        WriteNetworks(json, app.Networks);
        WritePortDefinitions(json, app);
        json.WriteBoolean("requirePorts", app.RequirePorts);
        json.WriteString("killSelection", app.KillOldestFirst ? "OLDEST_FIRST" : "YOUNGEST_FIRST");
        WriteUnreachable(json, app.UnreachableStrategy);
        if (app.TaskKillGracePeriodSeconds is { } grace)
        {
            WriteNumber(json, "taskKillGracePeriodSeconds", grace);
        }

        WriteOwn(json, app);
        foreach (var (name, raw) in app.Other)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(raw);
        }

        if (app.Version != default)
        {
            json.WriteString("version", Timestamps.Write(app.Version));
            WriteVersionInfo(json, app);
        }
    }

    /// <summary>Keys that Marathon does not have: they are written for apps that use them only.</summary>
    private static void WriteOwn(Utf8JsonWriter json, AppDefinition app)
    {
        if (app.IsDaemon)
        {
            json.WriteBoolean("daemon", true);
        }

        if (app.DrainSeconds is { } drain)
        {
            WriteNumber(json, "drainSeconds", drain);
        }

        if (app.Autoscaling is { } rule)
        {
            json.WritePropertyName("autoscaling");
            AutoscalingJson.Write(json, rule);
        }
    }

    private static void WriteVersionInfo(Utf8JsonWriter json, AppDefinition app)
    {
        json.WriteStartObject("versionInfo");
        json.WriteString("lastScalingAt", Timestamps.Write(app.LastScalingAt));
        json.WriteString("lastConfigChangeAt", Timestamps.Write(app.LastConfigChangeAt));
        json.WriteEndObject();
    }

    /// <summary>A number without needless decimals.</summary>
    public static void WriteNumber(Utf8JsonWriter json, string name, double value)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(value.ToString("R", CultureInfo.InvariantCulture));
    }

    internal static void WriteIf(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    internal static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private static void WriteMap(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, string> map)
    {
        json.WriteStartObject(name);
        foreach (var (key, value) in map)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }

    private static void WriteEnv(Utf8JsonWriter json, AppDefinition app)
    {
        json.WriteStartObject("env");
        foreach (var (name, value) in app.Env)
        {
            if (value.Secret is null)
            {
                json.WriteString(name, value.Text);
            }
            else
            {
                json.WriteStartObject(name);
                json.WriteString("secret", value.Secret);
                json.WriteEndObject();
            }
        }

        json.WriteEndObject();
    }

    /// <summary>Writes <c>resourceLimits</c>; also of a container of a pod.</summary>
    internal static void WriteLimits(Utf8JsonWriter json, ResourceLimits? limits)
    {
        if (limits is null)
        {
            return;
        }

        json.WriteStartObject("resourceLimits");
        foreach (var (name, limit) in new[] { ("cpus", limits.Cpus), ("mem", limits.Mem) })
        {
            if (limit is double.PositiveInfinity)
            {
                json.WriteString(name, "unlimited");
            }
            else if (limit is { } value)
            {
                WriteNumber(json, name, value);
            }
        }

        json.WriteEndObject();
    }

    private static void WriteConstraints(Utf8JsonWriter json, IReadOnlyList<PlacementConstraint> constraints)
    {
        if (constraints.Count == 0)
        {
            return;
        }

        json.WriteStartArray("constraints");
        foreach (var constraint in constraints)
        {
            json.WriteStartArray();
            json.WriteStringValue(constraint.Field);
            json.WriteStringValue(constraint.Operator);
            if (constraint.Value is not null)
            {
                json.WriteStringValue(constraint.Value);
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static void WriteFetch(Utf8JsonWriter json, IReadOnlyList<FetchUri> fetch)
    {
        if (fetch.Count == 0)
        {
            return;
        }

        json.WriteStartArray("fetch");
        foreach (var item in fetch)
        {
            json.WriteStartObject();
            json.WriteString("uri", item.Uri);
            json.WriteBoolean("extract", item.Extract);
            json.WriteBoolean("executable", item.Executable);
            json.WriteBoolean("cache", item.Cache);
            WriteIf(json, "destPath", item.DestPath);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteContainer(Utf8JsonWriter json, AppDefinition app)
    {
        if (app.Container is not { } container)
        {
            return;
        }

        json.WriteStartObject("container");
        json.WriteString("type", container.IsDocker ? "DOCKER" : "MESOS");
        if (container.Docker is { } docker)
        {
            WriteDocker(json, docker, container.IsDocker);
        }

        json.WriteStartArray("volumes");
        foreach (var volume in container.Volumes)
        {
            if (volume.Persistent is { } persistent)
            {
                WritePersistent(json, volume, persistent);
                continue;
            }

            if (volume.Other is { } raw)
            {
                json.WriteRawValue(raw);
                continue;
            }

            json.WriteStartObject();
            json.WriteString("containerPath", volume.ContainerPath);
            json.WriteString("hostPath", volume.HostPath);
            json.WriteString("mode", volume.IsReadOnly ? "RO" : "RW");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (container.PortMappings is { } mappings)
        {
            WritePortMappings(json, mappings);
        }

        if (container.LinuxInfo is { } linux)
        {
            json.WritePropertyName("linuxInfo");
            json.WriteRawValue(linux);
        }

        json.WriteEndObject();
    }

    private static void WriteDocker(Utf8JsonWriter json, DockerDefinition docker, bool isDocker)
    {
        json.WriteStartObject("docker");
        json.WriteString("image", docker.Image);
        json.WriteBoolean("forcePullImage", docker.ForcePullImage);
        if (isDocker)
        {
            json.WriteBoolean("privileged", docker.Privileged);
            json.WriteStartArray("parameters");
            foreach (var (key, value) in docker.Parameters)
            {
                json.WriteStartObject();
                json.WriteString("key", key);
                json.WriteString("value", value);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        if (docker.PullConfig is { } pull)
        {
            json.WritePropertyName("pullConfig");
            json.WriteRawValue(pull);
        }

        json.WriteEndObject();
    }

    private static void WritePortMappings(Utf8JsonWriter json, IReadOnlyList<PortMapping> mappings)
    {
        json.WriteStartArray("portMappings");
        foreach (var mapping in mappings)
        {
            json.WriteStartObject();
            json.WriteNumber("containerPort", mapping.ContainerPort);
            if (mapping.HostPort is { } host)
            {
                json.WriteNumber("hostPort", host);
            }

            json.WriteNumber("servicePort", mapping.ServicePort);
            json.WriteString("protocol", mapping.Protocol);
            WriteIf(json, "name", mapping.Name);
            WriteMap(json, "labels", mapping.Labels);
            WriteTexts(json, "networkNames", mapping.NetworkNames);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteHealthChecks(Utf8JsonWriter json, IReadOnlyList<HealthCheckDefinition> checks)
    {
        if (checks.Count == 0)
        {
            return;
        }

        json.WriteStartArray("healthChecks");
        foreach (var check in checks)
        {
            WriteHealthCheck(json, check);
        }

        json.WriteEndArray();
    }

    /// <summary>One health check, also as part of events.</summary>
    public static void WriteHealthCheck(Utf8JsonWriter json, HealthCheckDefinition check)
    {
        json.WriteStartObject();
        json.WriteString("protocol", check.Protocol);
        WriteIf(json, "path", check.Path);
        if (check.PortIndex is { } index)
        {
            json.WriteNumber("portIndex", index);
        }

        if (check.Port is { } port)
        {
            json.WriteNumber("port", port);
        }

        if (check.Command is { } command)
        {
            json.WriteStartObject("command");
            json.WriteString("value", command);
            json.WriteEndObject();
        }

        WriteNumber(json, "gracePeriodSeconds", check.GracePeriodSeconds);
        WriteNumber(json, "intervalSeconds", check.IntervalSeconds);
        WriteNumber(json, "timeoutSeconds", check.TimeoutSeconds);
        json.WriteNumber("maxConsecutiveFailures", check.MaxConsecutiveFailures);
        WriteNumber(json, "delaySeconds", check.DelaySeconds);
        if (check.IsAskedByHost && check.Protocol != "TCP")
        {
            json.WriteBoolean("ignoreHttp1xx", check.IgnoreHttp1xx);
        }

        json.WriteString("ipProtocol", check.IsIpv6 ? "IPv6" : "IPv4");
        json.WriteEndObject();
    }

    private static void WriteNetworks(Utf8JsonWriter json, IReadOnlyList<NetworkDefinition> networks)
    {
        json.WriteStartArray("networks");
        foreach (var network in networks)
        {
            json.WriteStartObject();
            json.WriteString("mode", network.Mode switch { NetworkMode.Host => "host", NetworkMode.Bridge => "container/bridge", _ => "container" });
            WriteIf(json, "name", network.Name);
            if (network.Labels.Count > 0)
            {
                WriteMap(json, "labels", network.Labels);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WritePortDefinitions(Utf8JsonWriter json, AppDefinition app)
    {
        if (!app.IsHostNetworking)
        {
            return;
        }

        json.WriteStartArray("portDefinitions");
        foreach (var port in app.PortDefinitions)
        {
            json.WriteStartObject();
            json.WriteNumber("port", port.Port);
            json.WriteString("protocol", port.Protocol);
            WriteIf(json, "name", port.Name);
            WriteMap(json, "labels", port.Labels);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteUnreachable(Utf8JsonWriter json, UnreachableStrategy? strategy)
    {
        if (strategy is null)
        {
            json.WriteString("unreachableStrategy", "disabled");
            return;
        }

        json.WriteStartObject("unreachableStrategy");
        WriteNumber(json, "inactiveAfterSeconds", strategy.InactiveAfterSeconds);
        WriteNumber(json, "expungeAfterSeconds", strategy.ExpungeAfterSeconds);
        json.WriteEndObject();
    }
}
