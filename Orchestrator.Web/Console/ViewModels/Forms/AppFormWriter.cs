using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Orchestrator.Web.Console.ViewModels.Forms;

/// <summary>
/// Brings the form back into its document. Only what differs from what the document already says is written, so that keys
/// which the form does not know, old spellings and the order of keys stay as they are.
/// </summary>
public static partial class AppFormWriter
{
    private static readonly string[] s_mappingOnly = ["containerPort", "hostPort", "servicePort", "networkNames"];

    /// <summary>Changes the document to say what the form says.</summary>
    public static void Write(AppForm form, JsonObject document)
    {
        var before = AppFormReader.Read(document);
        foreach (var field in ScalarField.All)
        {
            if (field.Get(form) != field.Get(before))
            {
                JsonFields.SetOrRemove(document, field.Path, field.Get(form), field.IsNumber);
            }
        }

        WriteContainer(form, before, document);
        WriteNetwork(form, before, document);
        WritePorts(form, before, document);
        WriteIfChanged(document, "env", Map(form.Env), Map(before.Env));
        WriteIfChanged(document, "labels", Map(form.Labels), Map(before.Labels));
        WriteIfChanged(document, "healthChecks", Array(form.HealthChecks.Select(HealthCheck)), Array(before.HealthChecks.Select(HealthCheck)));
        WriteIfChanged(document, "container/volumes", Array(form.Volumes.Select(Volume)), Array(before.Volumes.Select(Volume)));
        WriteUris(form, before, document);
        WriteTexts(document, "acceptedResourceRoles", form.AcceptedResourceRoles, before.AcceptedResourceRoles);
        WriteTexts(document, "dependencies", form.Dependencies, before.Dependencies);
        if (form.Constraints != before.Constraints)
        {
            var constraints = Array(SplitConstraints(form.Constraints).Select(text => (JsonNode)Array(text.Split(':', 3).Select(part => (JsonNode)JsonValue.Create(part.Trim())))));
            WriteIfChanged(document, "constraints", constraints, null);
        }
    }

