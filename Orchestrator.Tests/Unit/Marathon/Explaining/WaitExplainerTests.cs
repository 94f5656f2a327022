using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Marathon.Explaining;
using Orchestrator.Core.Resources;
using Orchestrator.Core.Views;
using Orchestrator.Tests.Support;
using static Orchestrator.Tests.Support.ClusterSnapshots;

namespace Orchestrator.Tests.Unit.Marathon.Explaining;

/// <summary>One test for each kind of obstacle: the engine of the services makes the wait, a cluster made by hand the agents.</summary>
public sealed class WaitExplainerTests
{
    private readonly ServicesHarness _services = new();

    public WaitExplainerTests()
    {
        _services.Agents.Clear();
        _services.Subscribed();
    }

    private WaitExplanation Explain(ClusterSnapshot cluster, string id = "/web", int limit = 100)
    {
        var snapshot = _services.Snapshot;
        return WaitExplainer.Explain(snapshot.FindApp(id)!, snapshot, cluster, "*", limit, _services.Now);
    }

    private WaitExplanation Create(string fields, params AgentView[] agents)
    {
        Assert.Equal(201, _services.Create($"{{'id':'/web','cmd':'x','cpus':0.5,'mem':100,{fields}}}").Status);
        return Explain(Of(agents));
    }

    private static (string Needed, string Available, string? Advice) Unmet(WaitExplanation explanation, WaitReason kind)
    {
        var check = explanation.Agents.Single().Unmet.Single();
        Assert.Equal(kind, check.Kind);
        Assert.Equal([new VerdictCount(kind, 1, 1)], explanation.Verdicts);
        Assert.Contains(check.Advice!, explanation.Advice[0], StringComparison.Ordinal);
        return (check.Needed, check.Available, check.Advice);
    }

    [Fact]
    public void Too_few_cores_name_what_is_to_be_freed_or_lowered()
    {
        var explanation = Create("'cpus':2", Node("S1", used: "cpus:3.5"));

        Assert.Equal(("2 cpus", "0.5 cpus", "free 1.5 cpus on host-S1, or lower cpus to 0.5"), Unmet(explanation, WaitReason.Cpus));
        Assert.Equal(("4 cpus", "3.5 cpus", 1.5), explanation.Agents[0].Checks.Where(check => !check.Met).Select(check => (check.Total, check.Used, check.Shortfall)).Single());
        Assert.Equal("1 instance of /web waits: none of 1 agent fits; 1 lacks cpus. The nearest, host-S1, has 0.5 cpus; needed: 2 cpus. Smallest change: free 1.5 cpus on host-S1, or lower cpus to 0.5.", explanation.Summary);
    }

    [Theory]
    [InlineData("'mem':1000", "mem:100", WaitReason.Mem, "free 100 MiB of memory on host-S1, or lower mem to 900")]
    [InlineData("'disk':600", "disk:500", WaitReason.Disk, "free 100 MiB of disk on host-S1, or lower disk to 500")]
    [InlineData("'disk':2000", "", WaitReason.Disk, "use a larger agent: host-S1 has 1000 MiB of disk in all, or lower disk to 1000")]
    [InlineData("'gpus':1", "", WaitReason.Gpus, "use a larger agent: host-S1 has 0 gpus in all")]
    [InlineData("'ports':[31002],'requirePorts':true", "ports:[31002-31002]", WaitReason.Ports, "free port 31002 on host-S1, or let the app take any port")]
    [InlineData("'ports':[80],'requirePorts':true", "", WaitReason.Ports, "let the agent on host-S1 offer port 80 (it has ports 31000-31009), or let the app take any port")]
    [InlineData("'ports':[0,0,0]", "ports:[31000-31007]", WaitReason.Ports, "free 1 port on host-S1, or widen its ports")]
    [InlineData("'acceptedResourceRoles':['ops']", "", WaitReason.Role, "reserve resources of host-S1 for role ops, or widen acceptedResourceRoles")]
    [InlineData("'constraints':[['rack','LIKE','r1']]", "", WaitReason.Attribute, "start the agent on host-S1 with --attributes=rack:VALUE, or drop the rule on rack")]
    [InlineData("'constraints':[['@zone','IS','eu-1']]", "", WaitReason.Attribute, "start the agent on host-S1 with a domain that names its zone")]
    [InlineData("'constraints':[['hostname','LIKE','db.*']]", "", WaitReason.Constraint, "add or free an agent whose hostname matches db.*")]
    [InlineData("'constraints':[['hostname','UNLIKE','host.*']]", "", WaitReason.Constraint, "add or free an agent whose hostname does not match host.*")]
    [InlineData("'constraints':[['hostname','CLUSTER','db']]", "", WaitReason.Constraint, "add or free an agent whose hostname is db")]
    public void Requirement_that_an_agent_fails_comes_with_the_smallest_change(string fields, string used, WaitReason kind, string advice) =>
        Assert.Equal(advice, Unmet(Create(fields, Node("S1", used)), kind).Advice);

