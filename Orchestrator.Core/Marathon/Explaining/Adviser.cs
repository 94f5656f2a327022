using Orchestrator.Core.Views.Services;

namespace Orchestrator.Core.Marathon.Explaining;

/// <summary>Puts into words what keeps an app and what would help, the smallest change first.</summary>
internal static class Adviser
{
    /// <summary>Most changes that are told.</summary>
    public const int MaxAdvice = 8;

    private const int AgentsNamed = 3;

    private static readonly WaitReason[] s_scalars = [WaitReason.Cpus, WaitReason.Mem, WaitReason.Disk, WaitReason.Gpus];

    /// <summary>What would let an instance start.</summary>
    /// <param name="obstacles">What keeps it everywhere.</param>
    /// <param name="agents">The agents, nearest first.</param>
    /// <param name="verdicts">How many of them fail what.</param>
    public static IReadOnlyList<string> Advise(IReadOnlyList<WaitObstacle> obstacles, IReadOnlyList<AgentVerdict> agents, IReadOnlyList<VerdictCount> verdicts)
    {
        var advice = obstacles.Where(obstacle => obstacle.Blocks).Select(obstacle => obstacle.Advice).ToList();
        if (verdicts is [{ Kind: WaitReason.None } fitting, ..])
        {
            if (advice.Count == 0)
            {
                advice.Add($"wait for the next offer: {Amounts.Count(fitting.Agents, "agent")} {(fitting.Agents == 1 ? "fits" : "fit")}, {agents[0].Hostname} for one");
            }
        }
        else
        {
            AddAgents(advice, agents);
            advice.AddRange(s_scalars.Select(kind => Lower(kind, agents)).OfType<string>());
        }

        advice.AddRange(obstacles.Where(obstacle => !obstacle.Blocks).Select(obstacle => obstacle.Advice));
        return [.. advice.Distinct().Take(MaxAdvice)];
    }

    /// <summary>One or two sentences about all of it.</summary>
    public static string Summarise(AppView app, int waiting, int held, IReadOnlyList<WaitObstacle> obstacles, IReadOnlyList<AgentVerdict> agents, IReadOnlyList<VerdictCount> verdicts, IReadOnlyList<string> advice)
    {
        if (waiting + held == 0)
        {
            return app.Definition.Instances == 0
                ? $"Nothing waits: no instance of {app.Id} is wanted."
                : $"Nothing waits: every wanted instance of {app.Id} was launched.";
        }

        var what = $"{Amounts.Count(waiting + held, "instance")} of {app.Id} {(waiting + held == 1 ? "waits" : "wait")}";
        var why = obstacles.FirstOrDefault(obstacle => obstacle.Blocks) is { } obstacle ? $"{what}. {obstacle.Text}" : $"{what}: {Agents(agents, verdicts)}.";
        return advice.Count == 0 ? why : $"{why} Smallest change: {advice[0]}.";
    }

    private static string Agents(IReadOnlyList<AgentVerdict> agents, IReadOnlyList<VerdictCount> verdicts)
    {
        if (agents.Count == 0)
        {
            return "no agent is known";
        }

        if (verdicts is [{ Kind: WaitReason.None } fitting, ..])
        {
            return $"{fitting.Agents} of {Amounts.Count(agents.Count, "agent")} {(fitting.Agents == 1 ? "fits" : "fit")}";
        }

        var nearest = agents[0].Unmet.First();
        var counts = string.Join(", ", verdicts.Take(AgentsNamed).Select(count => $"{count.Agents} {Fails(count)}"));
        return $"none of {Amounts.Count(agents.Count, "agent")} fits; {counts}. The nearest, {agents[0].Hostname}, has {nearest.Available}; needed: {nearest.Needed}";
    }

    private static string Fails(VerdictCount count) => count.Kind switch
    {
        WaitReason.Agent => count.Agents == 1 ? "is not usable" : "are not usable",
        WaitReason.Constraint => count.Agents == 1 ? "is closed by a placement rule" : "are closed by placement rules",
        WaitReason.Attribute => count.Agents == 1 ? "lacks an attribute" : "lack an attribute",
        WaitReason.Role => count.Agents == 1 ? "has nothing for the role" : "have nothing for the role",
        var kind => $"{(count.Agents == 1 ? "lacks" : "lack")} {Amounts.FieldOf(kind)}",
    };

    /// <summary>The agents that come nearest: those that miss one thing, or else the nearest with all that it misses.</summary>
    private static void AddAgents(List<string> advice, IReadOnlyList<AgentVerdict> agents)
    {
        var near = agents.Where(agent => agent.Missing == 1).Take(AgentsNamed).Select(agent => agent.Unmet.First().Advice!).ToList();
        if (near.Count == 0 && agents.Count > 0)
        {
            near.Add(string.Join("; and ", agents[0].Unmet.Select(check => check.Advice)));
        }

        advice.AddRange(near);
    }

    /// <summary>How far one amount would have to come down for several agents that miss nothing else; for one its own advice says it.</summary>
    private static string? Lower(WaitReason kind, IReadOnlyList<AgentVerdict> agents)
    {
        var (most, hosts) = (0d, 0);
        foreach (var agent in agents)
        {
            if (agent.Missing == 1 && agent.Unmet.First() is var check && check.Kind == kind && check.AvailableAmount > 0)
            {
                hosts = check.AvailableAmount > most ? 1 : hosts + (check.AvailableAmount == most ? 1 : 0);
                most = Math.Max(most, check.AvailableAmount);
            }
        }

        return hosts < 2 ? null : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"lower {Amounts.FieldOf(kind)} to {most:0.###}: then {hosts} agents fit");
    }
}
