using System.Text.Json.Nodes;

namespace Orchestrator.Web.Console.ViewModels.Forms;

/// <summary>Makes the form of a document, in the new forms of Marathon's definitions and the old ones.</summary>
public static class AppFormReader
{
    /// <summary>The form; what it cannot show stays in the document.</summary>
    public static AppForm Read(JsonObject document)
    {
        var form = new AppForm();
        foreach (var field in ScalarField.All)
        {
            field.Set(form, JsonFields.Text(JsonFields.Get(document, field.Path)));
        }

        ReadContainer(document, form);
        ReadNetwork(document, form);
        ReadPorts(document, form);
        form.Env = ReadMap(document["env"]);
        form.Labels = ReadMap(document["labels"]);
        form.HealthChecks = [.. Objects(document["healthChecks"]).Select(ReadHealthCheck)];
        form.Volumes = [.. Objects(JsonFields.Get(document, "container/volumes")).Select(ReadVolume)];
        form.Uris = string.Join(", ", Items(document["fetch"]).Select(item => item is JsonObject fetched ? JsonFields.Text(fetched["uri"]) : JsonFields.Text(item)).Concat(Items(document["uris"]).Select(JsonFields.Text)));
        form.Constraints = string.Join(", ", Items(document["constraints"]).Select(item => item is JsonArray parts ? string.Join(':', parts.Select(JsonFields.Text)) : JsonFields.Text(item)));
        form.AcceptedResourceRoles = string.Join(", ", Items(document["acceptedResourceRoles"]).Select(JsonFields.Text));
        form.Dependencies = string.Join(", ", Items(document["dependencies"]).Select(JsonFields.Text));
        return form;
    }

    /// <summary>The members of an array that are objects.</summary>
    internal static IEnumerable<JsonObject> Objects(JsonNode? node) => Items(node).OfType<JsonObject>();

    private static IEnumerable<JsonNode?> Items(JsonNode? node) => node as JsonArray ?? [];

    private static void ReadContainer(JsonObject document, AppForm form)
    {
        if (document["container"] is not JsonObject container)
        {
            return;
        }

        var hasImage = container["docker"] is JsonObject;
        form.Runtime = JsonFields.Text(container["type"]) == "MESOS"
            ? hasImage ? ContainerRuntime.Mesos : ContainerRuntime.None
            : ContainerRuntime.Docker;
        form.Image = JsonFields.Text(JsonFields.Get(container, "docker/image"));
        form.ForcePullImage = JsonFields.Flag(JsonFields.Get(container, "docker/forcePullImage"));
        form.Privileged = JsonFields.Flag(JsonFields.Get(container, "docker/privileged"));
        form.Parameters = [.. Objects(JsonFields.Get(container, "docker/parameters")).Select(parameter => new PairRow { Key = JsonFields.Text(parameter["key"]), Value = JsonFields.Text(parameter["value"]) })];
    }

    private static void ReadNetwork(JsonObject document, AppForm form)
    {
        var networks = Objects(document["networks"]).ToList();
        if (networks.Count > 1)
        {
            form.Network = FormNetwork.Several;
        }
        else if (networks.Count == 1)
        {
            form.Network = JsonFields.Text(networks[0]["mode"]) switch { "host" => FormNetwork.Host, "container/bridge" => FormNetwork.Bridge, _ => FormNetwork.User };
            form.NetworkName = JsonFields.Text(networks[0]["name"]);
        }
        else
        {
            form.NetworkName = JsonFields.Text(JsonFields.Get(document, "ipAddress/networkName"));
            form.Network = JsonFields.Text(JsonFields.Get(document, "container/docker/network")).ToUpperInvariant() switch
            {
                "BRIDGE" => FormNetwork.Bridge,
                "USER" => FormNetwork.User,
                _ => document["ipAddress"] is JsonObject ? FormNetwork.User : FormNetwork.Host,
            };
        }
    }

    private static void ReadPorts(JsonObject document, AppForm form)
    {
        form.RequirePorts = JsonFields.Flag(document["requirePorts"]);
        if (form.Network != FormNetwork.Host)
        {
            var mappings = JsonFields.Get(document, "container/portMappings") ?? JsonFields.Get(document, "container/docker/portMappings");
            form.ArePortsDefault = mappings is null;
            form.Ports = [.. Objects(mappings).Select(mapping => ReadPort(mapping, JsonFields.Text(mapping["containerPort"]), JsonFields.Text(mapping["hostPort"])))];
            return;
        }

        var definitions = document["portDefinitions"];
        form.ArePortsDefault = definitions is null && document["ports"] is null;
        form.Ports = definitions is not null
            ? [.. Objects(definitions).Select(definition => ReadPort(definition, "", JsonFields.Text(definition["port"])))]
            : [.. Items(document["ports"]).Select(port => new PortRow { HostPort = JsonFields.Text(port) })];
    }

    private static PortRow ReadPort(JsonObject source, string container, string host) => new()
    {
        ContainerPort = container,
        HostPort = host,
        Protocol = JsonFields.Text(source["protocol"]) is { Length: > 0 } protocol ? protocol : "tcp",
        Name = JsonFields.Text(source["name"]),
        Source = source.DeepClone().AsObject(),
    };

    private static List<PairRow> ReadMap(JsonNode? node) =>
        node is JsonObject map
            ? [.. map.Select(pair => new PairRow { Key = pair.Key, Value = JsonFields.Text(pair.Value), Other = pair.Value is JsonValue value && value.TryGetValue<string>(out _) ? null : pair.Value?.DeepClone() })]
            : [];

    private static HealthCheckRow ReadHealthCheck(JsonObject source) => new()
    {
        Protocol = JsonFields.Text(source["protocol"]) is { Length: > 0 } protocol ? protocol : "HTTP",
        Path = JsonFields.Text(source["path"]),
        Command = JsonFields.Text(JsonFields.Get(source, "command/value")),
        IsFixedPort = source["port"] is not null,
        Port = JsonFields.Text(source["port"] ?? source["portIndex"]),
        GracePeriodSeconds = JsonFields.Text(source["gracePeriodSeconds"]),
        IntervalSeconds = JsonFields.Text(source["intervalSeconds"]),
        TimeoutSeconds = JsonFields.Text(source["timeoutSeconds"]),
        MaxConsecutiveFailures = JsonFields.Text(source["maxConsecutiveFailures"]),
        IgnoreHttp1xx = JsonFields.Flag(source["ignoreHttp1xx"]),
        Source = source.DeepClone().AsObject(),
    };

    private static VolumeRow ReadVolume(JsonObject source) => new()
    {
        Kind = source["persistent"] is not null ? VolumeKind.Persistent : source["external"] is not null ? VolumeKind.External : source["secret"] is not null ? VolumeKind.Other : VolumeKind.Host,
        ContainerPath = JsonFields.Text(source["containerPath"]),
        HostPath = JsonFields.Text(source["hostPath"]),
        Mode = JsonFields.Text(source["mode"]) is { Length: > 0 } mode ? mode : "RW",
        SizeMiB = JsonFields.Text(JsonFields.Get(source, "persistent/size")),
        Name = JsonFields.Text(JsonFields.Get(source, "external/name")),
        Source = source.DeepClone().AsObject(),
    };
}
