using Orchestrator.Core.Contract.Apps;

namespace Orchestrator.Core.Marathon.Explaining;

/// <summary>What opens a machine that a placement rule closes.</summary>
internal static class RuleAdvice
{
    /// <param name="constraint">The rule.</param>
    /// <param name="host">The machine.</param>
    /// <param name="value">Its value of the rule's field; null when it has none.</param>
    /// <param name="standing">Instances on machines with that value.</param>
    public static string Of(PlacementConstraint constraint, string host, string? value, int standing)
    {
        var field = constraint.Field;
        if (value is null)
        {
            return field is "@region" or "@zone"
                ? $"start the agent on {host} with a domain that names its {field[1..]}"
                : $"start the agent on {host} with --attributes={field}:VALUE, or drop the rule on {field}";
        }

        return constraint.Operator switch
        {
            "UNIQUE" => $"add an agent with another {field}, lower instances, or drop the rule: {value} has an instance already",
            "MAX_PER" => $"add an agent with another {field}, or raise the rule's value to {standing + 1}: {value} has {Amounts.Count(standing, "instance")} already",
            "GROUP_BY" => $"make room on machines with another {field}: {value} has {Amounts.Count(standing, "instance")}, more than others",
            "CLUSTER" => $"add or free an agent whose {field} is {(constraint.Value is { Length: > 0 } wanted ? wanted : "that of the other instances")}",
            "UNLIKE" => $"add or free an agent whose {field} does not match {constraint.Value}",
            _ => $"add or free an agent whose {field} {(constraint.Operator == "IS" ? "is" : "matches")} {constraint.Value}",
        };
    }
}