    [Theory]
    [InlineData("UNIQUE", null, "hostname UNIQUE", "add an agent with another hostname, lower instances, or drop the rule: host-S1 has an instance already")]
    [InlineData("MAX_PER", "1", "hostname MAX_PER 1", "add an agent with another hostname, or raise the rule's value to 2: host-S1 has 1 instance already")]
    [InlineData("GROUP_BY", "2", "hostname GROUP_BY 2", "make room on machines with another hostname: host-S1 has 1 instance, more than others")]
    public void Rule_that_counts_instances_says_how_many_stand_there(string rule, string? value, string needed, string advice)
    {
        _services.Agents["S1"] = 4;
        var constraint = value is null ? $"['hostname','{rule}']" : $"['hostname','{rule}','{value}']";

        var explanation = Create($"'instances':2,'constraints':[{constraint}]", Node("S1"));

        Assert.Equal((needed, "hostname is host-S1", advice), Unmet(explanation, WaitReason.Constraint));
        Assert.Equal((2, 1, 1), (explanation.Wanted, explanation.Launched, explanation.Waiting));
    }

    [Fact]
    public void Agent_that_is_deactivated_disconnected_or_away_says_so()
    {
        Create("'instances':1");
        var cluster = Of(Node("S1") with { Active = false }, Node("S2") with { Connected = false }) with { RecoveredAgents = [Away("S3")], UnreachableAgents = [Away("S4")] };

        var explanation = Explain(cluster);

        Assert.Equal([new VerdictCount(WaitReason.Agent, 4, 4)], explanation.Verdicts);
        Assert.Equal(["deactivated", "disconnected", "expected back", "unreachable"], explanation.Agents.SelectMany(agent => agent.Unmet).Select(check => check.Available).Order());
        var readiness = explanation.Obstacles[0];
        Assert.Equal((WaitReason.Readiness, true, "wait for the 1 agent known from before the restart of the master"), (readiness.Kind, readiness.Blocks, readiness.Advice));
    }

    [Fact]
    public void Empty_cluster_asks_for_an_agent()
    {
        var explanation = Create("'instances':1");

        Assert.Equal("start an agent, or bring one back", explanation.Advice[0]);
        Assert.Equal("1 instance of /web waits. No agent is registered. Smallest change: start an agent, or bring one back.", explanation.Summary);
    }

    [Fact]
    public void Broken_subscription_blocks_everything()
    {
        Create("'instances':1");
        _services.Disconnect();

        var obstacle = Explain(Of(Node("S1"))).Obstacles[0];

        Assert.Equal((WaitReason.Readiness, "disconnected", true), (obstacle.Kind, obstacle.Offered, obstacle.Blocks));
    }

    [Fact]
    public void Offer_to_another_framework_is_told_as_what_is_held_back()
    {
        Create("'cpus':2");

        var explanation = Explain(Of(Node("S1")).WithOffer("spark", "S1", "cpus:3"));

        Assert.Equal(("2 cpus", "1 cpus", "wait until spark has answered its offer of host-S1, or take the offer back"), Unmet(explanation, WaitReason.Cpus));
    }

    [Fact]
    public void Offer_to_the_services_themselves_is_theirs_to_use()
    {
        Create("'cpus':2");

        Assert.True(Explain(Of(Node("S1")).WithOffer(ServicesHarness.FrameworkName, "S1", "cpus:3")).Agents[0].Fits);
    }

