using Orchestrator.Core.Contract.Apps;

namespace Orchestrator.Core.Marathon.Apps;

/// <summary>Whether an app with persistent volumes makes sense: by itself, on this host, and as a change of what it was.</summary>
internal static class ResidencyValidator
{
    /// <summary>Adds what is wrong with the definition itself.</summary>
    public static void Validate(AppDefinition app, FieldErrors errors)
    {
        if (!app.IsResident)
        {
            errors.Require(!app.Other.ContainsKey("residency"), "/residency", "is for apps with persistent volumes; give /container/volumes with 'persistent', or remove it");
            return;
        }

        var volumes = app.Container!.Volumes;
        for (var i = 0; i < volumes.Count; i++)
        {
            if (volumes[i].Persistent is { } persistent)
            {
                var path = $"/container/volumes({i})";
                var name = volumes[i].ContainerPath;
                errors.Require(name is not ("." or "..") && !name.Contains('/', StringComparison.Ordinal), $"{path}/containerPath", "must be one name without '/', which is the volume's place in the sandbox; mount it elsewhere with a second volume whose hostPath is this name");
                errors.Require(!volumes[i].IsReadOnly, $"{path}/mode", "must be RW");
                errors.Require(persistent.SizeMiB > 0, $"{path}/persistent/size", "must be greater than 0");
                errors.Require(persistent.Type == "root", $"{path}/persistent/type", $"'{persistent.Type}' is not supported by this version; use root");
                errors.Require(volumes.Count(other => other.Persistent is not null && other.ContainerPath == name) == 1, $"{path}/containerPath", $"'{name}' stands twice");
            }
        }

        errors.Require(!app.IsDaemon, "/instances", "cannot be \"all\" for an app with persistent volumes; give a number");
        errors.Require(app.UpgradeStrategy.MaximumOverCapacity == 0, "/upgradeStrategy/maximumOverCapacity", "must be 0 for an app with persistent volumes: an instance cannot run beside its successor");
        errors.Require(!app.UpgradeStrategy.IsBlueGreen, "/upgradeStrategy/type", "cannot be BLUE_GREEN for an app with persistent volumes");
        errors.Require(app.UnreachableStrategy is null, "/unreachableStrategy", "must be \"disabled\" for an app with persistent volumes: its data is where the agent is");
        errors.Require(app.AcceptedResourceRoles is null or ["*"], "/acceptedResourceRoles", "must be [\"*\"] for an app with persistent volumes: it reserves what is reserved to nobody");
    }

    /// <summary>Adds what this host or what the app was before does not allow.</summary>
    public static void Validate(AppDefinition app, AppDefinition? before, string role, FieldErrors errors)
    {
        errors.Require(!app.IsResident || (app.Role ?? role) != "*", "/container/volumes", "persistent volumes are reserved for a role, and this host's services have none; start it with --mesos_role=NAME");
        if (before is { IsResident: true })
        {
            const string fixedText = "cannot be changed for an app with persistent volumes, whose resources are reserved; create a new app";
            errors.Require(VolumesOf(before).SequenceEqual(VolumesOf(app)), "/container/volumes", fixedText);
            errors.Require(before.Cpus == app.Cpus, "/cpus", fixedText);
            errors.Require(before.Mem == app.Mem, "/mem", fixedText);
            errors.Require(before.Disk == app.Disk, "/disk", fixedText);
            errors.Require(before.Gpus == app.Gpus, "/gpus", fixedText);
            errors.Require(before.RequirePorts == app.RequirePorts && before.Ports.Select(port => port.Host).SequenceEqual(app.Ports.Select(port => port.Host)), "/portDefinitions", fixedText);
        }
        else if (before is not null && app.IsResident)
        {
            errors.Add("/container/volumes", "persistent volumes cannot be added to an app that has none; create a new app");
        }
    }

    private static IEnumerable<(string Path, PersistentVolume Volume)> VolumesOf(AppDefinition app) =>
        (app.Container?.Volumes ?? []).Where(volume => volume.Persistent is not null).Select(volume => (volume.ContainerPath, volume.Persistent!)).OrderBy(volume => volume.ContainerPath, StringComparer.Ordinal);
}
