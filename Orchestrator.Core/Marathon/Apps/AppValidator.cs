using System.Text.RegularExpressions;
using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Contract.Policy;
using Orchestrator.Core.Marathon.Daemons;
using Orchestrator.Core.Marathon.Autoscaling;

namespace Orchestrator.Core.Marathon.Apps;

/// <summary>Whether the values of a definition make sense, alone and together. Paths and texts are for the one who wrote it.</summary>
public static partial class AppValidator
{
    private static readonly string[] s_operators = ["UNIQUE", "CLUSTER", "GROUP_BY", "LIKE", "UNLIKE", "MAX_PER", "IS"];
    private static readonly string[] s_protocols = ["tcp", "udp", "udp,tcp", "tcp,udp"];
    private static readonly string[] s_checks = ["HTTP", "HTTPS", "TCP", "COMMAND", "MESOS_HTTP", "MESOS_HTTPS", "MESOS_TCP"];

    /// <summary>Adds what is wrong to <paramref name="errors"/>.</summary>
    public static void Validate(AppDefinition app, SecurityPolicy policy, FieldErrors errors)
    {
        ValidateCommand(app, errors);
        ValidateAmounts(app, errors);
        DaemonValidator.Validate(app, errors);
        ValidatePorts(app, errors);
        ValidateNetworks(app, errors);
        ValidateContainer(app, policy, errors);
        UpgradeValidator.Validate(app, errors);
        ResidencyValidator.Validate(app, errors);
        AutoscalingValidator.Validate(app, errors);
        for (var i = 0; i < app.HealthChecks.Count; i++)
        {
            ValidateHealthCheck(app, app.HealthChecks[i], $"/healthChecks({i})", errors);
        }

        for (var i = 0; i < app.Constraints.Count; i++)
        {
            ValidateConstraint(app.Constraints[i], $"/constraints({i})", errors);
        }

        for (var i = 0; i < app.Fetch.Count; i++)
        {
            errors.Require(app.Fetch[i].Uri.Length is > 0 and <= 1024, $"/fetch({i})/uri", "must have 1 to 1024 characters");
            errors.Require(app.Fetch[i].DestPath is not { } path || (!path.StartsWith('/') && !path.Split('/').Contains("..")), $"/fetch({i})/destPath", "must be a relative path without '..'");
        }
    }

    private static void ValidateCommand(AppDefinition app, FieldErrors errors)
    {
        var hasImage = app.Container?.Docker is not null;
        errors.Require(app.Cmd is null || app.Args.Count == 0, "/", "AppDefinition must either contain one of 'cmd' or 'args', and/or a 'container'.");
        errors.Require(app.Cmd is not null || app.Args.Count > 0 || hasImage || app.Executor.Length > 0, "/", "AppDefinition must either contain one of 'cmd' or 'args', and/or a 'container'.");
        errors.Require(app.Cmd is null || app.Cmd.Length > 0, "/cmd", "must not be empty");
        errors.Require(app.Args.Count == 0 || hasImage || app.Executor.Length > 0, "/args", "needs a container with an image, or an executor; use cmd for a shell command");
        errors.Require(app.Executor.Length == 0 || app.Executor == "//cmd" || ExecutorForm().IsMatch(app.Executor), "/executor", "must be empty, '//cmd' or a path");
        foreach (var (name, value) in app.Env)
        {
            errors.Require(name.Length > 0 && !name.Contains('=', StringComparison.Ordinal) && !name.Contains('\0', StringComparison.Ordinal), $"/env/{name}", "must be a name without '='");
            errors.Require(value.Text?.Contains('\0', StringComparison.Ordinal) != true, $"/env/{name}", "must not contain a zero byte");
            errors.Require(value.Secret is null, $"/env/{name}", "refers to a secret, and this host has no secret store; give the value itself");
        }
    }

