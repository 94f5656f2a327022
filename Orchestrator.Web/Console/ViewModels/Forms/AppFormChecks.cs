using System.Globalization;
using Orchestrator.Core.Marathon.Apps;

namespace Orchestrator.Web.Console.ViewModels.Forms;

/// <summary>
/// What can be said of a form before it is sent. The engine checks everything again; this is for answers while somebody
/// types. Paths are those of the engine's own answers.
/// </summary>
public static class AppFormChecks
{
    private const double LeastCpus = 0.01;
    private const double LeastMemMiB = 32;
    private const int MaxPort = 65535;
    private static readonly string[] s_operators = ["UNIQUE", "CLUSTER", "GROUP_BY", "LIKE", "UNLIKE", "MAX_PER", "IS"];

    /// <summary>Everything that is wrong.</summary>
    public static FormProblems Check(AppForm form)
    {
        var found = new List<FieldProblem>();
        CheckGeneral(form, found);
        CheckContainer(form, found);
        CheckPorts(form, found);
        CheckPairs(form.Env, "/env", found);
        CheckPairs(form.Labels, "/labels", found);
        for (var i = 0; i < form.HealthChecks.Count; i++)
        {
            CheckHealth(form, form.HealthChecks[i], $"/healthChecks({i})", found);
        }

        for (var i = 0; i < form.Volumes.Count; i++)
        {
            CheckVolume(form.Volumes[i], $"/container/volumes({i})", found);
        }

        CheckOptional(form, found);
        return found.Count == 0 ? FormProblems.None : new FormProblems(found);
    }

    private static void CheckGeneral(AppForm form, List<FieldProblem> found)
    {
        if (IdProblem(form.Id) is { } problem)
        {
            found.Add(new FieldProblem("/id", problem));
        }

        Number(form.Cpus, "/cpus", LeastCpus, found);
        Number(form.Mem, "/mem", LeastMemMiB, found);
        Number(form.Disk, "/disk", 0, found);
        Whole(form.Gpus, "/gpus", 0, int.MaxValue, found);
        Whole(form.Instances, "/instances", 0, int.MaxValue, found);
        if (form.Cmd.Length == 0 && form.Runtime == ContainerRuntime.None)
        {
            found.Add(new FieldProblem("/cmd", "Write a command, or choose a container image."));
        }
    }

    private static string? IdProblem(string id)
    {
        if (id.Length == 0 || id == "/")
        {
            return "Give the app a path, for example /shop/web.";
        }

        if (id.Any(char.IsWhiteSpace))
        {
            return "A path has no spaces.";
        }

        if (id.Contains("//", StringComparison.Ordinal))
        {
            return "A path has no double slash.";
        }

        return PathId.Check(id) switch
        {
            null => null,
            { } problem when problem.StartsWith("must fully match", StringComparison.Ordinal) => "A path is made of lower-case letters, digits, dashes and dots between slashes; none begins or ends with a dash.",
            { } problem => "The path " + problem + ".",
        };
    }

    private static void CheckContainer(AppForm form, List<FieldProblem> found)
    {
        if (form.Runtime == ContainerRuntime.None)
        {
            return;
        }

        if (form.Image.Length == 0)
        {
            found.Add(new FieldProblem("/container/docker/image", "Name an image, for example nginx:1.27."));
        }
        else if (form.Image.Any(char.IsWhiteSpace))
        {
            found.Add(new FieldProblem("/container/docker/image", "An image name has no spaces."));
        }

        for (var i = 0; i < form.Parameters.Count; i++)
        {
            if (form.Parameters[i] is { Key.Length: 0, Value.Length: > 0 })
            {
                found.Add(new FieldProblem($"/container/docker/parameters({i})/key", "Name the option."));
            }
        }
    }

    private static void CheckPorts(AppForm form, List<FieldProblem> found)
    {
        var isHost = form.Network == FormNetwork.Host;
        if (form.Network == FormNetwork.User && form.NetworkName.Length == 0)
        {
            found.Add(new FieldProblem("/networks(0)/name", "Name the network."));
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < form.Ports.Count; i++)
        {
            var port = form.Ports[i];
            var path = isHost ? $"/portDefinitions({i})" : $"/container/portMappings({i})";
            Whole(port.HostPort, path + (isHost ? "/port" : "/hostPort"), 0, MaxPort, found);
            if (!isHost)
            {
                Whole(port.ContainerPort, path + "/containerPort", 0, MaxPort, found);
            }

            if (port.Name.Length > 0 && !names.Add(port.Name))
            {
                found.Add(new FieldProblem(path + "/name", $"Another port is named {port.Name}."));
            }
        }
    }

