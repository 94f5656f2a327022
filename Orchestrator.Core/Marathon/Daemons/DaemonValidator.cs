using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon.Apps;

namespace Orchestrator.Core.Marathon.Daemons;

/// <summary>What an app with one instance on every matching agent cannot ask for.</summary>
internal static class DaemonValidator
{
    public static void Validate(AppDefinition app, FieldErrors errors)
    {
        if (!app.IsDaemon)
        {
            return;
        }

        errors.Require(app.Autoscaling is null, "/autoscaling", "cannot be used with instances \"all\": the agents say how many there are");
        errors.Require(!app.UpgradeStrategy.IsBlueGreen, "/upgradeStrategy/type", "cannot be BLUE_GREEN with instances \"all\": two colours do not stand on one agent");
        errors.Require(app.Labels.GetValueOrDefault("MARATHON_SINGLE_INSTANCE_APP") != "true", "/instances", "cannot be \"all\" with the label MARATHON_SINGLE_INSTANCE_APP=true");
        for (var i = 0; i < app.Constraints.Count; i++)
        {
            var constraint = app.Constraints[i];
            var isFixed = constraint.Operator is "LIKE" or "UNLIKE" or "IS" || (constraint.Operator == "CLUSTER" && constraint.Value is { Length: > 0 });
            errors.Require(isFixed, $"/constraints({i})", $"{constraint.Operator} counts instances, which instances \"all\" does by itself; use LIKE, UNLIKE, IS, or CLUSTER with a value to choose agents");
        }
    }
}