    private static void ValidateAmounts(AppDefinition app, FieldErrors errors)
    {
        errors.Require(app.Instances >= 0, "/instances", "must be greater than or equal to 0");
        errors.Require(app.Labels.GetValueOrDefault("MARATHON_SINGLE_INSTANCE_APP") != "true" || app.Instances <= 1, "/instances", "must be 0 or 1 with the label MARATHON_SINGLE_INSTANCE_APP=true");
        errors.Require(app.Cpus >= 0.001, "/cpus", "must be greater than or equal to 0.001");
        errors.Require(app.Mem >= 0, "/mem", "must be greater than or equal to 0");
        errors.Require(app.Disk >= 0, "/disk", "must be greater than or equal to 0");
        errors.Require(app.Gpus >= 0, "/gpus", "must be greater than or equal to 0");
        errors.Require(app.Gpus == 0 || app.Container is not { IsDocker: true }, "/gpus", "cannot be used with a DOCKER container");
        errors.Require(app.Limits?.Cpus is not { } cpus || cpus >= app.Cpus, "/resourceLimits/cpus", $"must be greater than or equal to cpus ({app.Cpus})");
        errors.Require(app.Limits?.Mem is not { } mem || mem >= app.Mem, "/resourceLimits/mem", $"must be greater than or equal to mem ({app.Mem})");
        errors.Require(app.BackoffSeconds >= 0, "/backoffSeconds", "must be greater than or equal to 0");
        errors.Require(app.BackoffFactor >= 1, "/backoffFactor", "must be greater than or equal to 1");
        errors.Require(app.MaxLaunchDelaySeconds >= 0, "/maxLaunchDelaySeconds", "must be greater than or equal to 0");
        errors.Require(app.TaskKillGracePeriodSeconds is not < 0, "/taskKillGracePeriodSeconds", "must be greater than or equal to 0");
        if (app.UnreachableStrategy is { } unreachable)
        {
            errors.Require(unreachable.InactiveAfterSeconds >= 0, "/unreachableStrategy/inactiveAfterSeconds", "must be greater than or equal to 0");
            errors.Require(unreachable.ExpungeAfterSeconds >= unreachable.InactiveAfterSeconds, "/unreachableStrategy/expungeAfterSeconds", "must be greater than or equal to inactiveAfterSeconds");
        }

        errors.Require(app.AcceptedResourceRoles is not { Count: 0 }, "/acceptedResourceRoles", "must not be empty when given");
        errors.Require(app.Role is not { Length: 0 }, "/role", "must not be empty");
    }

    private static void ValidatePorts(AppDefinition app, FieldErrors errors)
    {
        var names = new HashSet<string>();
        var numbers = new HashSet<int>();
        var kind = app.IsHostNetworking ? "/portDefinitions" : "/container/portMappings";
        for (var i = 0; i < app.Ports.Count; i++)
        {
            var port = app.Ports[i];
            var path = $"{kind}({i})";
            errors.Require(port.Service is >= 0 and <= 65535, $"{path}/{(app.IsHostNetworking ? "port" : "servicePort")}", "must be between 0 and 65535");
            errors.Require(port.Host is null or (>= 0 and <= 65535), $"{path}/hostPort", "must be between 0 and 65535");
            errors.Require(port.Container is null or (>= 0 and <= 65535), $"{path}/containerPort", "must be between 0 and 65535");
            errors.Require(s_protocols.Contains(port.Protocol), $"{path}/protocol", $"'{port.Protocol}' is not one of tcp, udp, 'udp,tcp'");
            errors.Require(port.Name is null || NameForm().IsMatch(port.Name), $"{path}/name", "must be lower-case letters, digits and dashes");
            errors.Require(port.Name is null || names.Add(port.Name), $"{path}/name", $"'{port.Name}' is used twice; names of ports must be unique");
            errors.Require(!app.IsHostNetworking || port.Service == 0 || numbers.Add(port.Service), path, $"port {port.Service} is used twice; ports must be unique");
        }
    }

    private static void ValidateNetworks(AppDefinition app, FieldErrors errors)
    {
        var containers = app.Networks.Count(network => network.Mode == NetworkMode.Container);
        errors.Require(app.Networks.Count == 1 || containers == app.Networks.Count, "/networks", "must be one host network, one bridge network, or container networks only");
        errors.Require(containers <= 1 || app.Container is not { IsDocker: true }, "/networks", "a DOCKER container can join one container network only");
        errors.Require(app.Networks.Select(network => network.Name).Distinct().Count() == app.Networks.Count || app.Networks.Count == 1, "/networks", "names must be unique");
        for (var i = 0; i < app.Networks.Count; i++)
        {
            errors.Require(app.Networks[i].Mode != NetworkMode.Container || app.Networks[i].Name is { Length: > 0 }, $"/networks({i})/name", "must be given for a container network");
        }

        errors.Require(app.IsHostNetworking || app.Container is { IsDocker: true }, "/networks", "bridge and container networks need a container of type DOCKER here");
    }

