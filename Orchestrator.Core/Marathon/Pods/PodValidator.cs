using System.Text.RegularExpressions;
using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Contract.Pods;
using Orchestrator.Core.Contract.Policy;
using Orchestrator.Core.Marathon.Apps;

namespace Orchestrator.Core.Marathon.Pods;

/// <summary>Whether a pod makes sense and may be run. Rules: Marathon's, and the policy of this host.</summary>
internal static partial class PodValidator
{
    /// <summary>Adds what is wrong.</summary>
    public static void Validate(AppDefinition app, PodDefinition pod, SecurityPolicy policy, FieldErrors errors)
    {
        errors.Require(pod.Containers.Count > 0, "/containers", "must not be empty: a pod has at least one container");
        errors.Require(app.Instances >= 0, "/scaling/instances", "must not be negative");
        errors.Require(app.Networks.Count <= 1, "/networks", "more than one network cannot be joined; give one");
        errors.Require(app.BackoffSeconds >= 0 && app.BackoffFactor >= 1 && app.MaxLaunchDelaySeconds >= 0, "/scheduling/backoff", "backoff and maxLaunchDelay must not be negative, backoffFactor not below 1");
        var upgrade = app.UpgradeStrategy;
        errors.Require(upgrade is { MinimumHealthCapacity: >= 0 and <= 1, MaximumOverCapacity: >= 0 and <= 1 }, "/scheduling/upgrade", "minimumHealthCapacity and maximumOverCapacity must be between 0 and 1");
        errors.Require(pod is { ExecutorCpus: >= 0.01, ExecutorMem: >= 32, ExecutorDisk: > 0 }, "/executorResources", "cpus must be at least 0.01, mem at least 32 and disk above 0");
        if (app.IsHostNetworking)
        {
            Allow(policy.CheckHostNetwork(), "/networks", errors);
        }

        for (var i = 0; i < pod.Containers.Count; i++)
        {
            ValidateContainer(pod.Containers[i], pod, app.IsHostNetworking, $"/containers({i})", errors);
        }

        Unique(pod.Containers.Select(container => container.Name), "/containers", "container names must be unique", errors);
        Unique(pod.Endpoints.Select(endpoint => endpoint.Name), "/containers", "endpoint names must be unique in the pod", errors);
        Unique(pod.Endpoints.Where(endpoint => endpoint.ContainerPort is not null).Select(endpoint => endpoint.ContainerPort), "/containers", "container ports must be unique in the pod", errors);
        Unique(pod.Endpoints.Where(endpoint => endpoint.HostPort is > 0).Select(endpoint => endpoint.HostPort), "/containers", "host ports must be unique in the pod", errors);
        Unique(pod.Volumes.Select(volume => volume.Name), "/volumes", "volume names must be unique", errors);
        for (var i = 0; i < pod.Volumes.Count; i++)
        {
            var volume = pod.Volumes[i];
            errors.Require(NameForm().IsMatch(volume.Name), $"/volumes({i})/name", "must be letters, digits and dashes, at most 63");
            errors.Require(pod.Containers.Any(container => container.Mounts.Any(mount => mount.Name == volume.Name)), $"/volumes({i})", $"volume '{volume.Name}' is mounted by no container; mount or remove it");
            if (volume.HostPath is { } host)
            {
                Allow(host.StartsWith('/') ? policy.CheckHostPath(host) : "must be an absolute path", $"/volumes({i})/host", errors);
            }
        }
    }

    private static void ValidateContainer(PodContainer container, PodDefinition pod, bool isHost, string path, FieldErrors errors)
    {
        errors.Require(NameForm().IsMatch(container.Name) && container.Name != "_app", $"{path}/name", "must be letters, digits and dashes, at most 63");
        errors.Require(container.Shell is not null || container.Arguments.Count > 0 || container.Image is not null, path, "must have 'exec' or 'image': it says what runs");
        errors.Require(container.Shell is null || container.Arguments.Count == 0, $"{path}/exec/command", "must have shell or argv, not both");
        errors.Require(container.Cpus >= 0.001 && container.Mem >= 0.001 && container.Disk >= 0 && container.Gpus >= 0, $"{path}/resources", "cpus and mem must be at least 0.001, disk and gpus not negative");
        errors.Require(container.Limits?.Cpus is not { } cpus || cpus >= container.Cpus, $"{path}/resourceLimits/cpus", $"must be greater than or equal to cpus ({container.Cpus})");
        errors.Require(container.Limits?.Mem is not { } mem || mem >= container.Mem, $"{path}/resourceLimits/mem", $"must be greater than or equal to mem ({container.Mem})");
        errors.Require(container.KillGraceSeconds is null or >= 0, $"{path}/lifecycle/killGracePeriodSeconds", "must not be negative");
        if (container.HealthCheck is { } check)
        {
            errors.Require(check.TimeoutSeconds < check.IntervalSeconds, $"{path}/healthCheck/timeoutSeconds", "must be less than intervalSeconds");
        }

        for (var i = 0; i < container.Endpoints.Count; i++)
        {
            var endpoint = container.Endpoints[i];
            var at = $"{path}/endpoints({i})";
            errors.Require(NameForm().IsMatch(endpoint.Name), $"{at}/name", "must be letters, digits and dashes, at most 63");
            errors.Require(endpoint.HostPort is null or (>= 0 and <= 65535), $"{at}/hostPort", "must be 0 to 65535");
            errors.Require(endpoint.Protocols.All(protocol => protocol is "tcp" or "udp"), $"{at}/protocol", "must be tcp or udp");
            errors.Require(isHost ? endpoint.ContainerPort is null : endpoint.ContainerPort is > 0 and <= 65535, $"{at}/containerPort", isHost ? "cannot be used on the host's network; give hostPort" : "must be 1 to 65535: the pod has a network of its own");
        }

        for (var i = 0; i < container.Mounts.Count; i++)
        {
            var mount = container.Mounts[i];
            var at = $"{path}/volumeMounts({i})";
            errors.Require(pod.Volumes.Any(volume => volume.Name == mount.Name), $"{at}/name", $"the pod has no volume '{mount.Name}'");
            errors.Require(mount.MountPath.Length is > 0 and <= 1024, $"{at}/mountPath", "must be 1 to 1024 characters");
            errors.Require(container.Image is not null || !mount.MountPath.StartsWith('/'), $"{at}/mountPath", "must be relative to the sandbox: a container without an image sees the machine's files");
            errors.Require(container.Image is not null || !mount.IsReadOnly, $"{at}/readOnly", "cannot be had without an image");
        }
    }

    private static void Unique<T>(IEnumerable<T> values, string path, string text, FieldErrors errors)
    {
        var all = values.ToList();
        errors.Require(all.Distinct().Count() == all.Count, path, text);
    }

    private static void Allow(string? refusal, string path, FieldErrors errors)
    {
        if (refusal is not null)
        {
            errors.Add(path, refusal);
        }
    }

    [GeneratedRegex("^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NameForm();
}
