using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Marathon;
using Orchestrator.Core.Marathon.Instances;
using Orchestrator.Core.Marathon.Launching;
using Orchestrator.Core.Primitives;
using Orchestrator.Tests.Support;
using Orchestrator.Tests.Unit.Marathon.Apps;

namespace Orchestrator.Tests.Unit.Marathon.Launching;

/// <summary>The task that an instance becomes: command, container, ports, discovery, health check, environment.</summary>
public sealed class TaskBuilderTests
{
    private static TaskInfo Build(string fields, string id = "/shop/web")
    {
        var app = AppParserTests.Parse($"{{'id':'{id}',{fields}}}") with { Version = DateTimeOffset.UnixEpoch.AddDays(20000) };
        var offer = ServicesHarness.Offer("O1", "S1", 8);
        var placement = new OfferPool(offer, new SeededRandom(1)).Take(app, PlacementRules.None, []);
        Assert.NotNull(placement);
        var instance = new InstanceState("shop_web.instance-1", new AppState(app), app, default) { Incarnation = 2 };
        return new TaskBuilder(new MarathonOptions { Seed = 1 }).Build(instance, offer, placement, TaskBuilder.PortsOf(app, placement));
    }

    private static Dictionary<string, string> EnvOf(TaskInfo task) => task.Command.Environment.Variables.ToDictionary(variable => variable.Name, variable => variable.Value);

    [Fact]
    public void Command_app_becomes_a_shell_command_with_its_names()
    {
        var task = Build("'cmd':'sleep 1','user':'nobody','labels':{'a':'b'},'taskKillGracePeriodSeconds':5");

        Assert.Equal(("web.shop", "shop_web.instance-1._app.2", "S1"), (task.Name, task.TaskId.Value, task.AgentId.Value));
        Assert.Equal((true, "sleep 1", "nobody"), (task.Command.Shell, task.Command.Value, task.Command.User));
        Assert.Equal(5_000_000_000, task.KillPolicy.GracePeriod.Nanoseconds);
        Assert.Equal(("a", "b"), (task.Labels.Labels_.Single().Key, task.Labels.Labels_.Single().Value));
        Assert.Null(task.Container);
    }

    [Fact]
    public void Tasks_of_one_configuration_share_what_is_equal_and_nothing_else()
    {
        var app = AppParserTests.Parse("{'id':'/web','cmd':'x','labels':{'a':'b'},'env':{'V':'1'}}");
        var (builder, state) = (new TaskBuilder(new MarathonOptions { Seed = 1 }), new AppState(app));
        TaskInfo Of(string id, int port)
        {
            var offer = ServicesHarness.Offer("O", $"S-{id}", 8);
            var placement = new OfferPool(offer, new SeededRandom(1)).Take(app, PlacementRules.None, [])!;
            return builder.Build(new InstanceState($"web.instance-{id}", state, app, default) { Incarnation = 1, Ordinal = port - 31000 }, offer, placement, [port]);
        }

        var (one, other) = (Of("1", 31000), Of("2", 31001));

        Assert.Same(one.Labels, other.Labels);
        var shared = one.Command.Environment.Variables.Intersect(other.Command.Environment.Variables, ReferenceEqualityComparer.Instance).Cast<Core.Contract.Mesos.Environment.Types.Variable>().Select(variable => variable.Name).ToList();
        Assert.Contains("V", shared);
        Assert.Contains("MARATHON_APP_VERSION", shared);
        Assert.Equal(("web.instance-1._app.1", "web.instance-2._app.1"), (EnvOf(one)["MESOS_TASK_ID"], EnvOf(other)["MESOS_TASK_ID"]));
        Assert.Equal(("31000", "31001"), (EnvOf(one)["PORT0"], EnvOf(other)["PORT0"]));
        Assert.Equal(("host-S-1", "host-S-2"), (EnvOf(one)["HOST"], EnvOf(other)["HOST"]));
    }

    [Fact]
    public void App_without_a_user_runs_as_the_one_of_the_options() => Assert.Equal("root", Build("'cmd':'x'").Command.User);

