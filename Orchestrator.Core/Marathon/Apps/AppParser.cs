using System.Text.Json;
using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon.Autoscaling;

namespace Orchestrator.Core.Marathon.Apps;

/// <summary>
/// Reads an app definition: old and new forms, new forms out; what is absent gets its default. Errors of type go to
/// <see cref="FieldErrors"/>; whether values make sense is for <see cref="AppValidator"/>.
/// </summary>
public static partial class AppParser
{
    /// <summary>Fields that are kept as given.</summary>
    private static readonly string[] s_other = ["check", "residency", "secrets", "executorResources", "tty"];

    /// <summary>Extensions that <c>uris</c> of old unpack.</summary>
    private static readonly string[] s_archives = [".tar", ".tar.gz", ".tar.bz2", ".tar.xz", ".gz", ".tgz", ".tbz2", ".txz", ".zip"];

    /// <summary>Reads it; on errors the result is not to be used.</summary>
    /// <param name="json">The body.</param>
    /// <param name="id">The id when the path of the request says it; null when the body must.</param>
    /// <param name="errors">Filled with what is wrong.</param>
    public static AppDefinition Parse(JsonElement json, string? id, FieldErrors errors)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            errors.Add("", "error.expected.jsobject");
            return new AppDefinition { Id = id ?? "/" };
        }

        var app = new FieldReader(json, "", errors);
        id ??= ReadId(app);
        var labels = app.TextMap("labels");
        var isSingle = labels.GetValueOrDefault("MARATHON_SINGLE_INSTANCE_APP") == "true";
        var autoscaling = app.Child("autoscaling") is { } rule ? AutoscalingJson.Read(rule) : null;
        var isAll = app.Get("instances") is { ValueKind: JsonValueKind.String } instances && instances.GetString() == "all";
        var (networks, container) = ReadNetworking(app);
        var isResident = container?.Volumes.Any(volume => volume.Persistent is not null) == true;
        var isHost = networks.Count == 0 || networks[0].Mode == NetworkMode.Host;
        return new AppDefinition
        {
            Id = id,
            Cmd = app.Text("cmd"),
            Args = app.Texts("args"),
            User = app.Text("user"),
            Env = ReadEnv(app),
            Instances = isAll ? 0 : app.Whole("instances", autoscaling?.Min ?? 1),
            IsDaemon = isAll || app.Flag("daemon", false),
            Autoscaling = autoscaling,
            Cpus = app.Number("cpus", 1),
            Mem = app.Number("mem", 128),
            Disk = app.Number("disk", 0),
            Gpus = app.Whole("gpus", 0),
            Limits = ReadLimits(app),
            Executor = app.Text("executor") ?? "",
            Constraints = ReadConstraints(app),
            AcceptedResourceRoles = app.Has("acceptedResourceRoles") ? app.Texts("acceptedResourceRoles") : null,
            Role = app.Text("role"),
            Dependencies = [.. app.Texts("dependencies").Select(dependency => PathId.Dependency(dependency, id))],
            Labels = labels,
            Fetch = ReadFetch(app),
            Networks = networks,
            PortDefinitions = ReadPortDefinitions(app, isHost),
            RequirePorts = isHost && app.Flag("requirePorts", false),
            Container = container,
            HealthChecks = ReadHealthChecks(app, isHost, container),
            ReadinessChecks = ReadReadinessChecks(app),
            UpgradeStrategy = ReadUpgradeStrategy(app, isSingle, isResident),
            BackoffSeconds = app.Number("backoffSeconds", 1),
            BackoffFactor = app.Number("backoffFactor", 1.15),
            MaxLaunchDelaySeconds = app.Number("maxLaunchDelaySeconds", 300),
            KillOldestFirst = ReadKillSelection(app),
            UnreachableStrategy = ReadUnreachableStrategy(app, isResident),
            TaskKillGracePeriodSeconds = app.Has("taskKillGracePeriodSeconds") ? app.Number("taskKillGracePeriodSeconds", 0) : null,
            DrainSeconds = app.Has("drainSeconds") ? app.Number("drainSeconds", 0) : null,
            Other = ReadOther(app, isResident),
        };
    }

    private static Dictionary<string, string> ReadOther(FieldReader app, bool isResident)
    {
        var other = s_other.Where(app.Has).ToDictionary(name => name, name => app.Get(name)!.Value.GetRawText());
        if (isResident)
        {
            // Without effect for long, but clients read it as the mark of an app with volumes.
            other.TryAdd("residency", """{"relaunchEscalationTimeoutSeconds":3600,"taskLostBehavior":"WAIT_FOREVER"}""");
        }

        return other;
    }

    private static string ReadId(FieldReader app)
    {
        if (app.Text("id") is not { } id)
        {
            if (!app.Has("id"))
            {
                app.Error("id", "error.path.missing");
            }

            return "/";
        }

        if (PathId.Check(id) is { } problem)
        {
            app.Error("id", problem);
        }

        return PathId.Absolute(id);
    }

    private static SortedDictionary<string, EnvValue> ReadEnv(FieldReader app)
    {
        var env = new SortedDictionary<string, EnvValue>(StringComparer.Ordinal);
        if (app.Child("env") is not { } child)
        {
            return env;
        }

        foreach (var property in child.Properties())
        {
            if (property.Value.ValueKind == JsonValueKind.String)
            {
                env[property.Name] = new EnvValue(property.Value.GetString(), null);
            }
            else if (property.Value.ValueKind == JsonValueKind.Object && new FieldReader(property.Value, $"/env/{property.Name}", app.Errors).Text("secret") is { } secret)
            {
                env[property.Name] = new EnvValue(null, secret);
            }
            else
            {
                child.Error(property.Name, "error.expected.jsstring: a text, or an object {\"secret\": name}");
            }
        }

        return env;
    }

    /// <summary>Reads <c>resourceLimits</c>; also of a container of a pod.</summary>
    internal static ResourceLimits? ReadLimits(FieldReader app)
    {
        if (app.Child("resourceLimits") is not { } limits)
        {
            return null;
        }

        double? Limit(string name) => limits.Get(name) switch
        {
            null => null,
            { ValueKind: JsonValueKind.String } text when text.GetString() == "unlimited" => double.PositiveInfinity,
            { ValueKind: JsonValueKind.String } => Bad(name),
            _ => limits.Number(name, 0),
        };
        double? Bad(string name)
        {
            limits.Error(name, "must be a number or \"unlimited\"");
            return null;
        }

        return new ResourceLimits(Limit("cpus"), Limit("mem"));
    }

    private static List<PlacementConstraint> ReadConstraints(FieldReader app)
    {
        var constraints = new List<PlacementConstraint>();
        foreach (var (item, path) in app.Items("constraints"))
        {
            if (item.ValueKind == JsonValueKind.Array && item.GetArrayLength() is 2 or 3 && item.EnumerateArray().All(part => part.ValueKind is JsonValueKind.String or JsonValueKind.Number))
            {
                var parts = item.EnumerateArray().Select(part => part.ValueKind == JsonValueKind.String ? part.GetString()! : part.GetRawText()).ToArray();
                constraints.Add(new PlacementConstraint(parts[0], parts[1].ToUpperInvariant(), parts.Length > 2 ? parts[2] : null));
            }
            else
            {
                app.Errors.Add(path, "must be [field, operator] or [field, operator, value], all texts");
            }
        }

        return constraints;
    }

    private static List<FetchUri> ReadFetch(FieldReader app)
    {
        if (app.Has("uris") && app.Has("fetch") && app.Items("uris").Count > 0 && app.Items("fetch").Count > 0)
        {
            app.Error("uris", "cannot be used together with fetch; write fetch only");
        }

        var old = app.Texts("uris").Select(uri => new FetchUri(uri, s_archives.Any(ending => uri.EndsWith(ending, StringComparison.Ordinal)), false, false, null));
        var fetch = app.Objects("fetch").Select(item => new FetchUri(item.Text("uri") ?? Missing(item, "uri"), item.Flag("extract", true), item.Flag("executable", false), item.Flag("cache", false), item.Text("destPath")));
        return [.. old, .. fetch];
    }

    private static List<HealthCheckDefinition> ReadHealthChecks(FieldReader app, bool isHost, ContainerDefinition? container)
    {
        var hasPorts = isHost ? !app.Has("portDefinitions") || app.Items("portDefinitions").Count > 0 || app.Has("ports") : container?.PortMappings is { Count: > 0 };
        return [.. app.Objects("healthChecks").Select(check =>
        {
            var protocol = check.Text("protocol") ?? "HTTP";
            var hasPort = check.Has("port");
            var command = check.Child("command") is { } child ? child.Text("value") ?? Missing(child, "value") : null;
            return new HealthCheckDefinition
            {
                Protocol = protocol,
                Path = check.Text("path"),
                Port = hasPort ? check.Whole("port", 0) : null,
                PortIndex = protocol == "COMMAND" ? null : check.Has("portIndex") ? check.Whole("portIndex", 0) : !hasPort && hasPorts ? 0 : null,
                Command = command,
                GracePeriodSeconds = check.Number("gracePeriodSeconds", 300),
                IntervalSeconds = check.Number("intervalSeconds", 60),
                TimeoutSeconds = check.Number("timeoutSeconds", 20),
                MaxConsecutiveFailures = check.Whole("maxConsecutiveFailures", 3),
                DelaySeconds = check.Number("delaySeconds", 15),
                IgnoreHttp1xx = check.Flag("ignoreHttp1xx", false),
                IsIpv6 = check.Text("ipProtocol") == "IPv6",
            };
        })];
    }

    private static bool ReadKillSelection(FieldReader app)
    {
        var selection = app.Text("killSelection") ?? "YOUNGEST_FIRST";
        if (selection is not ("YOUNGEST_FIRST" or "OLDEST_FIRST"))
        {
            app.Error("killSelection", $"'{selection}' is not one of YOUNGEST_FIRST, OLDEST_FIRST");
        }

        return selection == "OLDEST_FIRST";
    }

    private static UnreachableStrategy? ReadUnreachableStrategy(FieldReader app, bool isResident)
    {
        if (app.Get("unreachableStrategy") is { ValueKind: JsonValueKind.String } text)
        {
            if (text.GetString() != "disabled")
            {
                app.Error("unreachableStrategy", "must be \"disabled\" or an object");
            }

            return null;
        }

        return app.Child("unreachableStrategy") is { } strategy
            ? new UnreachableStrategy(strategy.Number("inactiveAfterSeconds", 0), strategy.Number("expungeAfterSeconds", 0))
            : isResident ? null : new UnreachableStrategy(0, 0);
    }

    private static string Missing(FieldReader reader, string name)
    {
        reader.Error(name, "error.path.missing");
        return "";
    }
}
