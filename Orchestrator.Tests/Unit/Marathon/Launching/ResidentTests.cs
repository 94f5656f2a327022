using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Resources;
using Orchestrator.Tests.Support;
using OperationType = Orchestrator.Core.Contract.Mesos.Offer.Types.Operation.Types.Type;

namespace Orchestrator.Tests.Unit.Marathon.Launching;

/// <summary>Apps with persistent volumes: where an instance's data is, there it comes back.</summary>
public sealed class ResidentTests
{
    private const string Volumes = "'container':{'type':'MESOS','volumes':[{'containerPath':'data','mode':'RW','persistent':{'size':100}}]}";
    private readonly ServicesHarness _services = new ServicesHarness(options => options with { Role = "prod" }).Subscribed();

    [Fact]
    public void First_launch_reserves_creates_and_launches_in_one_call_with_labels()
    {
        Assert.Equal(201, _services.Create(App()).Status);

        var accept = Assert.Single(_services.Calls, call => call.Accept is not null).Accept;
        Assert.Equal([OperationType.Reserve, OperationType.Create, OperationType.Launch], accept.Operations.Select(operation => operation.Type));
        var volume = Assert.Single(accept.Operations[1].Create.Volumes);
        var instance = Assert.Single(_services.App("/db").Instances);
        var local = Assert.Single(instance.LocalVolumes);
        Assert.Equal(local.PersistenceId, volume.Disk.Persistence.Id);
        Assert.StartsWith("db#data#", volume.Disk.Persistence.Id, StringComparison.Ordinal);
        Assert.Equal(("data", 100.0), (volume.Disk.Volume.ContainerPath, volume.Scalar.Value));
        Assert.Equal([("marathon_framework_id", ServicesHarness.FrameworkName), ("marathon_task_id", instance.Id)], volume.Reservation.Labels.Labels_.Select(label => (label.Key, label.Value)));
        Assert.All(accept.Operations[2].Launch.TaskInfos[0].Resources, resource => Assert.NotNull(resource.Reservation));
    }

    [Theory]
    [InlineData(TaskState.TaskFailed)]
    [InlineData(TaskState.TaskFinished)]
    [InlineData(TaskState.TaskKilled)]
    [InlineData(TaskState.TaskGone)]
    public void Task_that_ends_is_followed_by_one_on_the_same_agent_volume_and_ports(TaskState end)
    {
        _services.Create(App(more: ",'backoffSeconds':0,'portDefinitions':[{'port':0}]"));
        var before = Assert.Single(_services.App("/db").Instances);

        _services.Say(before.TaskId, end);

        var after = Assert.Single(_services.App("/db").Instances);
        Assert.Equal((before.Id, before.AgentId, "TASK_RUNNING"), (after.Id, after.AgentId, after.State));
        Assert.NotEqual(before.TaskId, after.TaskId);
        Assert.Equal(before.LocalVolumes, after.LocalVolumes);
        Assert.Equal(before.Ports, after.Ports);
        Assert.Single(_services.Calls, call => call.Accept?.Operations.Any(operation => operation.Type == OperationType.Reserve) == true);
    }

    [Fact]
    public void Instance_waits_for_the_agent_of_its_data_also_after_a_restart_of_the_host()
    {
        _services.Create(App(more: ",'backoffSeconds':0"));
        var instance = Assert.Single(_services.App("/db").Instances);
        var cpus = _services.Agents[instance.AgentId];
        var kept = instance.AgentId;
        _services.Agents.Remove(kept);
        _services.Tasks.Clear();

        var restarted = _services.Restart().Subscribed();
        restarted.Run();
        restarted.Pass(TimeSpan.FromMinutes(10));
        Assert.Equal("TASK_STAGING", Assert.Single(restarted.App("/db").Instances).State);
        Assert.Contains(restarted.App("/db").Queue!.LastUnusedOffers, unused => unused.Reasons.Any(rejection => rejection.Reason == "NoCorrespondingReservationFound"));

        restarted.Agents[kept] = cpus;
        restarted.Kept[kept] = ReservedBy(_services);
        restarted.Disconnect();
        restarted.Subscribed();
        var back = Assert.Single(restarted.App("/db").Instances);
        Assert.Equal((kept, "TASK_RUNNING", instance.LocalVolumes[0]), (back.AgentId, back.State, back.LocalVolumes[0]));
    }

    [Fact]
    public void Other_apps_do_not_use_what_is_kept_for_an_instance()
    {
        _services.Agents.Clear();
        _services.Agents["S1"] = 2;
        _services.AutoRun = true;
        _services.Create(App(cpus: 1.5, more: ",'backoffSeconds':1000,'maxLaunchDelaySeconds':1000"));
        _services.Say(_services.TaskIds("/db")[0], TaskState.TaskFailed);

        _services.Create("{'id':'/web','cmd':'x','cpus':1,'mem':32}");
        Assert.Equal(0, _services.App("/web").TasksRunning);
        _services.Pass(TimeSpan.FromSeconds(1100));
        Assert.Equal(1, _services.App("/db").TasksRunning);
    }