    /// <summary>Texts between commas and line ends.</summary>
    internal static IReadOnlyList<string> Split(string text) => text.Split([',', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>As <see cref="Split"/>, but a comma inside a value (<c>host:LIKE:a{1,2}</c>) does not part anything.</summary>
    internal static IReadOnlyList<string> SplitConstraints(string text) =>
        [.. ConstraintEnd().Split(text).Select(part => part.Trim()).Where(part => part.Length > 0)];

    private static void WriteContainer(AppForm form, AppForm before, JsonObject document)
    {
        if (form.Runtime != before.Runtime)
        {
            WriteRuntime(form, document);
        }

        if (form.Runtime == ContainerRuntime.None)
        {
            return;
        }

        if (form.Image != before.Image)
        {
            JsonFields.Set(document, "container/docker/image", JsonValue.Create(form.Image));
        }

        if (form.ForcePullImage != before.ForcePullImage)
        {
            JsonFields.Set(document, "container/docker/forcePullImage", JsonValue.Create(form.ForcePullImage));
        }

        if (form.Privileged != before.Privileged)
        {
            JsonFields.Set(document, "container/docker/privileged", JsonValue.Create(form.Privileged));
        }

        WriteIfChanged(document, "container/docker/parameters", Parameters(form.Parameters), Parameters(before.Parameters));
    }

    private static void WriteRuntime(AppForm form, JsonObject document)
    {
        if (form.Runtime != ContainerRuntime.None)
        {
            JsonFields.Set(document, "container/type", JsonValue.Create(form.Runtime == ContainerRuntime.Docker ? "DOCKER" : "MESOS"));
            if (JsonFields.Get(document, "container/docker") is not JsonObject)
            {
                JsonFields.Set(document, "container/docker", new JsonObject { ["image"] = form.Image });
            }

            return;
        }

        JsonFields.Remove(document, "container/docker");
        if (document["container"] is JsonObject { Count: > 1 } container)
        {
            container["type"] = "MESOS";
        }
        else
        {
            document.Remove("container");
        }
    }

    private static void WriteNetwork(AppForm form, AppForm before, JsonObject document)
    {
        if ((form.Network == before.Network && form.NetworkName == before.NetworkName) || form.Network == FormNetwork.Several)
        {
            return;
        }

        DropOldNetwork(document);
        var network = new JsonObject { ["mode"] = form.Network switch { FormNetwork.Host => "host", FormNetwork.Bridge => "container/bridge", _ => "container" } };
        if (form.Network == FormNetwork.User && form.NetworkName.Length > 0)
        {
            network["name"] = form.NetworkName;
        }

        if (before.Network == form.Network && document["networks"] is JsonArray { Count: 1 } given && given[0] is JsonObject { } old && old["labels"] is { } labels)
        {
            network["labels"] = labels.DeepClone();
        }

        document["networks"] = new JsonArray(network);
    }

    /// <summary>What Marathon before 1.5 said of networks and ports; it may not stand beside the new.</summary>
    private static void DropOldNetwork(JsonObject document)
    {
        foreach (var path in new[] { "container/docker/network", "ipAddress" })
        {
            JsonFields.Remove(document, path);
        }
    }

    private static void WritePorts(AppForm form, AppForm before, JsonObject document)
    {
        if (form.RequirePorts != before.RequirePorts)
        {
            document["requirePorts"] = form.RequirePorts;
        }

        var isHost = form.Network == FormNetwork.Host;
        var movedNetwork = isHost != (before.Network == FormNetwork.Host);
        var ports = Ports(form);
        if (!movedNetwork && JsonNode.DeepEquals(ports, Ports(before)))
        {
            return;
        }

        foreach (var path in new[] { "ports", "portDefinitions", "container/docker/portMappings", "container/portMappings" })
        {
            JsonFields.Remove(document, path);
        }

        if (!isHost)
        {
            document.Remove("requirePorts");
        }

        if (ports.Count > 0 || !movedNetwork)
        {
            JsonFields.Set(document, isHost ? "portDefinitions" : "container/portMappings", ports);
        }
    }

    private static void WriteUris(AppForm form, AppForm before, JsonObject document)
    {
        if (form.Uris == before.Uris)
        {
            return;
        }

        var known = AppFormReader.Objects(document["fetch"]).GroupBy(item => JsonFields.Text(item["uri"])).ToDictionary(group => group.Key, group => group.First());
        document.Remove("uris");
        WriteIfChanged(document, "fetch", Array(Split(form.Uris).Select(uri => known.TryGetValue(uri, out var old) ? old.DeepClone() : new JsonObject { ["uri"] = uri })), null);
    }

    private static void WriteTexts(JsonObject document, string path, string text, string before)
    {
        if (text != before)
        {
            WriteIfChanged(document, path, Array(Split(text).Select(item => (JsonNode)JsonValue.Create(item))), null);
        }
    }

    private static void WriteIfChanged(JsonObject document, string path, JsonNode now, JsonNode? before)
    {
        if (before is not null && JsonNode.DeepEquals(now, before))
        {
            return;
        }

        if (now is JsonArray { Count: 0 } or JsonObject { Count: 0 })
        {
            JsonFields.Remove(document, path);
        }
        else
        {
            JsonFields.Set(document, path, now);
        }
    }

    private static JsonArray Array(IEnumerable<JsonNode> nodes) => new([.. nodes]);

    private static JsonObject Map(List<PairRow> rows)
    {
        var map = new JsonObject();
        foreach (var row in rows.Where(row => row.Key.Length > 0))
        {
            map[row.Key] = row.Other?.DeepClone() ?? JsonValue.Create(row.Value);
        }

        return map;
    }

    private static JsonArray Parameters(List<PairRow> rows) =>
        Array(rows.Where(row => row.Key.Length > 0).Select(row => new JsonObject { ["key"] = row.Key, ["value"] = row.Value }));

    private static JsonArray Ports(AppForm form) => Array(form.Ports.Select(row =>
    {
        var port = Source(row.Source);
        if (form.Network == FormNetwork.Host)
        {
            foreach (var name in s_mappingOnly)
            {
                port.Remove(name);
            }

            port["port"] = JsonFields.NumberOrText(row.HostPort.Length == 0 ? "0" : row.HostPort);
        }
        else
        {
            port.Remove("port");
            port["containerPort"] = JsonFields.NumberOrText(row.ContainerPort.Length == 0 ? "0" : row.ContainerPort);
            JsonFields.SetOrRemove(port, "hostPort", row.HostPort, isNumber: true);
        }

        port["protocol"] = row.Protocol;
        JsonFields.SetOrRemove(port, "name", row.Name, isNumber: false);
        return port;
    }));

    private static JsonObject HealthCheck(HealthCheckRow row)
    {
        var check = Source(row.Source);
        check["protocol"] = row.Protocol;
        JsonFields.SetOrRemove(check, "path", row.IsHttp ? row.Path : "", isNumber: false);
        JsonFields.SetOrRemove(check, "command/value", row.IsCommand ? row.Command : "", isNumber: false);
        JsonFields.SetOrRemove(check, "portIndex", row.IsFixedPort || row.IsCommand ? "" : row.Port, isNumber: true);
        JsonFields.SetOrRemove(check, "port", row.IsFixedPort && !row.IsCommand ? row.Port : "", isNumber: true);
        JsonFields.SetOrRemove(check, "gracePeriodSeconds", row.GracePeriodSeconds, isNumber: true);
        JsonFields.SetOrRemove(check, "intervalSeconds", row.IntervalSeconds, isNumber: true);
        JsonFields.SetOrRemove(check, "timeoutSeconds", row.TimeoutSeconds, isNumber: true);
        JsonFields.SetOrRemove(check, "maxConsecutiveFailures", row.MaxConsecutiveFailures, isNumber: true);
        if (row.IgnoreHttp1xx || check["ignoreHttp1xx"] is not null)
        {
            check["ignoreHttp1xx"] = row.IgnoreHttp1xx;
        }

        return check;
    }

    private static JsonObject Volume(VolumeRow row)
    {
        var volume = Source(row.Source);
        volume["containerPath"] = row.ContainerPath;
        JsonFields.SetOrRemove(volume, "hostPath", row.Kind == VolumeKind.Host ? row.HostPath : "", isNumber: false);
        if (row.Kind != VolumeKind.Other)
        {
            volume["mode"] = row.Mode;
            Keep(volume, "persistent/size", row.Kind == VolumeKind.Persistent, JsonFields.NumberOrText(row.SizeMiB));
            Keep(volume, "external/name", row.Kind == VolumeKind.External, JsonValue.Create(row.Name));
        }

        return volume;
    }

    private static void Keep(JsonObject volume, string path, bool isKept, JsonNode value)
    {
        if (isKept)
        {
            JsonFields.Set(volume, path, value);
        }
        else
        {
            volume.Remove(path[..path.IndexOf('/', StringComparison.Ordinal)]);
        }
    }

    private static JsonObject Source(JsonObject? source) => source?.DeepClone().AsObject() ?? [];

    [GeneratedRegex(@"\n|,(?=\s*[^,:\s]+\s*:\s*[A-Za-z_]+\s*(?:[:,\n]|$))")]
    private static partial Regex ConstraintEnd();
}
