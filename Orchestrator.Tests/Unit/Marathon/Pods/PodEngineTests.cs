using System.Text.Json;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Marathon;
using Orchestrator.Core.Marathon.Pods;
using Orchestrator.Core.Views.Services;
using Orchestrator.Tests.Support;
using static Orchestrator.Tests.Support.ServicesHarness;

namespace Orchestrator.Tests.Unit.Marathon.Pods;

/// <summary>Pods in the services engine: definitions, launch, state, upgrade, kill, restart of the host.</summary>
public sealed class PodEngineTests
{
    private const string Pair = """
        {'id':'/pair','environment':{'WORD':'pod','ONLY':'pod'},'labels':{'team':'web'},
         'containers':[
          {'name':'one','exec':{'command':{'shell':'sleep 1'}},'resources':{'cpus':1,'mem':64},'resourceLimits':{'cpus':'unlimited','mem':128},'environment':{'WORD':'container','HOST':'x'},
           'endpoints':[{'name':'web-ui','containerPort':80,'hostPort':0,'protocol':['tcp']}],'volumeMounts':[{'name':'v','mountPath':'data'}]},
          {'name':'two','image':{'kind':'DOCKER','id':'busybox'},'exec':{'command':{'argv':['/bin/httpd','-f']}},'resources':{'cpus':2,'mem':32},
           'endpoints':[{'name':'inner','containerPort':81}],'volumeMounts':[{'name':'v','mountPath':'/data','readOnly':true}],
           'healthCheck':{'http':{'endpoint':'inner','path':'/ok'}},'lifecycle':{'killGracePeriodSeconds':7}}],
         'volumes':[{'name':'v'}],'networks':[{'mode':'container/bridge'}],'scaling':{'kind':'fixed','instances':1}}
        """;

    private ServicesHarness _services = new ServicesHarness().Subscribed();

    [Fact]
    public void Pod_is_one_group_with_what_each_container_asks_for()
    {
        Create(Pair);
        var group = Group();

        Assert.Equal(ExecutorInfo.Types.Type.Default, group.Executor.Type);
        Assert.StartsWith("instance-pair.", group.Executor.ExecutorId.Value, StringComparison.Ordinal);
        Assert.Equal((0.1, 32.0, 10.0), (Amount(group.Executor.Resources, "cpus"), Amount(group.Executor.Resources, "mem"), Amount(group.Executor.Resources, "disk")));
        var (one, two) = (group.TaskGroup.Tasks[0], group.TaskGroup.Tasks[1]);
        Assert.Equal((1.0, 64.0), (Amount(one.Resources, "cpus"), Amount(one.Resources, "mem")));
        Assert.Equal((2.0, 32.0), (Amount(two.Resources, "cpus"), Amount(two.Resources, "mem")));
        Assert.Equal((double.PositiveInfinity, 128.0, false), (one.Limits["cpus"].Value, one.Limits["mem"].Value, one.Container.LinuxInfo.ShareCgroups));
        var mapping = group.Executor.Container.NetworkInfos.Single().PortMappings.Single();
        Assert.Equal((80u, "tcp"), (mapping.ContainerPort, mapping.Protocol));
        Assert.Equal(mapping.HostPort, one.Resources.Single(resource => resource.Name == "ports").Ranges.Range.Single().Begin);
        Assert.DoesNotContain(two.Resources, resource => resource.Name == "ports");
        Assert.Equal("busybox", two.Container.Mesos.Image.Docker.Name);
        Assert.Equal(("volumes/v", "/data", Volume.Types.Mode.Ro), (two.Container.Volumes[0].Source.SandboxPath.Path, two.Container.Volumes[0].ContainerPath, two.Container.Volumes[0].Mode));
        Assert.Equal((81u, "/ok"), (two.HealthCheck.Http.Port, two.HealthCheck.Http.Path));
        Assert.Equal(7_000_000_000, two.KillPolicy.GracePeriod.Nanoseconds);
    }

    [Fact]
    public void Containers_see_the_endpoints_of_the_whole_pod_and_system_variables_win()
    {
        Create(Pair);
        var group = Group();
        var variables = group.TaskGroup.Tasks[0].Command.Environment.Variables.ToDictionary(variable => variable.Name, variable => variable.Value);

        Assert.Equal(("container", "pod"), (variables["WORD"], variables["ONLY"]));
        Assert.Equal(_services.Snapshot.Pods[0].Instances[0].Host, variables["HOST"]);
        Assert.Equal(("80", "80", "81", "81"), (variables["ENDPOINT_WEB_UI"], variables["EP_CONTAINER_WEB_UI"], variables["ENDPOINT_INNER"], variables["EP_CONTAINER_INNER"]));
        Assert.Equal(group.Executor.Container.NetworkInfos[0].PortMappings[0].HostPort.ToString(System.Globalization.CultureInfo.InvariantCulture), variables["EP_HOST_WEB_UI"]);
        Assert.DoesNotContain("EP_HOST_INNER", variables.Keys);
        Assert.Equal(("one", "/pair", "web"), (variables["MARATHON_CONTAINER_ID"], variables["MARATHON_APP_ID"], variables["MARATHON_APP_LABEL_TEAM"]));
    }