    private static void CheckPairs(List<PairRow> rows, string path, List<FieldProblem> found)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            if (row is { Key.Length: 0, Value.Length: > 0 })
            {
                found.Add(new FieldProblem(path, $"The value '{row.Value}' has no name."));
            }
            else if (row.Key.Length > 0 && !names.Add(row.Key))
            {
                found.Add(new FieldProblem($"{path}/{row.Key}", "This name is there twice."));
            }
        }
    }

    private static void CheckHealth(AppForm form, HealthCheckRow check, string path, List<FieldProblem> found)
    {
        if (check.IsCommand)
        {
            if (check.Command.Length == 0)
            {
                found.Add(new FieldProblem(path + "/command/value", "Write the command whose exit status 0 means healthy."));
            }
        }
        else if (check.IsFixedPort)
        {
            Whole(check.Port, path + "/port", 1, MaxPort, found);
        }
        else
        {
            var ports = form.ArePortsDefault && form.Ports.Count == 0 ? 1 : form.Ports.Count;
            Whole(check.Port, path + "/portIndex", 0, int.MaxValue, found);
            if (int.TryParse(check.Port, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index >= ports && form.Network != FormNetwork.Several)
            {
                found.Add(new FieldProblem(path + "/portIndex", ports == 0 ? "The app has no port; add one, or give a port number." : $"The app has {ports} port{(ports == 1 ? "" : "s")}; indexes count from 0."));
            }
        }

        Number(check.GracePeriodSeconds, path + "/gracePeriodSeconds", 0, found);
        Number(check.IntervalSeconds, path + "/intervalSeconds", 0, found);
        Number(check.TimeoutSeconds, path + "/timeoutSeconds", 0, found);
        Whole(check.MaxConsecutiveFailures, path + "/maxConsecutiveFailures", 0, int.MaxValue, found);
    }

    private static void CheckVolume(VolumeRow volume, string path, List<FieldProblem> found)
    {
        if (volume.ContainerPath.Length == 0)
        {
            found.Add(new FieldProblem(path + "/containerPath", "Say where it appears in the container."));
        }

        switch (volume.Kind)
        {
            case VolumeKind.Host when volume.HostPath.Length == 0:
                found.Add(new FieldProblem(path + "/hostPath", "Say which folder of the machine it is."));
                break;
            case VolumeKind.Persistent when volume.SizeMiB.Length == 0:
                found.Add(new FieldProblem(path + "/persistent/size", "Say how large it is, in MiB."));
                break;
            case VolumeKind.Persistent:
                Whole(volume.SizeMiB, path + "/persistent/size", 1, int.MaxValue, found);
                break;
            case VolumeKind.External when volume.Name.Length == 0:
                found.Add(new FieldProblem(path + "/external/name", "Name the volume."));
                break;
        }
    }

    private static void CheckOptional(AppForm form, List<FieldProblem> found)
    {
        if (form.Executor.Length > 0 && form.Executor != "//cmd" && (form.Executor.EndsWith('/') || form.Executor.Contains("//", StringComparison.Ordinal)))
        {
            found.Add(new FieldProblem("/executor", "Write the path of an executor, or //cmd."));
        }

        var constraints = AppFormWriter.SplitConstraints(form.Constraints);
        for (var i = 0; i < constraints.Count; i++)
        {
            var parts = constraints[i].Split(':', 3);
            if (parts.Length < 2 || parts[0].Trim().Length == 0)
            {
                found.Add(new FieldProblem($"/constraints({i})", $"'{constraints[i]}' does not read field:operator or field:operator:value."));
            }
            else if (!s_operators.Contains(parts[1].Trim().ToUpperInvariant()))
            {
                found.Add(new FieldProblem($"/constraints({i})", $"'{parts[1]}' is not one of {string.Join(", ", s_operators)}."));
            }
        }

        Share(form.MinimumHealthCapacity, "/upgradeStrategy/minimumHealthCapacity", found);
        Share(form.MaximumOverCapacity, "/upgradeStrategy/maximumOverCapacity", found);
        Number(form.BackoffSeconds, "/backoffSeconds", 0, found);
        Number(form.BackoffFactor, "/backoffFactor", 1, found);
        Number(form.MaxLaunchDelaySeconds, "/maxLaunchDelaySeconds", 0, found);
        Number(form.TaskKillGracePeriodSeconds, "/taskKillGracePeriodSeconds", 0, found);
    }

    private static void Share(string text, string path, List<FieldProblem> found)
    {
        if (text.Length > 0 && (!TryNumber(text, out var number) || number is < 0 or > 1))
        {
            found.Add(new FieldProblem(path, "Write a share from 0 to 1, for example 0.5."));
        }
    }

    private static void Number(string text, string path, double least, List<FieldProblem> found)
    {
        if (text.Length > 0 && (!TryNumber(text, out var number) || number < least))
        {
            found.Add(new FieldProblem(path, string.Create(CultureInfo.InvariantCulture, $"Write a number of at least {least}.")));
        }
    }

    private static void Whole(string text, string path, int least, int most, List<FieldProblem> found)
    {
        if (text.Length > 0 && (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) || number < least || number > most))
        {
            found.Add(new FieldProblem(path, most == int.MaxValue ? $"Write a whole number of at least {least}." : $"Write a whole number from {least} to {most}."));
        }
    }

    private static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
}
