using Orchestrator.Core.Contract.Apps;

namespace Orchestrator.Core.Marathon.Apps;

/// <summary>Whether what is said of readiness, upgrades and drains makes sense.</summary>
internal static class UpgradeValidator
{
    private const double MaxDrainSeconds = 86_400;

    /// <summary>Adds what is wrong to <paramref name="errors"/>.</summary>
    public static void Validate(AppDefinition app, FieldErrors errors)
    {
        errors.Require(app.ReadinessChecks.Count <= 1, "/readinessChecks", "must have at most one element");
        for (var i = 0; i < app.ReadinessChecks.Count; i++)
        {
            Validate(app, app.ReadinessChecks[i], $"/readinessChecks({i})", errors);
        }

        errors.Require(app.DrainSeconds is null or (>= 0 and <= MaxDrainSeconds), "/drainSeconds", $"must be between 0 and {MaxDrainSeconds}");
        var strategy = app.UpgradeStrategy;
        errors.Require(strategy.MinimumHealthCapacity is >= 0 and <= 1, "/upgradeStrategy/minimumHealthCapacity", "must be between 0 and 1");
        errors.Require(strategy.MaximumOverCapacity is >= 0 and <= 1, "/upgradeStrategy/maximumOverCapacity", "must be between 0 and 1");
        errors.Require(!strategy.IsBlueGreen || app.Labels.GetValueOrDefault("MARATHON_SINGLE_INSTANCE_APP") != "true", "/upgradeStrategy/type", "cannot be BLUE_GREEN with the label MARATHON_SINGLE_INSTANCE_APP=true: both colours run at once");
        errors.Require(!strategy.IsBlueGreen || !app.RequirePorts, "/upgradeStrategy/type", "cannot be BLUE_GREEN with requirePorts: the second colour could not have the ports of the first");
        errors.Require(!app.IsDaemon || !strategy.IsOrdered, "/upgradeStrategy/ordered", "cannot be true with instances \"all\": a daemon has one instance on each agent, old or new");
        errors.Require(strategy.SoakSeconds >= 0, "/upgradeStrategy/soakSeconds", "must be greater than or equal to 0");
        errors.Require(strategy.SoakSeconds == 0 || strategy.IsBlueGreen, "/upgradeStrategy/soakSeconds", "is for the type BLUE_GREEN only");
        errors.Require(strategy.DeadlineSeconds is null or > 0, "/upgradeStrategy/deadlineSeconds", "must be greater than 0; leave it out for none");
        errors.Require(strategy.MaxFailures is null or >= 0, "/upgradeStrategy/maxFailures", "must be greater than or equal to 0; leave it out for no limit");
        if (strategy.PreDeployment is { } hook)
        {
            errors.Require(hook.Cmd is { Length: > 0 } != hook.Args.Count > 0, "/upgradeStrategy/preDeployment", "must have one of cmd and args");
            errors.Require(hook.TimeoutSeconds > 0, "/upgradeStrategy/preDeployment/timeoutSeconds", "must be greater than 0");
        }
    }

    private static void Validate(AppDefinition app, ReadinessCheckDefinition check, string path, FieldErrors errors)
    {
        errors.Require(check.Name.Length > 0, $"{path}/name", "must not be empty");
        errors.Require(check.Protocol is "HTTP" or "HTTPS", $"{path}/protocol", $"'{check.Protocol}' is not one of HTTP, HTTPS");
        errors.Require(check.Path.Length is > 0 and <= 1024 && check.Path.StartsWith('/'), $"{path}/path", "must begin with '/' and have at most 1024 characters");
        errors.Require(app.Ports.Any(port => port.Name == check.PortName), $"{path}/portName", $"'{check.PortName}' is not the name of a port of the app; name one of its ports so");
        errors.Require(check.IntervalSeconds >= 0, $"{path}/intervalSeconds", "must be greater than or equal to 0");
        errors.Require(check.TimeoutSeconds >= 1 && check.TimeoutSeconds < check.IntervalSeconds, $"{path}/timeoutSeconds", "must be at least 1 and less than intervalSeconds");
        errors.Require(check.ReadyStatuses.Count > 0, $"{path}/httpStatusCodesForReady", "must not be empty");
        errors.Require(check.ReadyStatuses.Distinct().Count() == check.ReadyStatuses.Count, $"{path}/httpStatusCodesForReady", "must not name a status twice");
        errors.Require(check.ReadyStatuses.All(status => status is >= 100 and <= 999), $"{path}/httpStatusCodesForReady", "must be between 100 and 999");
    }
}