    [Fact]
    public void Reservation_for_another_role_is_named()
    {
        var explanation = Create("'cpus':2", Node("S1", total: "cpus:1;cpus(db):3;mem:1000;disk:1000;ports:[31000-31009]"));

        Assert.Equal("unreserve 1 cpus of host-S1: 3 cpus are reserved for other roles", Unmet(explanation, WaitReason.Cpus).Advice);
    }

    [Fact]
    public void Quota_of_the_role_that_is_used_up_names_the_limit_that_would_do()
    {
        Create("'cpus':2,'role':'ops/web'");
        var quota = new Core.Contract.QuotaApi.QuotaConfig { Role = "ops" };
        quota.Limits["cpus"] = new Value.Types.Scalar { Value = 4 };
        quota.Limits["mem"] = new Value.Types.Scalar { Value = 4000 };
        RoleView Role(string name, string held) => new(name, 1, [], ResourceList.Parse(held), ResourceList.Empty, ResourceList.Empty);
        var cluster = Of(Node("S1")) with { Quotas = new Dictionary<string, Core.Contract.QuotaApi.QuotaConfig> { ["ops"] = quota }, Roles = [Role("ops", "cpus:1"), Role("ops/db", "cpus:2"), Role("opsx", "cpus:9")] };

        var obstacle = Explain(cluster).Obstacles[0];

        Assert.Equal((WaitReason.Quota, "2 cpus", "1 cpus of the limit of 4", true), (obstacle.Kind, obstacle.Needed, obstacle.Offered, obstacle.Blocks));
        Assert.Equal("raise the limit of role ops to 5 cpus, or free 1 cpus in the role", obstacle.Advice);
        Assert.DoesNotContain(Explain(cluster with { Roles = [Role("ops", "cpus:1")] }).Obstacles, other => other.Kind == WaitReason.Quota);
    }

    [Fact]
    public void Delay_after_failures_tells_how_long_and_how_to_end_it()
    {
        _services.Agents["S1"] = 4;
        Create("'backoffSeconds':12");
        _services.Say(_services.TaskIds()[0], TaskState.TaskFailed, message: "exit 3");

        var explanation = Explain(Of(Node("S1")));

        var obstacle = explanation.Obstacles.Single();
        Assert.Equal((WaitReason.Backoff, true, _services.Now.AddSeconds(12)), (obstacle.Kind, obstacle.Blocks, obstacle.Until!.Value));
        Assert.Equal("wait 12 s: backoff; or launch now with DELETE /v2/queue/web/delay", explanation.Advice[0]);
        Assert.Contains("exit 3", explanation.Summary, StringComparison.Ordinal);
        _services.Pass(TimeSpan.FromSeconds(13));
        Assert.Empty(Explain(Of(Node("S1"))).Obstacles);
    }

