using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon.Launching;
using Orchestrator.Core.Views;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Core.Marathon.Explaining;

/// <summary>
/// Says why instances of an app are not launched. It holds what an instance needs against every agent as the cluster is now,
/// not against the offers that came last, so it is right as soon as the snapshots are. Its cost grows with the number of
/// agents and of the app's instances.
/// </summary>
public static class WaitExplainer
{
    /// <summary>Agents and instances in an answer when nobody says how many.</summary>
    public const int DefaultLimit = 100;

    /// <summary>Most agents and instances in an answer.</summary>
    public const int MaxLimit = 10_000;

    /// <summary>The explanation.</summary>
    /// <param name="app">The app, out of <paramref name="services"/>.</param>
    /// <param name="services">The services.</param>
    /// <param name="cluster">The cluster, of about the same time.</param>
    /// <param name="defaultRole">The role of apps that name none.</param>
    /// <param name="limit">Most agents and instances in the answer.</param>
    /// <param name="now">For delays.</param>
    public static WaitExplanation Explain(AppView app, ServicesSnapshot services, ClusterSnapshot cluster, string defaultRole, int limit, DateTimeOffset now)
    {
        var definition = app.Queue?.Definition ?? app.Definition;
        var role = definition.Role ?? defaultRole;
        var waiting = app.Queue?.Count ?? 0;
        var held = Math.Max(0, app.Definition.Instances - LaunchedOf(app) - (definition.LastConfigChangeAt == app.Definition.LastConfigChangeAt ? waiting : 0));
        var obstacles = new List<WaitObstacle>();
        if (waiting + held > 0)
        {
            ReadinessFinder.Add(obstacles, services, cluster);
            QuotaFinder.Add(obstacles, definition, role, cluster);
            HoldFinder.Add(obstacles, app, services, waiting, held, now);
        }

        var agents = waiting > 0 ? Examine(app, definition, services, cluster, role) : [];
        agents.Sort(Compare);
        var verdicts = Count(agents);
        var advice = Adviser.Advise(obstacles, agents, verdicts);
        return new WaitExplanation
        {
            AppId = app.Id,
            At = now,
            Wanted = app.Definition.Instances,
            Launched = app.Instances.Count(instance => instance.Condition != "Scheduled"),
            Waiting = waiting,
            Held = held,
            Since = app.Queue?.Since,
            Summary = Adviser.Summarise(app, waiting, held, obstacles, agents, verdicts, advice),
            Advice = advice,
            Obstacles = obstacles,
            Verdicts = verdicts,
            AgentCount = agents.Count,
            Agents = agents.Count <= limit ? agents : agents[..limit],
            Instances = [.. app.Instances.Where(instance => instance.Condition == "Scheduled").Take(limit)],
        };
    }

    /// <summary>The role under which the services are subscribed; <c>*</c> while they are not.</summary>
    public static string RoleOf(ServicesSnapshot services, ClusterSnapshot cluster)
    {
        foreach (var framework in cluster.Frameworks)
        {
            if (framework is { Roles.Count: > 0 } && framework.Id.Value == services.FrameworkId)
            {
                return framework.Roles[0];
            }
        }

        return "*";
    }

    /// <summary>Launched instances of the configuration that was asked for last.</summary>
    private static int LaunchedOf(AppView app)
    {
        var changedAt = app.Definition.LastConfigChangeAt;
        var current = app.Definitions.Where(version => version.Value.LastConfigChangeAt == changedAt).Select(version => version.Key).Append(app.Definition.Version).ToHashSet();
        return app.Instances.Count(instance => instance.Condition != "Scheduled" && current.Contains(instance.Version));
    }

    private static List<AgentVerdict> Examine(AppView app, AppDefinition definition, ServicesSnapshot services, ClusterSnapshot cluster, string role)
    {
        var rules = new PlacementRules(definition.Constraints, app.Queue!.Placed);
        var examiner = new AgentExaminer(definition, role, rules, new OfferedElsewhere(cluster, services.FrameworkId));
        var agents = new List<AgentVerdict>();

        // An app with one instance on every agent does not look for a place where it is.
        var occupied = definition.IsDaemon ? app.Instances.Select(instance => instance.AgentId).ToHashSet(StringComparer.Ordinal) : [];
        foreach (var agent in cluster.Agents)
        {
            if (agent is not null && !occupied.Contains(agent.Id.Value))
            {
                agents.Add(examiner.Examine(agent));
            }
        }

        agents.AddRange(cluster.RecoveredAgents.Select(agent => AgentExaminer.Away(agent, "expected back")));
        agents.AddRange(cluster.UnreachableAgents.Select(agent => AgentExaminer.Away(agent, "unreachable")));
        return agents;
    }

    /// <summary>The agents that come nearest first: fewest requirements unmet, then least missing of what is needed.</summary>
    private static int Compare(AgentVerdict a, AgentVerdict b)
    {
        var order = Distance(a).CompareTo(Distance(b));
        order = order != 0 ? order : string.CompareOrdinal(a.Hostname, b.Hostname);
        return order != 0 ? order : string.CompareOrdinal(a.AgentId, b.AgentId);
    }

    /// <summary>Grows with what is missing; an agent that is away is the farthest, whatever it has.</summary>
    private static double Distance(AgentVerdict agent)
    {
        var distance = 0d;
        foreach (var check in agent.Checks)
        {
            if (!check.Met)
            {
                distance += check.Kind == WaitReason.Agent ? 1000 : 1 + (check.Shortfall == 0 ? 1 : check.Shortfall / (check.Shortfall + check.AvailableAmount));
            }
        }

        return distance;
    }

    private static List<VerdictCount> Count(List<AgentVerdict> agents)
    {
        var (failed, only) = (new SortedDictionary<WaitReason, int>(), new Dictionary<WaitReason, int>());
        foreach (var agent in agents)
        {
            var kinds = agent.Unmet.Select(check => check.Kind).Distinct().ToList();
            foreach (var kind in kinds.Count == 0 ? [WaitReason.None] : kinds)
            {
                failed[kind] = failed.GetValueOrDefault(kind) + 1;
                only[kind] = only.GetValueOrDefault(kind) + (kinds.Count <= 1 ? 1 : 0);
            }
        }

        return [.. failed.Select(count => new VerdictCount(count.Key, count.Value, only[count.Key])).OrderByDescending(count => count.Kind == WaitReason.None).ThenByDescending(count => count.Agents)];
    }
}
