using System.Text.Json;
using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Contract.Pods;
using Orchestrator.Core.Marathon.Apps;

namespace Orchestrator.Core.Marathon.Pods;

/// <summary>
/// Reads a pod definition into the app that it is to the engine: resources are the sum of its containers', health checks and
/// ports those of all of them. Whether values make sense is for <see cref="PodValidator"/>.
/// </summary>
public static class PodParser
{
    /// <summary>Whether a stored definition is a pod.</summary>
    public static bool IsPod(JsonElement json) => json.ValueKind == JsonValueKind.Object && json.TryGetProperty("containers", out _);

    /// <summary>Reads it; on errors the result is not to be used.</summary>
    /// <param name="json">The body.</param>
    /// <param name="errors">Filled with what is wrong.</param>
    public static AppDefinition Parse(JsonElement json, FieldErrors errors)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            errors.Add("", "error.expected.jsobject");
            return new AppDefinition { Id = "/" };
        }

        var reader = new FieldReader(json, "", errors);
        RefuseWhatIsNotThere(reader);
        var volumes = reader.Objects("volumes").Select(ReadVolume).ToList();
        var containers = reader.Objects("containers").Select(ReadContainer).ToList();
        var endpoints = containers.SelectMany(container => container.Container.Endpoints).Select(endpoint => endpoint.Name).ToList();
        var executor = reader.Child("executorResources");
        var pod = new PodDefinition
        {
            Containers = [.. containers.Select(row => row.Container with { HealthCheck = ReadHealthCheck(row.Reader, endpoints) })],
            Volumes = volumes,
            ExecutorCpus = executor?.Number("cpus", 0.1) ?? 0.1,
            ExecutorMem = executor?.Number("mem", 32) ?? 32,
            ExecutorDisk = executor?.Number("disk", 10) ?? 10,
        };
        return ReadScheduling(reader, new AppDefinition
        {
            Id = ReadId(reader),
            Pod = pod,
            User = reader.Text("user"),
            Env = reader.TextMap("environment").ToDictionary(variable => variable.Key, variable => new EnvValue(variable.Value, null)),
            Labels = reader.TextMap("labels"),
            Role = reader.Text("role"),
            Networks = [.. reader.Objects("networks").Select(ReadNetwork)],
            Instances = ReadInstances(reader),
            Cpus = pod.ExecutorCpus + pod.Containers.Sum(container => container.Cpus),
            Mem = pod.ExecutorMem + pod.Containers.Sum(container => container.Mem),
            Disk = pod.ExecutorDisk + pod.Containers.Sum(container => container.Disk),
            Gpus = pod.Containers.Sum(container => container.Gpus),
            HealthChecks = [.. pod.Containers.Select(container => container.HealthCheck).OfType<HealthCheckDefinition>()],
        });
    }

    private static void RefuseWhatIsNotThere(FieldReader pod)
    {
        if (pod.Child("secrets") is { } secrets && secrets.Properties().Any())
        {
            pod.Error("secrets", "cannot be used: there is no store of secrets; give values in 'environment'");
        }

        if (pod.Has("linuxInfo"))
        {
            pod.Error("linuxInfo", "cannot be had here; remove it");
        }
    }

    private static string ReadId(FieldReader pod)
    {
        if (pod.Text("id") is not { } id)
        {
            pod.Error("id", "error.path.missing");
            return "/";
        }

        if (PathId.Check(id) is { } problem)
        {
            pod.Error("id", problem);
        }

        return PathId.Absolute(id);
    }

    private static int ReadInstances(FieldReader pod)
    {
        var scaling = pod.Child("scaling");
        if (scaling?.Text("kind") is { } kind && kind != "fixed")
        {
            scaling.Value.Error("kind", $"'{kind}' is not known; use fixed");
        }

        return scaling?.Whole("instances", 1) ?? 1;
    }

    private static NetworkDefinition ReadNetwork(FieldReader network)
    {
        var mode = network.Text("mode") switch
        {
            "host" => NetworkMode.Host,
            "container/bridge" => NetworkMode.Bridge,
            null or "container" => NetworkMode.Container,
            _ => (NetworkMode?)null,
        };
        if (mode is null)
        {
            network.Error("mode", "must be host, container or container/bridge");
        }

        return new NetworkDefinition(mode ?? NetworkMode.Host, network.Text("name"), network.TextMap("labels"));
    }

    private static PodVolume ReadVolume(FieldReader volume)
    {
        foreach (var kind in new[] { "persistent", "secret" })
        {
            if (volume.Has(kind))
            {
                volume.Error(kind, "cannot be used by a pod; give 'host', or nothing for a volume that goes with the instance");
            }
        }

        return new PodVolume(volume.Text("name") ?? Missing(volume, "name"), volume.Text("host"));
    }

    private static (PodContainer Container, FieldReader Reader) ReadContainer(FieldReader container)
    {
        var resources = container.Child("resources");
        var exec = container.Child("exec");
        var command = exec?.Child("command");
        var image = container.Child("image");
        if (image?.Text("kind") is { } kind && kind != "DOCKER")
        {
            image.Value.Error("kind", $"'{kind}' is not run here; use DOCKER");
        }

        foreach (var name in new[] { "check", "linuxInfo" })
        {
            if (container.Has(name))
            {
                container.Error(name, "cannot be had here; remove it");
            }
        }

        if (image?.Has("pullConfig") == true)
        {
            image.Value.Error("pullConfig", "cannot be used: give the registry's account to the agents with --docker_config");
        }

        return (new PodContainer
        {
            Name = container.Text("name") ?? Missing(container, "name"),
            Shell = command?.Text("shell"),
            Arguments = command?.Texts("argv") ?? [],
            OverridesEntrypoint = exec?.Flag("overrideEntrypoint", false) ?? false,
            Image = image is { } given ? given.Text("id") ?? Missing(given, "id") : null,
            ForcePull = image?.Flag("forcePull", false) ?? false,
            Cpus = resources?.Number("cpus", 1) ?? 1,
            Mem = resources?.Number("mem", 128) ?? 128,
            Disk = resources?.Number("disk", 0) ?? 0,
            Gpus = resources?.Whole("gpus", 0) ?? 0,
            Limits = AppParser.ReadLimits(container),
            Endpoints = [.. container.Objects("endpoints").Select(ReadEndpoint)],
            Environment = container.TextMap("environment"),
            User = container.Text("user"),
            Labels = container.TextMap("labels"),
            HasTerminal = container.Flag("tty", false),
            Artifacts = [.. container.Objects("artifacts").Select(item => new FetchUri(
                item.Text("uri") ?? Missing(item, "uri"), item.Flag("extract", true), item.Flag("executable", false), item.Flag("cache", false), item.Text("destPath")))],
            Mounts = [.. container.Objects("volumeMounts").Select(mount => new PodVolumeMount(mount.Text("name") ?? Missing(mount, "name"), mount.Text("mountPath") ?? Missing(mount, "mountPath"), mount.Flag("readOnly", false)))],
            KillGraceSeconds = container.Child("lifecycle") is { } life && life.Has("killGracePeriodSeconds") ? life.Number("killGracePeriodSeconds", 0) : null,
        }, container);
    }

    private static PodEndpoint ReadEndpoint(FieldReader endpoint)
    {
        var protocols = endpoint.Texts("protocol");
        return new PodEndpoint(
            endpoint.Text("name") ?? Missing(endpoint, "name"),
            endpoint.Has("containerPort") ? endpoint.Whole("containerPort", 0) : null,
            endpoint.Has("hostPort") ? endpoint.Whole("hostPort", 0) : null,
            protocols.Count == 0 ? ["tcp"] : [.. protocols],
            endpoint.TextMap("labels"));
    }

    private static HealthCheckDefinition? ReadHealthCheck(FieldReader container, List<string> endpoints)
    {
        if (container.Child("healthCheck") is not { } check)
        {
            return null;
        }

        var http = check.Child("http");
        var tcp = check.Child("tcp");
        var exec = check.Child("exec");
        if ((http is null ? 0 : 1) + (tcp is null ? 0 : 1) + (exec is null ? 0 : 1) != 1)
        {
            container.Error("healthCheck", "must have exactly one of http, tcp and exec");
        }

        int? index = null;
        if ((http ?? tcp) is { } target)
        {
            var name = target.Text("endpoint") ?? Missing(target, "endpoint");
            index = endpoints.IndexOf(name);
            if (index < 0)
            {
                target.Error("endpoint", $"the pod has no endpoint '{name}'");
            }
        }

        var command = exec?.Child("command");
        return new HealthCheckDefinition
        {
            Protocol = exec is not null ? "COMMAND" : tcp is not null ? "MESOS_TCP" : string.Equals(http?.Text("scheme"), "HTTPS", StringComparison.OrdinalIgnoreCase) ? "MESOS_HTTPS" : "MESOS_HTTP",
            Path = http is { } web ? web.Text("path") ?? "/" : null,
            PortIndex = index,
            Command = exec is null ? null : command?.Text("shell") ?? Missing(exec.Value, "command/shell"),
            GracePeriodSeconds = check.Number("gracePeriodSeconds", 300),
            IntervalSeconds = check.Number("intervalSeconds", 60),
            TimeoutSeconds = check.Number("timeoutSeconds", 20),
            MaxConsecutiveFailures = check.Whole("maxConsecutiveFailures", 3),
            DelaySeconds = check.Number("delaySeconds", 15),
        };
    }

    private static AppDefinition ReadScheduling(FieldReader pod, AppDefinition app)
    {
        if (pod.Child("scheduling") is not { } scheduling)
        {
            return app;
        }

        var backoff = scheduling.Child("backoff");
        var upgrade = scheduling.Child("upgrade");
        var placement = scheduling.Child("placement");
        return app with
        {
            BackoffSeconds = backoff?.Number("backoff", 1) ?? 1,
            BackoffFactor = backoff?.Number("backoffFactor", 1.15) ?? 1.15,
            MaxLaunchDelaySeconds = backoff?.Number("maxLaunchDelay", 300) ?? 300,
            UpgradeStrategy = new UpgradeStrategy(upgrade?.Number("minimumHealthCapacity", 1) ?? 1, upgrade?.Number("maximumOverCapacity", 1) ?? 1),
            Constraints = [.. placement?.Objects("constraints").Select(rule => new PlacementConstraint(
                rule.Text("fieldName") ?? Missing(rule, "fieldName"), (rule.Text("operator") ?? Missing(rule, "operator")).ToUpperInvariant(), rule.Text("value"))) ?? []],
            AcceptedResourceRoles = placement is { } place && place.Has("acceptedResourceRoles") && place.Texts("acceptedResourceRoles") is { Count: > 0 } roles ? roles : null,
            KillOldestFirst = string.Equals(scheduling.Text("killSelection"), "OLDEST_FIRST", StringComparison.OrdinalIgnoreCase),
            UnreachableStrategy = ReadUnreachable(scheduling),
        };
    }

    private static UnreachableStrategy? ReadUnreachable(FieldReader scheduling) => scheduling.Get("unreachableStrategy") switch
    {
        null => new UnreachableStrategy(0, 0),
        { ValueKind: JsonValueKind.String } => null,
        _ => scheduling.Child("unreachableStrategy") is { } strategy ? new UnreachableStrategy(strategy.Number("inactiveAfterSeconds", 0), strategy.Number("expungeAfterSeconds", 0)) : null,
    };

    private static string Missing(FieldReader reader, string name)
    {
        reader.Error(name, "error.path.missing");
        return "";
    }
}