    [Fact]
    public void App_that_another_must_precede_names_it()
    {
        _services.AutoRun = false;
        _services.Create("{'id':'/db','cmd':'x','instances':0}");
        _services.Create("{'id':'/web','cmd':'x','instances':0,'dependencies':['/db']}");
        _services.Tell(new Core.Marathon.MarathonCommand.UpdateApps(null, ServicesHarness.Json("[{'id':'/db','instances':2},{'id':'/web','instances':3}]"), true, true, false, ServicesHarness.Origin));

        var explanation = Explain(Of(Node("S1")));

        Assert.Equal((0, 3), (explanation.Waiting, explanation.Held));
        var obstacle = explanation.Obstacles.Single();
        Assert.Equal((WaitReason.Dependency, "2 healthy instances of /db", "0"), (obstacle.Kind, obstacle.Needed, obstacle.Offered));
        Assert.Equal(_services.App().DeploymentIds.Single(), obstacle.DeploymentId);
        Assert.StartsWith("3 instances of /web wait. /web depends on /db, of which 0 of 2 are healthy.", explanation.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Deployment_that_holds_instances_back_is_named_with_the_way_out()
    {
        _services.Agents["S1"] = 4;
        Create("'instances':2,'upgradeStrategy':{'minimumHealthCapacity':1,'maximumOverCapacity':0.5}");
        _services.AutoRun = false;
        _services.Update("/web", "{'cmd':'y'}");

        var explanation = Explain(Of(Node("S1")));

        Assert.Equal(1, explanation.Held);
        var obstacle = explanation.Obstacles.Single();
        Assert.Equal((WaitReason.Deployment, true, "1 new instance is not healthy yet"), (obstacle.Kind, obstacle.Blocks, obstacle.Offered));
        Assert.Equal($"deployment {obstacle.DeploymentId} holds the app: wait, repeat the change with force=true, or roll back with DELETE /v2/deployments/{obstacle.DeploymentId}", explanation.Advice[0]);
    }

    [Fact]
    public void Deployment_of_an_app_that_waits_for_a_place_is_told_after_the_agents()
    {
        var explanation = Create("'cpus':8", Node("S1"));

        Assert.Equal("use a larger agent: host-S1 has 4 cpus in all, or lower cpus to 4", explanation.Advice[0]);
        Assert.StartsWith("deployment ", explanation.Advice[^1], StringComparison.Ordinal);
        Assert.False(explanation.Obstacles.Single().Blocks);
    }

    [Fact]
    public void Agents_come_nearest_first_and_only_as_many_as_asked_for()
    {
        Create("'cpus':2,'constraints':[['rack','LIKE','r1']]");

        var explanation = Explain(Of(Node("S1", "cpus:4"), Node("S2", "cpus:3", attributes: "rack:r1"), Node("S3", "cpus:2.5", attributes: "rack:r1"), Node("S4") with { Connected = false }), limit: 3);

        Assert.Equal(["S3", "S2", "S1"], explanation.Agents.Select(agent => agent.AgentId));
        Assert.Equal(4, explanation.AgentCount);
        Assert.Equal([new VerdictCount(WaitReason.Cpus, 3, 2), new VerdictCount(WaitReason.Attribute, 2, 0), new VerdictCount(WaitReason.Agent, 1, 0)], explanation.Verdicts);
        Assert.Equal(["free 0.5 cpus on host-S3, or lower cpus to 1.5", "free 1 cpus on host-S2, or lower cpus to 1"], explanation.Advice.Take(2));
    }

    [Fact]
    public void App_on_every_agent_looks_at_those_without_an_instance_only()
    {
        _services.Agents["S1"] = 4;
        _services.Tell(new Core.Marathon.MarathonCommand.AgentsChanged([.. new[] { "S1", "S2" }.Select(id => Core.Marathon.ClusterAgent.Of(id, true, Node(id).Info))]));

        var explanation = Create("'instances':'all'", Node("S1"), Node("S2", "cpus:4"));

        Assert.Equal(["S2"], explanation.Agents.Select(agent => agent.AgentId));
        Assert.StartsWith("1 instance of /web waits: none of 1 agent fits; 1 lacks cpus", explanation.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Amount_that_several_agents_have_left_is_told_once()
    {
        var explanation = Create("'mem':900", Node("S1", "mem:200"), Node("S2", "mem:200"), Node("S3", "mem:500"));

        Assert.Contains("lower mem to 800: then 2 agents fit", explanation.Advice);
    }

    [Fact]
    public void Agent_that_misses_several_things_is_told_them_all()
    {
        var explanation = Create("'cpus':8,'mem':5000", Node("S1"));

        Assert.StartsWith("use a larger agent: host-S1 has 4 cpus in all, or lower cpus to 4; and use a larger agent: host-S1 has 1000 MiB of memory", explanation.Advice[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Agent_that_fits_is_counted_and_the_next_offer_awaited()
    {
        var explanation = Create("'instances':1", Node("S1"), Node("S2", "cpus:4"));

        Assert.Equal([new VerdictCount(WaitReason.None, 1, 1), new VerdictCount(WaitReason.Cpus, 1, 1)], explanation.Verdicts);
        Assert.Equal("wait for the next offer: 1 agent fits, host-S1 for one", explanation.Advice[0]);
    }

    [Fact]
    public void App_that_runs_or_is_not_wanted_waits_for_nothing()
    {
        _services.Agents["S1"] = 4;

        Assert.Equal("Nothing waits: every wanted instance of /web was launched.", Create("'instances':1", Node("S1")).Summary);
        _services.Create("{'id':'/off','cmd':'x','instances':0}");
        var off = Explain(Of(Node("S1")), "/off");
        Assert.Equal(("Nothing waits: no instance of /off is wanted.", 0, 0), (off.Summary, off.Advice.Count, off.Agents.Count));
    }
}
