using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;
using Orchestrator.Core.Views;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Console.Feeds;
using Orchestrator.Web.Console.ViewModels.Cluster;

namespace Orchestrator.Tests.Unit.Console.Cluster;

public sealed class AgentListTests
{
    private static readonly ClusterSnapshot s_cluster = Make();

    [Theory]
    [InlineData("host", "a1 b2 c3 d4")]
    [InlineData("-host", "d4 c3 b2 a1")]
    [InlineData("-cpus", "b2 a1 d4 c3")]
    [InlineData("-tasks", "a1 b2 d4 c3")]
    [InlineData("state", "a1 b2 c3 d4")]
    [InlineData("no-such-order", "a1 b2 c3 d4")]
    public void Agents_in_each_order_come_as_asked_and_those_away_count_as_empty(string sort, string expected) =>
        Assert.Equal(expected, Hosts("", "", sort));

    [Theory]
    [InlineData("rack:r1", "", "a1")]
    [InlineData("m-S1", "", "b2")]
    [InlineData("", "disconnected", "b2")]
    [InlineData("", "unreachable", "c3")]
    [InlineData("", "recovering", "d4")]
    [InlineData("rack:r1", "unreachable", "")]
    public void Agents_under_a_filter_and_a_state_are_those_that_pass_both(string words, string state, string expected) =>
        Assert.Equal(expected, Hosts(words, state, "host"));

    private static string Hosts(string words, string state, string sort) =>
        string.Join(' ', AgentList.Of(s_cluster, new TextFilter(words), state, sort).Select(row => row.Hostname));

    private static ClusterSnapshot Make()
    {
        var some = Snapshots.Busy.Agents[0]!;
        var agents = PagedVector<AgentView?>.Empty.ToBuilder();
        agents.Add(some with { Info = new AgentInfo(some.Info) { Hostname = "a1" }, ActiveTasks = 3 });
        agents.Add(null);
        agents.Add(some with { Id = new AgentId("m-S1"), Info = new AgentInfo { Hostname = "b2" }, ActiveTasks = 1, Connected = false, Used = ResourceList.Parse("cpus:3") });
        return Snapshots.Busy with
        {
            Agents = agents.ToVector(),
            UnreachableAgents = [new RecoveredAgentView(new AgentId("m-S2"), new AgentInfo { Hostname = "c3" }, Snapshots.Start)],
            RecoveredAgents = [new RecoveredAgentView(new AgentId("m-S3"), new AgentInfo { Hostname = "d4" }, Snapshots.Start)],
        };
    }
}
