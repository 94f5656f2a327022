using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Marathon;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Marathon.Daemons;

/// <summary>Apps with one instance on every matching agent, while agents come and go.</summary>
public sealed class DaemonBookTests
{
    private ServicesHarness _services = new();

    public DaemonBookTests() => _services.Subscribed();

    private string[] Standing => [.. _services.App().Instances.Select(instance => instance.AgentId).Order(StringComparer.Ordinal)];

    /// <summary>The agents are these: <c>S1</c> is active, <c>-S1</c> is known and takes nothing new.</summary>
    private void Follow(params string[] agents)
    {
        _services.Tell(new MarathonCommand.AgentsChanged([.. agents.Select(agent => ClusterAgent.Of(agent.TrimStart('-'), !agent.StartsWith('-'), new AgentInfo { Hostname = $"host-{agent.TrimStart('-')}" }))]));
        _services.Run();
    }

    private int Create(string more = "") => _services.Create($"{{'id':'/web','cmd':'x','cpus':1,'instances':'all'{more}}}").Status;

    [Fact]
    public void Every_agent_gets_one_instance_however_much_it_has()
    {
        Follow("S1", "S2", "S3");

        Assert.Equal(201, Create());

        Assert.Equal(["S1", "S2", "S3"], Standing);
        Assert.Equal((3, true), (_services.App().Definition.Instances, _services.App().Definition.IsDaemon));
        Assert.Empty(_services.Snapshot.Deployments);
    }

    [Fact]
    public void Agents_that_match_the_rules_are_counted_only()
    {
        Follow("S1", "S2", "S3");

        Create(",'constraints':[['hostname','UNLIKE','host-S2']]");

        Assert.Equal(["S1", "S3"], Standing);
    }

    [Fact]
    public void App_made_before_the_agents_are_known_starts_with_them_and_holds_no_deployment()
    {
        Create();
        Assert.Empty(Standing);
        Assert.Empty(_services.Snapshot.Deployments);

        Follow("S1", "S2");

        Assert.Equal(["S1", "S2"], Standing);
    }

    [Fact]
    public void Agent_that_joins_gets_an_instance_without_a_deployment_or_a_version()
    {
        Follow("S1");
        Create();
        var version = _services.App().Definition.Version;
        var told = _services.EventsOf("deployment_info").Count();

        Follow("S1", "S2");

        Assert.Equal(["S1", "S2"], Standing);
        Assert.Equal((2, version, told), (_services.App().Definition.Instances, _services.App().Definition.Version, _services.EventsOf("deployment_info").Count()));
    }

    [Fact]
    public void Agent_without_room_leaves_its_instance_waiting_and_no_deployment_open()
    {
        _services.Agents["S2"] = 0.5;
        Follow("S1", "S2");

        Create();

        Assert.Equal(["", "S1"], Standing);
        Assert.Equal(1, _services.App().Queue!.Count);
        Assert.Empty(_services.Snapshot.Deployments);
    }

    [Fact]
    public void Agent_that_is_away_keeps_its_instance_and_gets_none_again()
    {
        Follow("S1", "S2");
        Create();

        Follow("S1", "-S2");
        Assert.Equal(["S1", "S2"], Standing);

        _services.Say(_services.App().Instances.Single(instance => instance.AgentId == "S2").TaskId, TaskState.TaskKilled);
        Assert.Equal(["S1"], Standing);
        Assert.Equal(1, _services.App().Definition.Instances);

        Follow("S1", "S2");
        Assert.Equal(["S1", "S2"], Standing);
    }

    [Fact]
    public void Agent_that_is_gone_takes_its_instance_along()
    {
        Follow("S1", "S2");
        Create();

        Follow("S1");
        Assert.Equal(["S1", "S2"], Standing);
        _services.Say(_services.App().Instances.Single(instance => instance.AgentId == "S2").TaskId, TaskState.TaskGone);

        Assert.Equal(["S1"], Standing);
    }

    [Fact]
    public void Instance_that_fails_comes_back_on_its_agent()
    {
        Follow("S1", "S2");
        Create();

        _services.Say(_services.App().Instances.Single(instance => instance.AgentId == "S1").TaskId, TaskState.TaskFailed);
        _services.Pass(TimeSpan.FromSeconds(5));

        Assert.Equal(["S1", "S2"], Standing);
    }

    [Fact]
    public void Restarted_host_ends_nothing_before_it_knows_the_agents()
    {
        Follow("S1", "S2", "S3");
        Create();

        _services = _services.Restart().Subscribed();
        Assert.Equal(["S1", "S2", "S3"], Standing);
        Follow("S1", "S2", "-S3");

        Assert.Equal(["S1", "S2", "S3"], Standing);
        Assert.DoesNotContain(_services.Calls, call => call.Kill is not null);
    }

