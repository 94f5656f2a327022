using System.Text.Json;
using Orchestrator.Core.Primitives;

namespace Orchestrator.Core.Marathon.Apps;

/// <summary>
/// The fields that bodies may have, for those who ask to be told of others (<c>strict=true</c>). A field that is read and not
/// named here is a fault of this table: everything that is written of an app or a pod must pass.
/// </summary>
public sealed class KnownFields
{
    private static readonly KnownFields s_anything = new([]) { IsOpen = true };
    private readonly Dictionary<string, KnownFields?> _fields;

    private KnownFields(Dictionary<string, KnownFields?> fields) => _fields = fields;

    /// <summary>Of an app.</summary>
    public static KnownFields App { get; } = Object(
        "id cmd args user instances cpus mem disk gpus executor constraints acceptedResourceRoles role dependencies uris ports requirePorts backoffSeconds "
        + "backoffFactor maxLaunchDelaySeconds killSelection taskKillGracePeriodSeconds tty version drainSeconds daemon "
        + "tasksStaged tasksRunning tasksHealthy tasksUnhealthy deployments readinessCheckResults lastTaskFailure tasks tasksStats",
        ("env", s_anything),
        ("secrets", s_anything),
        ("labels", s_anything),
        ("autoscaling", s_anything),
        ("resourceLimits", Object("cpus mem")),
        ("executorResources", Object("cpus mem disk")),
        ("fetch", Object("uri extract executable cache destPath")),
        ("networks", Object("mode name", ("labels", s_anything))),
        ("portDefinitions", Object("port protocol name", ("labels", s_anything))),
        ("ipAddress", Object("networkName groups", ("labels", s_anything), ("discovery", Object("", ("ports", Object("number name protocol", ("labels", s_anything))))))),
        ("container", Container()),
        ("healthChecks", Object("protocol path port portIndex gracePeriodSeconds intervalSeconds timeoutSeconds maxConsecutiveFailures delaySeconds ignoreHttp1xx ipProtocol", ("command", Object("value")))),
        ("readinessChecks", Object("name protocol path portName intervalSeconds timeoutSeconds httpStatusCodesForReady preserveLastResponse")),
        ("check", Object(
            "intervalSeconds timeoutSeconds delaySeconds",
            ("http", Object("portIndex port path scheme")),
            ("tcp", Object("portIndex port")),
            ("exec", Object("", ("command", Object("shell argv")))))),
        ("upgradeStrategy", Object(
            "minimumHealthCapacity maximumOverCapacity type soakSeconds ordered deadlineSeconds maxFailures onFailure",
            ("preDeployment", Object("cmd args timeoutSeconds")))),
        ("unreachableStrategy", Object("inactiveAfterSeconds expungeAfterSeconds")),
        ("residency", Object("relaunchEscalationTimeoutSeconds taskLostBehavior")),
        ("versionInfo", Object("lastScalingAt lastConfigChangeAt")));

    /// <summary>Of a group, with all groups in it.</summary>
    public static KnownFields Group { get; } = MakeGroup();

    /// <summary>Of a pod. What is refused with a word of its own is known too.</summary>
    public static KnownFields Pod { get; } = Object(
        "id version user role secrets linuxInfo",
        ("environment", s_anything),
        ("labels", s_anything),
        ("containers", PodContainer()),
        ("volumes", Object("name host persistent secret")),
        ("networks", Object("mode name", ("labels", s_anything))),
        ("scaling", Object("kind instances")),
        ("scheduling", Object(
            "killSelection",
            ("backoff", Object("backoff backoffFactor maxLaunchDelay")),
            ("upgrade", Object("minimumHealthCapacity maximumOverCapacity")),
            ("placement", Object("acceptedResourceRoles", ("constraints", Object("fieldName operator value")))),
            ("unreachableStrategy", Object("inactiveAfterSeconds expungeAfterSeconds")))),
        ("executorResources", Object("cpus mem disk")));

    /// <summary>Everything may stand here.</summary>
    private bool IsOpen { get; init; }

    /// <summary>Notes every field that is not known, with what may have been meant. An array stands for its members.</summary>
    public void Check(JsonElement body, FieldErrors errors, string path = "")
    {
        if (body.ValueKind == JsonValueKind.Array)
        {
            var index = 0;
            foreach (var item in body.EnumerateArray())
            {
                Check(item, errors, $"{path}({index++})");
            }
        }

        if (body.ValueKind != JsonValueKind.Object || IsOpen)
        {
            return;
        }

        foreach (var field in body.EnumerateObject())
        {
            if (_fields.TryGetValue(field.Name, out var child))
            {
                child?.Check(field.Value, errors, $"{path}/{field.Name}");
            }
            else
            {
                var guess = Spelling.Nearest(field.Name, _fields.Keys);
                errors.Add($"{path}/{field.Name}", guess is null ? $"is not a known field; known here are {string.Join(", ", _fields.Keys.Order(StringComparer.Ordinal))}" : $"is not a known field; did you mean '{guess}'?");
            }
        }
    }

    /// <summary>All fields with those in them, as paths with dots; a group is not entered again.</summary>
    public IEnumerable<string> Paths() => _fields.SelectMany(field => field.Value is null || ReferenceEquals(field.Value, this)
        ? [field.Key]
        : field.Value.Paths().Select(inner => $"{field.Key}.{inner}").Prepend(field.Key));

    private static KnownFields Container()
    {
        var mapping = Object("containerPort hostPort servicePort protocol name networkNames", ("labels", s_anything));
        return Object(
            "type",
            ("docker", Object("image forcePullImage privileged network credential", ("parameters", Object("key value")), ("pullConfig", Object("secret")), ("portMappings", mapping))),
            ("portMappings", mapping),
            ("linuxInfo", Object("", ("seccomp", Object("profileName unconfined")), ("ipcInfo", Object("mode shmSize")))),
            ("volumes", Object(
                "containerPath hostPath mode secret",
                ("persistent", Object("type size maxSize profileName constraints")),
                ("external", Object("provider name size shared", ("options", s_anything))))));
    }

    private static KnownFields PodContainer() => Object(
        "name user tty check linuxInfo",
        ("exec", Object("overrideEntrypoint", ("command", Object("shell argv")))),
        ("image", Object("kind id forcePull pullConfig")),
        ("resources", Object("cpus mem disk gpus")),
        ("resourceLimits", Object("cpus mem")),
        ("endpoints", Object("name containerPort hostPort protocol", ("labels", s_anything))),
        ("environment", s_anything),
        ("labels", s_anything),
        ("artifacts", Object("uri extract executable cache destPath")),
        ("volumeMounts", Object("name mountPath readOnly")),
        ("healthCheck", Object(
            "gracePeriodSeconds intervalSeconds timeoutSeconds maxConsecutiveFailures delaySeconds",
            ("http", Object("endpoint path scheme")),
            ("tcp", Object("endpoint")),
            ("exec", Object("", ("command", Object("shell")))))),
        ("lifecycle", Object("killGracePeriodSeconds")));

    private static KnownFields MakeGroup()
    {
        var group = Object("id dependencies version scaleBy enforceRole pods", ("apps", App));
        group._fields["groups"] = group;
        return group;
    }

    private static KnownFields Object(string plain, params (string Name, KnownFields Of)[] nested)
    {
        var fields = plain.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToDictionary(name => name, _ => (KnownFields?)null, StringComparer.Ordinal);
        foreach (var (name, of) in nested)
        {
            fields.Add(name, of);
        }

        return new KnownFields(fields);
    }
}