    private static void ValidateContainer(AppDefinition app, SecurityPolicy policy, FieldErrors errors)
    {
        if (app.Container is not { } container)
        {
            return;
        }

        errors.Require(!container.IsDocker || container.Docker is not null, "/container/docker", "must be given for a container of type DOCKER");
        errors.Require(container.IsDocker || container.Docker is null, "/container/type", "an image needs type DOCKER here; the MESOS containerizer runs commands without an image");
        if (container.Docker is { } docker)
        {
            errors.Require(docker.Image.Length > 0 && !docker.Image.Any(char.IsWhiteSpace), "/container/docker/image", "must be an image reference without spaces, for example nginx:1.27");
            Ask(docker.Privileged ? policy.CheckPrivileged() : null, "/container/docker/privileged", errors);
            Ask(container.IsDocker && app.IsHostNetworking ? policy.CheckHostNetwork() : null, "/networks", errors);
            for (var i = 0; i < docker.Parameters.Count; i++)
            {
                var (key, value) = docker.Parameters[i];
                errors.Require(key.Length > 0, $"/container/docker/parameters({i})/key", "must not be empty");
                errors.Require(key != "name", $"/container/docker/parameters({i})/key", "must not be 'name'; the agent names the container");
                Ask(policy.CheckParameter(key, value), $"/container/docker/parameters({i})", errors);
            }
        }

        for (var i = 0; i < container.Volumes.Count; i++)
        {
            var volume = container.Volumes[i];
            errors.Require(volume.ContainerPath.Length > 0, $"/container/volumes({i})/containerPath", "must not be empty");
            errors.Require(volume.Other is null || volume.Persistent is not null, $"/container/volumes({i})", "external and secret volumes are not supported by this version; use a persistent or a host volume");
            Ask(volume.HostPath is { } path ? policy.CheckHostPath(path) : null, $"/container/volumes({i})/hostPath", errors);
        }
    }

    private static void ValidateHealthCheck(AppDefinition app, HealthCheckDefinition check, string path, FieldErrors errors)
    {
        errors.Require(s_checks.Contains(check.Protocol), $"{path}/protocol", $"'{check.Protocol}' is not one of {string.Join(", ", s_checks)}");
        errors.Require(check.Protocol != "COMMAND" || check.Command is { Length: > 0 }, $"{path}/command", "must be given for a COMMAND check");
        errors.Require(check.Protocol == "COMMAND" || check.Command is null, $"{path}/command", "is for COMMAND checks only");
        errors.Require(check.Path is null || check.Path.StartsWith('/'), $"{path}/path", "must begin with '/'");
        errors.Require(check.Port is null || check.PortIndex is null, path, "must have one of port and portIndex, not both");
        errors.Require(check.Protocol == "COMMAND" || check.Port is not null || check.PortIndex is not null, path, "needs a port or portIndex, and the app has no ports");
        errors.Require(check.PortIndex is not { } index || (index >= 0 && index < app.Ports.Count), $"{path}/portIndex", $"must be an index of the app's ports; there are {app.Ports.Count}");
        errors.Require(check.Port is null or (>= 1 and <= 65535), $"{path}/port", "must be between 1 and 65535");
        errors.Require(check.GracePeriodSeconds >= 0, $"{path}/gracePeriodSeconds", "must be greater than or equal to 0");
        errors.Require(check.IntervalSeconds >= 0, $"{path}/intervalSeconds", "must be greater than or equal to 0");
        errors.Require(check.TimeoutSeconds >= 0, $"{path}/timeoutSeconds", "must be greater than or equal to 0");
        errors.Require(check.DelaySeconds >= 0, $"{path}/delaySeconds", "must be greater than or equal to 0");
        errors.Require(check.MaxConsecutiveFailures >= 0, $"{path}/maxConsecutiveFailures", "must be greater than or equal to 0");
    }

    private static void ValidateConstraint(PlacementConstraint constraint, string path, FieldErrors errors)
    {
        errors.Require(constraint.Field.Length > 0, path, "missing field");
        if (!s_operators.Contains(constraint.Operator))
        {
            errors.Add(path, $"operator must be one of the following {string.Join(", ", s_operators)}");
            return;
        }

        switch (constraint.Operator)
        {
            case "UNIQUE":
                errors.Require(constraint.Value is null, path, "UNIQUE takes no value");
                break;
            case "GROUP_BY":
                errors.Require(constraint.Value is null or "" || int.TryParse(constraint.Value, out _), path, "GROUP_BY takes a whole number or nothing");
                break;
            case "MAX_PER":
                errors.Require(int.TryParse(constraint.Value, out _), path, "MAX_PER takes a whole number");
                break;
            case "LIKE" or "UNLIKE":
                errors.Require(constraint.Value is { Length: > 0 } && IsRegex(constraint.Value), path, $"{constraint.Operator} takes a valid regular expression");
                break;
            case "IS":
                errors.Require(constraint.Value is not null && IsForm().IsMatch(constraint.Value), path, "IS takes letters, digits and _/.-");
                break;
        }
    }

    private static bool IsRegex(string pattern)
    {
        try
        {
            _ = new Regex(pattern, RegexOptions.None, TimeSpan.FromMilliseconds(100));
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static void Ask(string? refusal, string path, FieldErrors errors)
    {
        if (refusal is not null)
        {
            errors.Add(path, refusal);
        }
    }

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")]
    private static partial Regex NameForm();

    [GeneratedRegex("^(/?[^/]+(/[^/]+)*)$")]
    private static partial Regex ExecutorForm();

    [GeneratedRegex("^[a-zA-Z0-9_/.-]*$")]
    private static partial Regex IsForm();
}