    [Fact]
    public void Upgrade_replaces_one_after_another_and_never_has_two_on_an_agent()
    {
        Follow("S1", "S2", "S3");
        Create();
        var fewest = int.MaxValue;
        _services.AfterTurn = () =>
        {
            Assert.All(_services.Tasks.Values.GroupBy(task => task.Info.AgentId.Value), group => Assert.Single(group));
            fewest = Math.Min(fewest, _services.Tasks.Count);
        };

        _services.Update("/web", "{'cmd':'y'}");

        Assert.Equal(["S1", "S2", "S3"], Standing);
        Assert.All(_services.App().Instances, instance => Assert.Equal(_services.App().Definition.Version, instance.Version));
        Assert.Equal(2, fewest);
        Assert.Empty(_services.Snapshot.Deployments);
    }

    [Fact]
    public void Agent_that_leaves_in_the_middle_of_an_upgrade_does_not_hold_it_up()
    {
        Follow("S1", "S2", "S3");
        Create();
        _services.AutoRun = false;
        _services.Update("/web", "{'cmd':'y'}");
        var fresh = _services.App().Instances.Single(instance => instance.Version == _services.App().Definition.Version && instance.AgentId.Length > 0);
        Follow([.. new[] { "S1", "S2", "S3" }.Where(agent => agent != fresh.AgentId)]);
        _services.AutoRun = true;

        _services.Say(fresh.TaskId, TaskState.TaskGone);
        _services.Pass(TimeSpan.FromSeconds(10));

        Assert.Equal(2, Standing.Length);
        Assert.Empty(_services.Snapshot.Deployments);
    }

    [Fact]
    public void Number_of_instances_ends_one_on_every_agent_and_all_begins_it()
    {
        Follow("S1", "S2", "S3");
        Create();

        _services.Update("/web", "{'instances':2}");
        Assert.Equal((2, false), (_services.App().Instances.Count, _services.App().Definition.IsDaemon));

        _services.Update("/web", "{'instances':'all'}");
        Assert.Equal(["S1", "S2", "S3"], Standing);
        Assert.DoesNotContain(_services.Log, record => record.Key.StartsWith("deployment/", StringComparison.Ordinal) && _services.Journal.ContainsKey(record.Key));
    }

    [Fact]
    public void Definition_that_is_read_and_written_back_whole_changes_nothing()
    {
        Follow("S1", "S2");
        Create();
        var version = _services.App().Definition.Version;
        var body = System.Text.Encoding.UTF8.GetString(Core.Marathon.Apps.AppJson.ToBytes(_services.App().Definition));
        Assert.Contains("\"instances\":2,", body, StringComparison.Ordinal);
        Assert.Contains("\"daemon\":true", body, StringComparison.Ordinal);

        _services.Update("/web", "{'cmd':'x','cpus':1,'instances':2,'daemon':true}");

        Assert.Equal((version, true), (_services.App().Definition.Version, _services.App().Definition.IsDaemon));
    }

    [Fact]
    public void Instance_that_waits_through_a_restart_is_launched_when_the_agents_are_known()
    {
        _services.Agents["S2"] = 0.5;
        Follow("S1", "S2");
        Create();

        _services = _services.Restart().Subscribed();
        _services.Agents["S2"] = 4;
        Follow("S1", "S2");

        Assert.Equal(["S1", "S2"], Standing);
    }

    [Fact]
    public void Killing_with_scale_is_refused_with_the_way_to_do_it()
    {
        Follow("S1");
        Create();

        var reply = _services.Kill("/web", scale: true);

        Assert.Equal(422, reply.Status);
        Assert.Contains("narrow its constraints, or set instances to a number", ServicesHarness.Body(reply).GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(",'constraints':[['rack','GROUP_BY']]", "/constraints(0)")]
    [InlineData(",'constraints':[['rack','CLUSTER']]", "/constraints(0)")]
    [InlineData(",'upgradeStrategy':{'type':'BLUE_GREEN'}", "/upgradeStrategy/type")]
    [InlineData(",'labels':{'MARATHON_SINGLE_INSTANCE_APP':'true'}", "/instances")]
    public void Daemon_that_asks_for_what_cannot_be_is_refused_at_the_field(string more, string path)
    {
        var reply = _services.Tell(new MarathonCommand.CreateApp(ServicesHarness.Json($"{{'id':'/web','cmd':'x','instances':'all'{more}}}"), false, ServicesHarness.Origin));

        Assert.Equal(422, reply.Status);
        Assert.Equal(path, ServicesHarness.Body(reply).GetProperty("details")[0].GetProperty("path").GetString());
    }
}
