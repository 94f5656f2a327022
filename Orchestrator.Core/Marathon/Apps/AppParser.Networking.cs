using Orchestrator.Core.Contract.Apps;

namespace Orchestrator.Core.Marathon.Apps;

/// <summary>Networks, ports, containers and volumes; the forms of Marathon 1.4 and before become those of 1.5 and after.</summary>
public static partial class AppParser
{
    private static readonly Dictionary<string, string> s_noLabels = [];

    private static (IReadOnlyList<NetworkDefinition> Networks, ContainerDefinition? Container) ReadNetworking(FieldReader app)
    {
        var container = app.Child("container");
        var docker = container?.Child("docker");
        var old = docker?.Text("network");
        if (old is not null && app.Items("networks").Count > 0)
        {
            app.Errors.Add("/container/docker/network", "cannot be used together with networks; write networks only");
        }

        if (app.Has("ipAddress") && app.Items("networks").Count > 0)
        {
            app.Error("ipAddress", "cannot be used together with networks; write networks only");
        }

        var networks = ReadNetworks(app);
        if (networks.Count == 0)
        {
            networks = FromOldForms(app, old);
        }

        var isHost = networks.Count == 0 || networks[0].Mode == NetworkMode.Host;
        return (networks.Count == 0 ? [new NetworkDefinition(NetworkMode.Host, null, s_noLabels)] : networks, container is { } given ? ReadContainer(given, isHost, networks) : null);
    }

    private static List<NetworkDefinition> ReadNetworks(FieldReader app) =>
    [
        .. app.Objects("networks").Select(network =>
        {
            var mode = network.Text("mode") ?? "container";
            if (mode is not ("host" or "container" or "container/bridge"))
            {
                network.Error("mode", $"'{mode}' is not one of host, container, container/bridge");
            }

            return new NetworkDefinition(mode switch { "host" => NetworkMode.Host, "container/bridge" => NetworkMode.Bridge, _ => NetworkMode.Container }, network.Text("name"), network.TextMap("labels"));
        }),
    ];

    private static List<NetworkDefinition> FromOldForms(FieldReader app, string? dockerNetwork)
    {
        var address = app.Child("ipAddress");
        switch (dockerNetwork?.ToUpperInvariant())
        {
            case "BRIDGE":
                return [new NetworkDefinition(NetworkMode.Bridge, null, s_noLabels)];
            case "USER":
                return [new NetworkDefinition(NetworkMode.Container, address?.Text("networkName"), address?.TextMap("labels") ?? s_noLabels)];
            case "HOST":
                return [new NetworkDefinition(NetworkMode.Host, null, s_noLabels)];
            case null when address is { } given:
                return given.Text("networkName") is { } name
                    ? [name == "mesos-bridge" ? new NetworkDefinition(NetworkMode.Bridge, null, s_noLabels) : new NetworkDefinition(NetworkMode.Container, name, given.TextMap("labels"))]
                    : [new NetworkDefinition(NetworkMode.Container, null, given.TextMap("labels"))];
            case null:
                return [];
            default:
                app.Errors.Add("/container/docker/network", $"'{dockerNetwork}' is not one of BRIDGE, HOST, USER");
                return [];
        }
    }

    private static ContainerDefinition ReadContainer(FieldReader container, bool isHost, List<NetworkDefinition> networks)
    {
        var type = container.Text("type") ?? "DOCKER";
        if (type is not ("DOCKER" or "MESOS"))
        {
            container.Error("type", $"'{type}' is not one of DOCKER, MESOS");
        }

        var docker = container.Child("docker");
        if (container.Items("portMappings").Count > 0 && docker?.Items("portMappings").Count > 0)
        {
            container.Error("docker/portMappings", "cannot be used together with container.portMappings; write the latter only");
        }

        return new ContainerDefinition
        {
            IsDocker = type == "DOCKER",
            Docker = docker is { } given ? ReadDocker(given) : null,
            PortMappings = isHost ? null : ReadPortMappings(container.Has("portMappings") || docker is null ? container : docker.Value, networks),
            Volumes = [.. container.Objects("volumes").Select(ReadVolume)],
            LinuxInfo = container.Get("linuxInfo")?.GetRawText(),
        };
    }