    [Fact]
    public void Fewer_instances_keep_the_data_and_more_find_it_again()
    {
        _services.Create(App(instances: 2));
        var before = _services.App("/db").Instances.Select(instance => instance.LocalVolumes[0].Uuid).Order().ToArray();

        _services.Update("/db", "{'instances':0}");
        Assert.Empty(_services.Tasks);
        Assert.Equal(2, _services.App("/db").Instances.Count);
        Assert.Empty(_services.Snapshot.Deployments);
        Assert.Null(_services.App("/db").Queue);

        var restarted = _services.Restart().Subscribed();
        restarted.Update("/db", "{'instances':2}");
        Assert.Equal(before, restarted.App("/db").Instances.Select(instance => instance.LocalVolumes[0].Uuid).Order());
        Assert.Equal(2, restarted.App("/db").TasksRunning);
        Assert.Empty(restarted.Snapshot.Deployments);
    }

    [Fact]
    public void New_configuration_runs_on_the_old_data_one_after_another()
    {
        _services.Create(App(instances: 3, more: ",'backoffSeconds':0"));
        var before = _services.App("/db").Instances.Select(instance => (instance.Id, instance.LocalVolumes[0].Uuid)).Order().ToArray();
        var lowest = 3;
        _services.AfterTurn = () => lowest = Math.Min(lowest, _services.Tasks.Count);

        _services.Update("/db", "{'cmd':'y'}");

        Assert.Equal(before, _services.App("/db").Instances.Select(instance => (instance.Id, instance.LocalVolumes[0].Uuid)).Order());
        Assert.All(_services.Tasks.Values, task => Assert.Equal("y", task.Info.Command.Value));
        Assert.Empty(_services.Snapshot.Deployments);
        Assert.Equal(2, lowest);
    }

    [Fact]
    public void Wipe_and_deletion_destroy_the_volume_and_give_the_reservation_back()
    {
        _services.Create(App(instances: 2));
        var wiped = _services.App("/db").Instances[0];

        _services.Kill("/db", [wiped.TaskId], wipe: true);
        Assert.DoesNotContain(wiped.LocalVolumes[0], _services.App("/db").Instances.SelectMany(instance => instance.LocalVolumes));
        Assert.Equal(2, _services.App("/db").TasksRunning);
        var clean = _services.Calls.Where(call => call.Accept is not null).SelectMany(call => call.Accept.Operations).ToList();
        Assert.Equal(wiped.LocalVolumes[0].PersistenceId, Assert.Single(clean, operation => operation.Type == OperationType.Destroy).Destroy.Volumes[0].Disk.Persistence.Id);

        _services.Delete("/db");
        Assert.All(_services.Kept.Values, kept => Assert.True(kept.IsEmpty, kept.ToFullText()));
        Assert.Equal(300, _services.Agents.Values.Sum());
        Assert.DoesNotContain(_services.Journal.Keys, key => key.StartsWith("instance/", StringComparison.Ordinal));
    }

    [Fact]
    public void Parked_instance_is_wiped_by_the_id_of_its_last_task()
    {
        _services.Create(App());
        var task = _services.TaskIds("/db")[0];
        _services.Update("/db", "{'instances':0}");

        _services.Kill("/db", [task], wipe: true);

        Assert.Empty(_services.App("/db").Instances);
        Assert.All(_services.Kept.Values, kept => Assert.True(kept.IsEmpty, kept.ToFullText()));
    }

    [Fact]
    public void Stray_reservation_is_found_by_the_offers_after_a_restart()
    {
        _services.Create(App());
        var reserved = _services.Tasks.Values.Single().Info;
        _services.Tasks.Clear();
        _services.Kept[reserved.AgentId.Value] = ResourceList.FromProto(reserved.Resources);
        _services.Journal.Keys.Where(key => key.StartsWith("instance/", StringComparison.Ordinal) || key.StartsWith("app/", StringComparison.Ordinal) || key.StartsWith("version/", StringComparison.Ordinal)).ToList().ForEach(key => _services.Journal.Remove(key));

        var restarted = _services.Restart().Subscribed();

        Assert.All(restarted.Kept.Values, kept => Assert.True(kept.IsEmpty, kept.ToFullText()));
    }

