using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon.Launching;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;
using Orchestrator.Core.Views;

namespace Orchestrator.Core.Marathon.Explaining;

/// <summary>Holds an agent against all that one more instance of an app needs, as the launcher would hold an offer of it.</summary>
/// <param name="app">What is to be launched.</param>
/// <param name="role">The role under which it would be.</param>
/// <param name="rules">Its placement rules over the instances that are there.</param>
/// <param name="offers">What other frameworks are being offered.</param>
internal sealed class AgentExaminer(AppDefinition app, string role, PlacementRules rules, OfferedElsewhere offers)
{
    private static readonly (WaitReason Kind, string Name)[] s_scalars = [(WaitReason.Cpus, "cpus"), (WaitReason.Mem, "mem"), (WaitReason.Disk, "disk"), (WaitReason.Gpus, "gpus")];

    private readonly (WaitReason Kind, string Name, Quantity Needed)[] _scalars =
    [
        .. s_scalars.Zip([app.Cpus, app.Mem, app.Disk, app.Gpus], (scalar, amount) => (scalar.Kind, scalar.Name, Quantity.FromDouble(amount))).Where(scalar => scalar.Item3 > Quantity.Zero),
    ];

    private readonly IReadOnlyList<ServicePort> _ports = [.. app.Ports.Where(port => port.Host is not null)];

    /// <summary>All its checks.</summary>
    public AgentVerdict Examine(AgentView agent)
    {
        var host = agent.Info.Hostname;
        var checks = new List<RequirementCheck>();
        if (!agent.Connected || !agent.Active)
        {
            checks.Add(Inactive(agent));
        }

        var (total, used) = (Usable(agent.Total), Usable(agent.Used));
        var (offered, framework) = offers.On(agent.Id);
        var elsewhere = Usable(offered);
        CheckRole(checks, agent, total);
        CheckRules(checks, agent);
        if (total.IsEmpty)
        {
            // Amounts would all be missing for the same reason.
            return new AgentVerdict(agent.Id.Value, host, checks);
        }

        foreach (var (kind, name, needed) in _scalars)
        {
            checks.Add(CheckScalar(kind, host, needed, total.Scalar(name), used.Scalar(name), elsewhere.Scalar(name), (agent.Total.Scalar(name), framework)));
        }

        if (_ports.Count > 0)
        {
            checks.Add(PortCheck.Of(_ports, host, total.Ranges("ports"), used.Ranges("ports"), elsewhere.Ranges("ports")));
        }

        return new AgentVerdict(agent.Id.Value, host, checks);
    }

    /// <summary>An agent that is known and not registered: it cannot be looked at further.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="how">How it is: <c>unreachable</c>.</param>
    public static AgentVerdict Away(RecoveredAgentView agent, string how) => new(agent.Id.Value, agent.Info.Hostname,
    [
        new RequirementCheck(WaitReason.Agent, "a registered agent", "", "", how, false) { Advice = $"bring the agent on {agent.Info.Hostname} back: it is {how}" },
    ]);

    private static RequirementCheck Inactive(AgentView agent)
    {
        var host = agent.Info.Hostname;
        return agent.Connected
            ? new RequirementCheck(WaitReason.Agent, "an active agent", "", "", "deactivated", false) { Advice = $"reactivate the agent on {host}" }
            : new RequirementCheck(WaitReason.Agent, "a connected agent", "", "", "disconnected", false) { Advice = $"bring the agent on {host} back: its link is broken" };
    }

    private void CheckRole(List<RequirementCheck> checks, AgentView agent, ResourceList total)
    {
        var accepted = app.AcceptedResourceRoles;
        if (!total.IsEmpty)
        {
            if (accepted is not null)
            {
                checks.Add(new RequirementCheck(WaitReason.Role, RolesText(accepted), "", "", "there are some", true));
            }

            return;
        }

        var there = string.Join(", ", agent.Total.ReservedByRole().Keys.DefaultIfEmpty("*"));
        checks.Add(new RequirementCheck(WaitReason.Role, accepted is null ? $"resources of role {role} or *" : RolesText(accepted), "", "", agent.Total.IsEmpty ? "nothing" : $"only of role {there}", false)
        {
            Advice = accepted is null
                ? $"unreserve resources of {agent.Info.Hostname}, or run the app in role {there}"
                : $"reserve resources of {agent.Info.Hostname} for role {string.Join(" or ", accepted)}, or widen acceptedResourceRoles",
        });
    }

    private void CheckRules(List<RequirementCheck> checks, AgentView agent)
    {
        if (app.Constraints.Count == 0)
        {
            return;
        }

        var fields = MachineFields.Of(agent.Info);
        foreach (var (rule, isMet) in rules.HeldAgainst(fields))
        {
            var constraint = rule.Constraint;
            var needed = $"{constraint.Field} {constraint.Operator} {constraint.Value}".TrimEnd();
            var has = fields.TryGetValue(constraint.Field, out var value);
            var standing = has ? rule.CountOf(value!) : 0;
            checks.Add(new RequirementCheck(isMet || has ? WaitReason.Constraint : WaitReason.Attribute, needed, "", standing == 0 ? "" : $"{Amounts.Count(standing, "instance")} on it", has ? $"{constraint.Field} is {value}" : $"{constraint.Field} is not set", isMet)
            {
                Advice = isMet ? null : RuleAdvice.Of(constraint, agent.Info.Hostname, value, standing),
            });
        }
    }

    private static RequirementCheck CheckScalar(WaitReason kind, string host, Quantity needed, Quantity total, Quantity used, Quantity elsewhere, (Quantity Whole, string? Framework) more)
    {
        var left = total - used;
        var available = left - elsewhere;
        available = available < Quantity.Zero ? Quantity.Zero : available;
        var isMet = needed <= available;
        var missing = needed - available;
        return new RequirementCheck(kind, Amounts.Of(kind, needed), Amounts.Of(kind, total), Amounts.Of(kind, total - available), Amounts.Of(kind, available), isMet)
        {
            Shortfall = isMet ? 0 : missing.ToDouble(),
            AvailableAmount = available.ToDouble(),
            TotalAmount = total.ToDouble(),
            Advice = isMet ? null
                : needed <= left ? $"wait until {more.Framework} has answered its offer of {host}, or take the offer back"
                : needed <= total ? $"free {Amounts.Of(kind, missing)} on {host}{OrLower(kind, available)}"
                : needed <= more.Whole ? $"unreserve {Amounts.Of(kind, needed - total)} of {host}: {Amounts.Of(kind, more.Whole - total)} are reserved for other roles"
                : $"use a larger agent: {host} has {Amounts.Of(kind, total)} in all{OrLower(kind, available)}",
        };
    }

    private static string OrLower(WaitReason kind, Quantity available) => available > Quantity.Zero ? $", or lower {Amounts.FieldOf(kind)} to {available}" : "";

    private static string RolesText(IReadOnlyList<string> roles) => $"resources of role {string.Join(" or ", roles)}";

    /// <summary>What the launcher would be offered of it, and take.</summary>
    private ResourceList Usable(ResourceList resources) => resources.IsEmpty
        ? resources
        : resources.AllocatableTo(role).Where(item => !item.IsRevocable && app.AcceptedResourceRoles?.Contains(item.Role) != false);
}