    [Fact]
    public void Definition_that_is_written_reads_the_same_and_is_no_app()
    {
        var reply = Create(Pair);
        var again = PodParser.Parse(Body(reply), new());

        Assert.Equal((201, "/v2/pods/pair"), (reply.Status, reply.Location));
        Assert.Equal(Core.Marathon.Apps.AppJson.ContentOf(_services.Snapshot.Pods[0].Definition), Core.Marathon.Apps.AppJson.ContentOf(again));
        Assert.Empty(_services.Snapshot.Apps);
        Assert.Equal("/pair", Assert.Single(_services.EventsOf("pod_created_event")).GetProperty("uri").GetString());
        var step = _services.EventsOf("deployment_step_success").First().GetProperty("currentStep").GetProperty("actions")[0];
        Assert.Equal(("StartPod", "/pair"), (step.GetProperty("action").GetString(), step.GetProperty("pod").GetString()));
    }

    [Fact]
    public void Pod_runs_when_all_run_and_is_stable_when_those_with_checks_are_well()
    {
        _services.AutoRun = false;
        Create(Pair);
        var tasks = Tasks();
        _services.Say(tasks[0], TaskState.TaskRunning);
        Assert.Equal(("Provisioned", "DEGRADED"), (Instance().Condition, Status()));
        _services.Say(tasks[1], TaskState.TaskRunning);
        Assert.Equal("Running", Instance().Condition);
        Assert.Single(_services.Snapshot.Deployments);
        _services.Say(tasks[1], TaskState.TaskRunning, healthy: true);
        Assert.Empty(_services.Snapshot.Deployments);
        Assert.Equal("STABLE", Status());
        Assert.True(Instance().Containers[1].Healthy);
    }

    [Fact]
    public void Container_that_fails_ends_the_instance_once_all_have_ended_and_it_is_launched_anew()
    {
        Create(Pair);
        var (tasks, id) = (Tasks(), Instance().Id);
        _services.Say(tasks[0], TaskState.TaskFailed, message: "no");
        Assert.Equal("Killing", Instance().Condition);
        Assert.Equal("one: no", _services.Snapshot.Pods[0].LastTaskFailure!.Message);
        _services.Say(tasks[1], TaskState.TaskKilled);
        _services.Pass(TimeSpan.FromSeconds(2));

        Assert.Equal(id, Instance().Id);
        Assert.Equal([$"{id}.one.2", $"{id}.two.2"], Tasks());
        Assert.Equal("Running", Instance().Condition);
    }

    [Fact]
    public void Container_that_finishes_lets_the_pod_run_and_is_not_killed_with_it()
    {
        Create(Pair);
        var tasks = Tasks();
        _services.Say(tasks[0], TaskState.TaskFinished);
        Assert.Equal("Running", Instance().Condition);

        _services.Calls.Clear();
        var reply = _services.Tell(new MarathonCommand.KillPodInstances("/pair", [Instance().Id], IsSingle: true, Wipe: false));
        Assert.Equal("STABLE", Body(reply).GetProperty("status").GetString());
        _services.Run();
        Assert.Equal([tasks[1]], _services.Calls.Where(call => call.Kill is not null).Select(call => call.Kill.TaskId.Value));
    }

    [Fact]
    public void Host_that_restarts_knows_containers_again_also_those_that_had_finished()
    {
        Create(Pair);
        var tasks = Tasks();
        _services.Say(tasks[1], TaskState.TaskRunning, healthy: true);
        _services.Say(tasks[0], TaskState.TaskFinished);
        _services = _services.Restart().Subscribed();
        _services.Run();

        Assert.Equal(tasks, Tasks());
        Assert.Equal(["TASK_FINISHED", "TASK_RUNNING"], Instance().Containers.Select(container => container.State));
        Assert.Equal(("Running", "STABLE"), (Instance().Condition, Status()));
    }

