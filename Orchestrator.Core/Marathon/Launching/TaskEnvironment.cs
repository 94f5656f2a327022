using System.Globalization;
using System.Text.RegularExpressions;
using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon.Apps;

namespace Orchestrator.Core.Marathon.Launching;

/// <summary>The variables that a task is given: Marathon's own, ports and host, then the app's, which win.</summary>
internal static partial class TaskEnvironment
{
    private const int MaxLength = 512;

    public static SortedDictionary<string, string> Of(AppDefinition app, string taskId, string host, IReadOnlyList<int> ports, int ordinal)
    {
        var env = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["MESOS_TASK_ID"] = taskId,
            ["MARATHON_APP_ID"] = app.Id,
            ["MARATHON_APP_VERSION"] = Timestamps.Write(app.Version),
            ["MARATHON_APP_RESOURCE_CPUS"] = Number(app.Cpus),
            ["MARATHON_APP_RESOURCE_MEM"] = Number(app.Mem),
            ["MARATHON_APP_RESOURCE_DISK"] = Number(app.Disk),
            ["MARATHON_APP_RESOURCE_GPUS"] = app.Gpus.ToString(CultureInfo.InvariantCulture),
            ["MARATHON_APP_ENFORCE_GROUP_ROLE"] = "FALSE",
            ["HOST"] = host,
            ["ORCHESTRATOR_INSTANCE_ORDINAL"] = ordinal.ToString(CultureInfo.InvariantCulture),
        };
        if (app.Container is { IsDocker: true, Docker: { } docker })
        {
            env["MARATHON_APP_DOCKER_IMAGE"] = docker.Image;
        }

        AddLabels(env, app);
        AddPorts(env, app, ports);
        foreach (var (name, value) in app.Env)
        {
            env[name] = value.Text ?? "";
        }

        return env;
    }

    internal static void AddLabels(SortedDictionary<string, string> env, AppDefinition app)
    {
        var names = new List<string>();
        foreach (var (label, value) in app.Labels)
        {
            var name = Clean(label);
            if (name.Length < MaxLength - "MARATHON_APP_LABEL_".Length && value.Length < MaxLength)
            {
                names.Add(name);
                env["MARATHON_APP_LABEL_" + name] = value;
            }
        }

        env["MARATHON_APP_LABELS"] = string.Join(' ', names);
    }

    private static void AddPorts(SortedDictionary<string, string> env, AppDefinition app, IReadOnlyList<int> ports)
    {
        if (ports.Count == 0)
        {
            return;
        }

        for (var i = 0; i < ports.Count; i++)
        {
            var text = ports[i].ToString(CultureInfo.InvariantCulture);
            var port = app.Ports[i];
            env[$"PORT{i}"] = text;
            var declared = port.Container is > 0 and var inside ? inside : port.Container is null && port.Service != 0 && app.RequirePorts ? port.Service : ports[i];
            env[$"PORT_{declared}"] = text;
            if (port.Name is { } name)
            {
                env[$"PORT_{Clean(name)}"] = text;
            }
        }

        env["PORT"] = env["PORT0"];
        env["PORTS"] = string.Join(',', ports);
    }

    internal static string Clean(string name) => Forbidden().Replace(name.ToUpperInvariant(), "_");

    internal static string Number(double value) => value.ToString("0.0##", CultureInfo.InvariantCulture);

    [GeneratedRegex("[^A-Z0-9_]+")]
    private static partial Regex Forbidden();
}