    [Fact]
    public void Launch_that_never_reached_its_agent_reserves_anew()
    {
        _services.AutoRun = false;
        _services.Create(App(more: ",'backoffSeconds':0"));
        var lost = Assert.Single(_services.App("/db").Instances);
        var info = _services.Tasks[lost.TaskId].Info;
        _services.Tasks.Remove(lost.TaskId);
        _services.Agents[info.AgentId.Value] = 100;
        _services.AutoRun = true;

        _services.Say(lost.TaskId, TaskState.TaskDropped, TaskStatus.Types.Reason.InvalidOffers);

        var next = Assert.Single(_services.App("/db").Instances);
        Assert.Equal((lost.Id, "TASK_RUNNING"), (next.Id, next.State));
        Assert.NotEqual(lost.LocalVolumes[0].Uuid, next.LocalVolumes[0].Uuid);
    }

    [Fact]
    public void Agent_that_an_operator_took_out_gives_the_data_up()
    {
        _services.Create(App(more: ",'backoffSeconds':0"));
        var before = Assert.Single(_services.App("/db").Instances);
        _services.Agents.Remove(before.AgentId);
        _services.Tasks.Remove(before.TaskId);

        _services.Say(before.TaskId, TaskState.TaskGoneByOperator);

        var after = Assert.Single(_services.App("/db").Instances);
        Assert.Equal("TASK_RUNNING", after.State);
        Assert.NotEqual(before.AgentId, after.AgentId);
    }

    [Theory]
    [InlineData("'cpus':2", "/cpus")]
    [InlineData("'mem':64", "/mem")]
    [InlineData("'container':{'type':'MESOS','volumes':[{'containerPath':'data','mode':'RW','persistent':{'size':200}}]}", "/container/volumes")]
    public void What_is_reserved_cannot_be_changed(string change, string path)
    {
        _services.Create(App());
        var reply = _services.Update("/db", "{" + change + "}");
        Assert.Equal(422, reply.Status);
        Assert.Contains(path, ServicesHarness.Body(reply).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'containerPath':'/data','mode':'RW','persistent':{'size':1}", "one name without")]
    [InlineData("'containerPath':'data','mode':'RO','persistent':{'size':1}", "must be RW")]
    [InlineData("'containerPath':'data','mode':'RW','persistent':{}", "must be greater than 0")]
    [InlineData("'containerPath':'data','mode':'RW','persistent':{'size':1,'type':'mount'}", "use root")]
    public void Volume_that_cannot_be_is_refused(string volume, string expected)
    {
        var reply = _services.Create("{'id':'/db','cmd':'x','container':{'type':'MESOS','volumes':[{" + volume + "}]}}");
        Assert.Equal(422, reply.Status);
        Assert.Contains(expected, ServicesHarness.Body(reply).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(",'upgradeStrategy':{'maximumOverCapacity':0.5}", "/upgradeStrategy/maximumOverCapacity")]
    [InlineData(",'unreachableStrategy':{'inactiveAfterSeconds':1,'expungeAfterSeconds':2}", "/unreachableStrategy")]
    [InlineData(",'acceptedResourceRoles':['prod']", "/acceptedResourceRoles")]
    public void Strategy_that_data_does_not_allow_is_refused(string more, string path)
    {
        var reply = _services.Create(App(more: more));
        Assert.Equal(422, reply.Status);
        Assert.Contains(path, ServicesHarness.Body(reply).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Host_without_a_role_says_how_to_give_it_one()
    {
        var reply = new ServicesHarness().Subscribed().Create(App());
        Assert.Equal(422, reply.Status);
        Assert.Contains("--mesos_role=NAME", ServicesHarness.Body(reply).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Definition_is_answered_with_the_defaults_of_residents()
    {
        var app = ServicesHarness.Body(_services.Create(App()));
        Assert.Equal("disabled", app.GetProperty("unreachableStrategy").GetString());
        Assert.Equal((0.5, 0.0), (app.GetProperty("upgradeStrategy").GetProperty("minimumHealthCapacity").GetDouble(), app.GetProperty("upgradeStrategy").GetProperty("maximumOverCapacity").GetDouble()));
        Assert.Equal("WAIT_FOREVER", app.GetProperty("residency").GetProperty("taskLostBehavior").GetString());
        Assert.Equal("""{"containerPath":"data","mode":"RW","persistent":{"type":"root","size":100}}""", app.GetProperty("container").GetProperty("volumes")[0].GetRawText());
    }

    private static ResourceList ReservedBy(ServicesHarness services) =>
        ResourceList.FromProto(services.Calls.Where(call => call.Accept is not null).SelectMany(call => call.Accept.Operations).First(operation => operation.Launch is not null).Launch.TaskInfos[0].Resources);

    private static string App(int instances = 1, double cpus = 1, string more = "") =>
        FormattableString.Invariant($"{{'id':'/db','cmd':'x','cpus':{cpus},'mem':32,'instances':{instances},{Volumes}{more}}}");
}