    [Fact]
    public void Upgrade_replaces_instances_scaling_does_not_and_the_same_content_changes_nothing()
    {
        Create(Pair);
        Healthy();
        var id = Instance().Id;
        Assert.Equal(200, Update(Pair.Replace("'instances':1", "'instances':2", StringComparison.Ordinal)).Status);
        Healthy();
        Assert.Contains(_services.Snapshot.Pods[0].Instances, instance => instance.Id == id);
        Assert.Equal(2, _services.Snapshot.Pods[0].Instances.Count);

        Update(Pair.Replace("sleep 1", "sleep 2", StringComparison.Ordinal));
        for (var round = 0; round < 4; round++)
        {
            Healthy();
        }

        Assert.NotEqual(id, Assert.Single(_services.Snapshot.Pods[0].Instances).Id);
        Assert.Empty(_services.Snapshot.Deployments);
        Assert.Equal(3, _services.Snapshot.Pods[0].Versions.Count);
    }

    [Fact]
    public void Deleted_pod_is_terminal_until_its_tasks_have_ended()
    {
        Create(Pair);
        Healthy();
        _services.AutoKill = false;
        var reply = _services.Tell(new MarathonCommand.DeletePod("/pair", false, Origin));
        _services.Run();
        Assert.Equal(202, reply.Status);
        Assert.StartsWith("/v2/deployments/", reply.Location, StringComparison.Ordinal);
        Assert.Equal("TERMINAL", Status());

        foreach (var task in Tasks())
        {
            _services.Say(task, TaskState.TaskKilled);
        }

        Assert.Empty(_services.Snapshot.Pods);
        Assert.Empty(_services.Tasks);
    }

    [Fact]
    public void Calls_for_apps_do_not_know_pods_and_ids_are_not_shared()
    {
        Create(Pair);
        Assert.Equal(409, Create(Pair).Status);
        Assert.Equal(409, _services.Update("/pair", "{'cmd':'true'}").Status);
        Assert.Equal(409, _services.Create("{'id':'/pair','cmd':'true'}").Status);
        Assert.Equal(404, _services.Delete("/pair").Status);
        Assert.Equal(404, _services.Restart("/pair").Status);
        Assert.Equal(400, Update(Pair.Replace("/pair", "/other", StringComparison.Ordinal)).Status);
        Assert.Equal(404, _services.Tell(new MarathonCommand.UpdatePod("/none", Json(Pair), false, Origin)).Status);
        Assert.Equal(404, _services.Tell(new MarathonCommand.KillPodInstances("/pair", ["none"], IsSingle: true, Wipe: false)).Status);
    }

    [Fact]
    public void Group_whose_apps_are_replaced_keeps_its_pods_and_one_that_is_deleted_does_not()
    {
        Create(Pair.Replace("/pair", "/shop/pair", StringComparison.Ordinal));
        Healthy();
        _services.Tell(new MarathonCommand.UpdateGroup("/shop", Json("{'apps':[]}"), MayCreate: true, Force: false, Origin));
        _services.Run();
        Assert.Equal("/shop/pair", Assert.Single(_services.Snapshot.Pods).Id);

        _services.Tell(new MarathonCommand.DeleteGroup("/shop", false, Origin));
        _services.Run();
        Assert.Empty(_services.Snapshot.Pods);
    }

    [Fact]
    public void Dry_run_tells_the_plan_and_does_nothing()
    {
        var reply = _services.Tell(new MarathonCommand.CreatePod(Json(Pair), false, Origin) { Terms = new WriteTerms { DryRun = true } });
        _services.Run();

        Assert.Equal(200, reply.Status);
        Assert.NotEmpty(Body(reply).GetProperty("steps").EnumerateArray());
        Assert.Empty(_services.Snapshot.Pods);
    }