    private static DockerDefinition ReadDocker(FieldReader docker)
    {
        if (docker.Has("credential"))
        {
            docker.Error("credential", "is not supported any more; give the agent --docker_config");
        }

        return new DockerDefinition
        {
            Image = docker.Text("image") ?? Missing(docker, "image"),
            ForcePullImage = docker.Flag("forcePullImage", false),
            Privileged = docker.Flag("privileged", false),
            Parameters = [.. docker.Objects("parameters").Select(parameter => KeyValuePair.Create(parameter.Text("key") ?? Missing(parameter, "key"), parameter.Text("value") ?? Missing(parameter, "value")))],
            PullConfig = docker.Get("pullConfig")?.GetRawText(),
        };
    }

    private static List<PortMapping> ReadPortMappings(FieldReader owner, List<NetworkDefinition> networks)
    {
        var isBridge = networks is [{ Mode: NetworkMode.Bridge }, ..];
        if (!owner.Has("portMappings"))
        {
            return [new PortMapping(0, isBridge ? 0 : null, 0, "tcp", "default", s_noLabels, [])];
        }

        return [.. owner.Objects("portMappings").Select(mapping => new PortMapping(
            mapping.Whole("containerPort", 0),
            mapping.Has("hostPort") ? mapping.Whole("hostPort", 0) : isBridge ? 0 : null,
            mapping.Whole("servicePort", 0),
            mapping.Text("protocol") ?? "tcp",
            mapping.Text("name"),
            mapping.TextMap("labels"),
            mapping.Texts("networkNames")))];
    }

    private static List<PortDefinition> ReadPortDefinitions(FieldReader app, bool isHost)
    {
        var old = app.Items("ports");
        if (old.Count > 0 && app.Items("portDefinitions").Count > 0)
        {
            app.Error("ports", "cannot be used together with portDefinitions; write the latter only");
        }

        if (!isHost)
        {
            return [];
        }

        if (app.Has("portDefinitions"))
        {
            return [.. app.Objects("portDefinitions").Select(port => new PortDefinition(port.Whole("port", 0), port.Text("protocol") ?? "tcp", port.Text("name"), port.TextMap("labels")))];
        }

        if (!app.Has("ports"))
        {
            return [new PortDefinition(0, "tcp", "default", s_noLabels)];
        }

        var ports = new List<PortDefinition>();
        foreach (var (item, path) in old)
        {
            if (item.ValueKind == System.Text.Json.JsonValueKind.Number && item.TryGetInt32(out var port))
            {
                ports.Add(new PortDefinition(port, "tcp", null, s_noLabels));
            }
            else
            {
                app.Errors.Add(path, "error.expected.int");
            }
        }

        return ports;
    }

    private static VolumeDefinition ReadVolume(FieldReader volume)
    {
        var isOther = volume.Has("persistent") || volume.Has("external") || volume.Has("secret");
        var mode = volume.Text("mode");
        if (mode is not (null or "RO" or "RW") || (mode is null && !volume.Has("secret")))
        {
            volume.Error("mode", "must be RO or RW");
        }

        return new VolumeDefinition(
            volume.Text("containerPath") ?? Missing(volume, "containerPath"),
            isOther ? null : volume.Text("hostPath") ?? Missing(volume, "hostPath"),
            mode == "RO",
            isOther ? volume.Raw : null)
        {
            Persistent = volume.Child("persistent") is { } persistent ? new PersistentVolume(persistent.Text("type") ?? "root", persistent.Whole("size", 0)) : null,
        };
    }
}
