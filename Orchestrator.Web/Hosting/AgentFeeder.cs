using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Marathon;
using Orchestrator.Core.Master;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Views;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Web.Hosting;

/// <summary>
/// Tells the services engine which agents there are whenever that changes: apps with an instance on every agent follow them. It
/// looks no more often than each <see cref="Pause"/>, so many changes are told at once.
/// </summary>
/// <param name="services">Who hears it.</param>
/// <param name="master">Who knows it.</param>
/// <param name="time">The clock.</param>
public sealed class AgentFeeder(
    IEngineGateway<MarathonCommand, MarathonReply, ServicesSnapshot> services, IEngineGateway<MasterCommand, MasterReply, ClusterSnapshot> master, TimeProvider time) : BackgroundService
{
    /// <summary>Least time between two looks.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<AgentId, (AgentInfo Info, ClusterAgent Agent)> _known = [];

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            IReadOnlyList<ClusterAgent>? told = null;
            await foreach (var snapshot in master.WatchAsync(stoppingToken))
            {
                var agents = AgentsOf(snapshot);
                if (told is null || !told.SequenceEqual(agents))
                {
                    await TellAsync(agents, stoppingToken);
                    told = agents;
                }

                await Task.Delay(Pause, time, stoppingToken);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or EngineStoppedException)
        {
            // The host stops.
        }
    }

    private async Task TellAsync(IReadOnlyList<ClusterAgent> agents, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await services.SendAsync(new MarathonCommand.AgentsChanged(agents), cancellationToken);
                return;
            }
            catch (EngineOverloadedException)
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    /// <summary>All agents; one that did not register anew is the same object as before, so that comparing lists is cheap.</summary>
    internal IReadOnlyList<ClusterAgent> AgentsOf(ClusterSnapshot cluster)
    {
        var agents = new List<ClusterAgent>();
        foreach (var agent in cluster.Agents)
        {
            if (agent is not null)
            {
                agents.Add(Of(agent.Id, agent is { Connected: true, Active: true }, agent.Info));
            }
        }

        foreach (var away in cluster.RecoveredAgents.Concat(cluster.UnreachableAgents))
        {
            agents.Add(Of(away.Id, false, away.Info));
        }

        if (_known.Count > agents.Count * 2)
        {
            _known.Clear();
        }

        return agents;
    }

    private ClusterAgent Of(AgentId id, bool isActive, AgentInfo info)
    {
        if (!_known.TryGetValue(id, out var known) || !ReferenceEquals(known.Info, info) || known.Agent.IsActive != isActive)
        {
            var agent = known.Agent is not null && ReferenceEquals(known.Info, info) ? known.Agent with { IsActive = isActive } : ClusterAgent.Of(id.Value, isActive, info);
            _known[id] = known = (info, agent);
        }

        return known.Agent;
    }
}
