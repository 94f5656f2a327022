using Orchestrator.Core.Marathon;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Views;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Hosting;
using static Orchestrator.Tests.Support.ClusterSnapshots;

namespace Orchestrator.Tests.Unit.Web.Hosting;

/// <summary>From the agents of the cluster to what the services engine hears of them.</summary>
public sealed class AgentFeederTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedServices _services = new(ServiceSnapshots.Empty);

    [Fact]
    public void Agents_that_are_away_are_told_as_such_and_unchanged_ones_stay_the_same()
    {
        using var feeder = new AgentFeeder(_services, new ScriptedMaster(Snapshots.Empty), _time);
        var node = Node("S1", attributes: "rack:r1");
        var first = feeder.AgentsOf(Of(node, Node("S2") with { Active = false }, Node("S3") with { Connected = false }) with { RecoveredAgents = [Away("S4")], UnreachableAgents = [Away("S5")] });

        Assert.Equal([("S1", true), ("S2", false), ("S3", false), ("S4", false), ("S5", false)], first.Select(agent => (agent.Id, agent.IsActive)));
        Assert.Equal(("host-S1", "r1"), (first[0].Fields["hostname"], first[0].Fields["rack"]));
        Assert.Same(first[0], feeder.AgentsOf(Of(node))[0]);
        Assert.NotSame(first[0], feeder.AgentsOf(Of(Node("S1", attributes: "rack:r2")))[0]);
    }

    [Fact]
    public async Task Engine_hears_of_a_change_and_of_nothing_else_and_again_when_it_had_too_much_to_do()
    {
        var master = new ScriptedMaster(Of(Node("S1")));
        _services.Answer = _ => _services.Commands.Count == 1 ? throw new EngineOverloadedException() : new MarathonReply(200, ReadOnlyMemory<byte>.Empty);
        using var feeder = new AgentFeeder(_services, master, _time);
        await feeder.StartAsync(CancellationToken.None);
        await ToldAsync(2);

        master.Current = master.Current with { Version = 7 };
        master.Current = Of([.. master.Current.Agents.OfType<AgentView>(), Node("S2")]);
        await ToldAsync(3);

        Assert.Equal(["S1", "S1", "S1 S2"], _services.Commands.OfType<MarathonCommand.AgentsChanged>().Select(told => string.Join(' ', told.Agents.Select(agent => agent.Id))));
        await feeder.StopAsync(CancellationToken.None);
    }

    private Task ToldAsync(int count) => Until.TrueAsync($"the agents are told {count} times", () =>
    {
        _time.Advance(AgentFeeder.Pause);
        return _services.Commands.Count >= count;
    });
}