    [Theory]
    [InlineData("/containers", "'containers':[]")]
    [InlineData("/containers", "'containers':[{'name':'a','image':{'id':'x'}},{'name':'a','image':{'id':'x'}}]")]
    [InlineData("/containers(0)", "'containers':[{'name':'a'}]")]
    [InlineData("/containers(0)/name", "'containers':[{'name':'_app','image':{'id':'x'}}]")]
    [InlineData("/containers(0)/exec/command", "'containers':[{'name':'a','exec':{'command':{'shell':'x','argv':['x']}}}]")]
    [InlineData("/containers(0)/resources", "'containers':[{'name':'a','image':{'id':'x'},'resources':{'cpus':0}}]")]
    [InlineData("/containers(0)/image/kind", "'containers':[{'name':'a','image':{'kind':'APPC','id':'x'}}]")]
    [InlineData("/containers(0)/endpoints(0)/containerPort", "'containers':[{'name':'a','image':{'id':'x'},'endpoints':[{'name':'e'}]}],'networks':[{'mode':'container/bridge'}]")]
    [InlineData("/containers(0)/endpoints(0)/containerPort", "'containers':[{'name':'a','image':{'id':'x'},'endpoints':[{'name':'e','containerPort':1}]}]")]
    [InlineData("/containers(0)/healthCheck/tcp/endpoint", "'containers':[{'name':'a','image':{'id':'x'},'healthCheck':{'tcp':{'endpoint':'none'}}}]")]
    [InlineData("/containers(0)/healthCheck", "'containers':[{'name':'a','image':{'id':'x'},'healthCheck':{}}]")]
    [InlineData("/containers(0)/volumeMounts(0)/name", "'containers':[{'name':'a','image':{'id':'x'},'volumeMounts':[{'name':'v','mountPath':'/x'}]}]")]
    [InlineData("/containers(0)/volumeMounts(0)/mountPath", "'containers':[{'name':'a','exec':{'command':{'shell':'x'}},'volumeMounts':[{'name':'v','mountPath':'/x'}]}],'volumes':[{'name':'v'}]")]
    [InlineData("/volumes(0)", "'containers':[{'name':'a','image':{'id':'x'}}],'volumes':[{'name':'v'}]")]
    [InlineData("/volumes(0)/host", "'containers':[{'name':'a','image':{'id':'x'},'volumeMounts':[{'name':'v','mountPath':'/x'}]}],'volumes':[{'name':'v','host':'/etc'}]")]
    [InlineData("/volumes(0)/persistent", "'containers':[{'name':'a','image':{'id':'x'},'volumeMounts':[{'name':'v','mountPath':'/x'}]}],'volumes':[{'name':'v','persistent':{'size':1}}]")]
    [InlineData("/secrets", "'containers':[{'name':'a','image':{'id':'x'}}],'secrets':{'s':{'source':'x'}}")]
    [InlineData("/containers(0)/check", "'containers':[{'name':'a','image':{'id':'x'},'check':{}}]")]
    [InlineData("/containers(0)/resourceLimits/mem", "'containers':[{'name':'a','image':{'id':'x'},'resources':{'mem':64},'resourceLimits':{'mem':32}}]")]
    [InlineData("/scaling/kind", "'containers':[{'name':'a','image':{'id':'x'}}],'scaling':{'kind':'elastic'}")]
    [InlineData("/scheduling/upgrade", "'containers':[{'name':'a','image':{'id':'x'}}],'scheduling':{'upgrade':{'minimumHealthCapacity':2}}")]
    [InlineData("/executorResources", "'containers':[{'name':'a','image':{'id':'x'}}],'executorResources':{'mem':1}")]
    [InlineData("/networks(0)/mode", "'containers':[{'name':'a','image':{'id':'x'}}],'networks':[{'mode':'odd'}]")]
    public void Pod_that_makes_no_sense_is_refused_at_its_place(string path, string fields)
    {
        var reply = Create($"{{'id':'/p',{fields}}}");

        Assert.Equal(422, reply.Status);
        Assert.Contains(path, Body(reply).GetProperty("details").EnumerateArray().Select(detail => detail.GetProperty("path").GetString()));
    }

    private MarathonReply Create(string json)
    {
        var reply = _services.Tell(new MarathonCommand.CreatePod(Json(json), false, new CommandOrigin("10.0.0.9", "/pair")));
        _services.Run();
        return reply;
    }

    private MarathonReply Update(string json)
    {
        var reply = _services.Tell(new MarathonCommand.UpdatePod("/pair", Json(json), false, Origin));
        _services.Run();
        return reply;
    }

    private Offer.Types.Operation.Types.LaunchGroup Group() =>
        _services.Calls.Last(call => call.Accept is not null).Accept.Operations.Single().LaunchGroup;

    private InstanceView Instance() => Assert.Single(_services.Snapshot.Pods[0].Instances);

    private string[] Tasks() => [.. Instance().Containers.Select(container => container.TaskId)];

    /// <summary>All containers with a check say that they are well.</summary>
    private void Healthy()
    {
        foreach (var task in _services.Snapshot.Pods[0].Instances.SelectMany(instance => instance.Containers).Where(container => container is { Name: "two", State: "TASK_RUNNING" }).ToList())
        {
            _services.Say(task.TaskId, TaskState.TaskRunning, healthy: true);
        }
    }

    private string Status()
    {
        using var document = JsonDocument.Parse(Core.Marathon.Apps.AppJson.Write(json => PodStatusJson.Write(json, _services.Snapshot.Pods[0])));
        return document.RootElement.GetProperty("status").GetString()!;
    }

    private static double Amount(IEnumerable<Resource> resources, string name) => Math.Round(resources.Where(resource => resource.Name == name).Sum(resource => resource.Scalar.Value), 3);
}