    [Fact]
    public void Bridged_container_publishes_its_ports_on_host_ports_of_the_offer()
    {
        var task = Build("'container':{'type':'DOCKER','docker':{'image':'busybox','forcePullImage':true,'parameters':[{'key':'hostname','value':'h'}]},'portMappings':[{'containerPort':80,'protocol':'udp,tcp','name':'http'},{'containerPort':0}],'volumes':[{'containerPath':'/c','hostPath':'/srv/h','mode':'RO'}]},'networks':[{'mode':'container/bridge'}]");

        var docker = task.Container.Docker;
        Assert.Equal(("busybox", true, ContainerInfo.Types.DockerInfo.Types.Network.Bridge), (docker.Image, docker.ForcePullImage, docker.Network));
        Assert.Equal(["udp", "tcp", "tcp"], docker.PortMappings.Select(mapping => mapping.Protocol));
        Assert.Equal(80u, docker.PortMappings[0].ContainerPort);
        Assert.Equal(docker.PortMappings[0].HostPort, docker.PortMappings[1].HostPort);
        Assert.Equal(docker.PortMappings[2].HostPort, docker.PortMappings[2].ContainerPort);
        Assert.Equal(["hostname=h", "label=MESOS_TASK_ID=shop_web.instance-1._app.2"], docker.Parameters.Select(parameter => $"{parameter.Key}={parameter.Value}"));
        Assert.Equal((Volume.Types.Mode.Ro, "/srv/h", "/c"), (task.Container.Volumes.Single().Mode, task.Container.Volumes.Single().HostPath, task.Container.Volumes.Single().ContainerPath));
        Assert.Equal(docker.PortMappings[0].HostPort.ToString(System.Globalization.CultureInfo.InvariantCulture), EnvOf(task)["PORT0"]);
        Assert.Equal(EnvOf(task)["PORT0"], EnvOf(task)["PORT_80"]);
        Assert.Equal(EnvOf(task)["PORT0"], EnvOf(task)["PORT_HTTP"]);
        Assert.False(task.Command.Shell);
    }

    [Fact]
    public void User_network_is_named_and_an_unpublished_port_tells_the_one_inside()
    {
        var task = Build("'container':{'docker':{'image':'busybox'},'portMappings':[{'containerPort':80}]},'networks':[{'mode':'container','name':'dev'}]");

        Assert.Equal(ContainerInfo.Types.DockerInfo.Types.Network.User, task.Container.Docker.Network);
        Assert.Equal("dev", task.Container.NetworkInfos.Single().Name);
        Assert.Empty(task.Container.Docker.PortMappings);
        Assert.Equal("80", EnvOf(task)["PORT0"]);
    }

    [Fact]
    public void Arguments_go_to_the_entry_point_of_an_image() =>
        Assert.Equal((false, "", "a b,c"), (Build("'args':['a b','c'],'container':{'docker':{'image':'i'}}") is var task && task.Command.Shell, task.Command.Value, string.Join(',', task.Command.Arguments)));

    [Fact]
    public void Agent_side_health_check_is_part_of_the_task_and_the_host_side_one_is_not()
    {
        Assert.Null(Build("'cmd':'x','healthChecks':[{'protocol':'HTTP'}]").HealthCheck);

        var check = Build("'cmd':'x','healthChecks':[{'protocol':'HTTP'},{'protocol':'COMMAND','command':{'value':'test -f ok'},'intervalSeconds':7,'maxConsecutiveFailures':2}]").HealthCheck;
        Assert.Equal((HealthCheck.Types.Type.Command, "test -f ok", 7.0, 2u), (check.Type, check.Command.Value, check.IntervalSeconds, check.ConsecutiveFailures));
    }

    [Fact]
    public void Agent_side_health_check_goes_to_the_port_inside_the_container()
    {
        var bridge = Build("'container':{'type':'DOCKER','docker':{'image':'a'},'portMappings':[{'containerPort':8080,'hostPort':0}]},'networks':[{'mode':'container/bridge'}],'healthChecks':[{'protocol':'MESOS_HTTP','portIndex':0}]");
        var host = Build("'cmd':'x','portDefinitions':[{'port':0}],'healthChecks':[{'protocol':'MESOS_TCP','portIndex':0}]");

        Assert.Equal(8080u, bridge.HealthCheck.Http.Port);
        Assert.InRange(host.HealthCheck.Tcp.Port, 31000u, 32000u);
    }

    [Fact]
    public void Discovery_tells_every_port_with_its_protocols()
    {
        var discovery = Build("'cmd':'x','portDefinitions':[{'port':0,'name':'dns','protocol':'udp,tcp','labels':{'VIP_0':'/a:1'}}]").Discovery;

        Assert.Equal((DiscoveryInfo.Types.Visibility.Framework, "web.shop"), (discovery.Visibility, discovery.Name));
        Assert.Equal(["udp", "tcp"], discovery.Ports.Ports_.Select(port => port.Protocol));
        Assert.Equal(["VIP_0=/a:1", "network-scope=host"], discovery.Ports.Ports_[0].Labels.Labels_.Select(label => $"{label.Key}={label.Value}"));
    }

    [Fact]
    public void Environment_holds_what_the_reference_gives()
    {
        var env = EnvOf(Build("'cmd':'x','cpus':0.5,'mem':64,'env':{'MINE':'1','HOST':'mine'},'labels':{'My-Label':'v','other':'w'},'ports':[31009,0],'requirePorts':false"));

        Assert.Equal(("/shop/web", "0.5", "64.0", "0.0", "0"), (env["MARATHON_APP_ID"], env["MARATHON_APP_RESOURCE_CPUS"], env["MARATHON_APP_RESOURCE_MEM"], env["MARATHON_APP_RESOURCE_DISK"], env["MARATHON_APP_RESOURCE_GPUS"]));
        Assert.Equal(("shop_web.instance-1._app.2", "2024-10-04T00:00:00.000Z"), (env["MESOS_TASK_ID"], env["MARATHON_APP_VERSION"]));
        Assert.Equal(("MY_LABEL OTHER", "v"), (env["MARATHON_APP_LABELS"], env["MARATHON_APP_LABEL_MY_LABEL"]));
        Assert.Equal(("1", "mine"), (env["MINE"], env["HOST"]));
        Assert.Equal($"{env["PORT0"]},{env["PORT1"]}", env["PORTS"]);
        Assert.Equal(env["PORT0"], env["PORT"]);
    }

    [Fact]
    public void Environment_without_ports_names_none() =>
        Assert.DoesNotContain(EnvOf(Build("'cmd':'x','portDefinitions':[]")).Keys, name => name.StartsWith("PORT", StringComparison.Ordinal));

    [Fact]
    public void Label_that_is_too_long_for_the_environment_is_left_out()
    {
        var env = EnvOf(Build($"'cmd':'x','labels':{{'long':'{new string('v', 512)}','short':'v'}}"));

        Assert.Equal("SHORT", env["MARATHON_APP_LABELS"]);
    }

    [Fact]
    public void Fetch_limits_and_resources_are_passed_on()
    {
        var task = Build("'cmd':'x','cpus':0.5,'mem':64,'resourceLimits':{'cpus':2,'mem':'unlimited'},'fetch':[{'uri':'http://h/f','executable':true,'destPath':'bin/f'}],'portDefinitions':[]");

        Assert.Equal((2.0, double.PositiveInfinity), (task.Limits["cpus"].Value, task.Limits["mem"].Value));
        Assert.Equal(("http://h/f", true, "bin/f"), (task.Command.Uris.Single().Value, task.Command.Uris.Single().Executable, task.Command.Uris.Single().OutputFile));
        Assert.Equal(["cpus=0.5", "mem=64"], task.Resources.Select(resource => FormattableString.Invariant($"{resource.Name}={resource.Scalar.Value}")));
    }
}
