using System.Text.Json.Nodes;
using Orchestrator.AgentService.Execution;
using Orchestrator.AgentService.Execution.Docker;
using Orchestrator.Core.Agent;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.Policy;
using DockerInfo = Orchestrator.Core.Contract.Mesos.ContainerInfo.Types.DockerInfo;
using Network = Orchestrator.Core.Contract.Mesos.ContainerInfo.Types.DockerInfo.Types.Network;

namespace Orchestrator.Tests.Unit.Execution.Docker;

/// <summary>What a task becomes. No daemon, no file.</summary>
public sealed class ContainerRequestTests
{
    private const string Sandbox = "/var/lib/agent/sandbox";

    [Fact]
    public void Shell_command_replaces_the_entrypoint_and_the_sandbox_is_mounted_last()
    {
        var body = Build(task => task.Command = new CommandInfo { Value = "echo $A" });

        Assert.Equal("""["/bin/sh"]""", body["Entrypoint"]!.ToJsonString());
        Assert.Equal("""["-c","echo $A"]""", body["Cmd"]!.ToJsonString());
        Assert.Equal("""["B=2","A=1"]""", body["Env"]!.ToJsonString());
        Assert.Equal($"""["{Sandbox}/own:/own:ro","{Sandbox}:/mnt/mesos/sandbox"]""", Build(task => task.Container.Volumes.Add(Volume("own", "/own")))["HostConfig"]!["Binds"]!.ToJsonString());
    }

    [Fact]
    public void Persistent_volume_is_mounted_in_the_sandbox_and_wherever_a_volume_names_it_by_its_path_there()
    {
        TaskVolume[] persistent = [new("/data/volumes/roles/db/v1", "pgdata", IsReadOnly: false, IsShared: false), new("/data/volumes/roles/db/v2", "/srv", IsReadOnly: true, IsShared: false)];
        var binds = Build(
            task => task.Container.Volumes.Add([Volume("pgdata", "/var/lib/pg"), Volume("pgdata/log", "/log"), Volume("pgdata2", "/other")]),
            volumes: persistent)["HostConfig"]!["Binds"]!.AsArray().Select(bind => bind!.GetValue<string>());
        Assert.Equal(
            [
                "/data/volumes/roles/db/v1:/mnt/mesos/sandbox/pgdata:rw", "/data/volumes/roles/db/v2:/srv:ro",
                "/data/volumes/roles/db/v1:/var/lib/pg:ro", "/data/volumes/roles/db/v1/log:/log:ro", $"{Sandbox}/pgdata2:/other:ro", $"{Sandbox}:/mnt/mesos/sandbox",
            ],
            binds);
        Assert.Contains("leaves the sandbox", Assert.Throws<ContainerLaunchException>(() => Build(task => task.Container.Volumes.Add(Volume("pgdata/../../x", "/log")), volumes: persistent)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Arguments_without_a_shell_leave_the_entrypoint()
    {
        var body = Build(task =>
        {
            task.Command = new CommandInfo { Shell = false, Value = "serve" };
            task.Command.Arguments.Add(["-p", "80"]);
        });

        Assert.False(body.ContainsKey("Entrypoint"));
        Assert.Equal("""["serve","-p","80"]""", body["Cmd"]!.ToJsonString());
        Assert.False(Build(task => task.Command = new CommandInfo { Shell = false }).ContainsKey("Cmd"));
        Assert.False(Build(task => task.Command = null).ContainsKey("Cmd"));
    }

    [Fact]
    public void Limits_are_shares_and_bytes()
    {
        var host = Build()["HostConfig"]!;

        Assert.Equal(204, host["CpuShares"]!.GetValue<long>());
        Assert.Equal(67108864, host["Memory"]!.GetValue<long>());
        Assert.Null(host["CpuQuota"]);
        Assert.Equal(20_000, Build(configure: options => options with { EnforceCpus = true })["HostConfig"]!["CpuQuota"]!.GetValue<long>());
    }

    [Fact]
    public void Task_limits_above_the_request_are_hard_and_the_request_soft()
    {
        var host = Build(task =>
        {
            task.Limits["mem"] = new Value.Types.Scalar { Value = 128 };
            task.Limits["cpus"] = new Value.Types.Scalar { Value = double.PositiveInfinity };
        })["HostConfig"]!;

        Assert.Equal((134217728, 67108864), (host["Memory"]!.GetValue<long>(), host["MemoryReservation"]!.GetValue<long>()));
        Assert.Null(host["CpuQuota"]);
    }

    [Fact]
    public void Process_limits_are_ulimits_and_none_is_minus_one()
    {
        var host = Build(task => task.Container.RlimitInfo = new RLimitInfo
        {
            Rlimits =
            {
                new RLimitInfo.Types.RLimit { Type = RLimitInfo.Types.RLimit.Types.Type.RlmtNofile, Soft = 100, Hard = 200 },
                new RLimitInfo.Types.RLimit { Type = RLimitInfo.Types.RLimit.Types.Type.RlmtCore },
            },
        })["HostConfig"]!;

        Assert.Equal("""[{"Name":"nofile","Soft":100,"Hard":200},{"Name":"core","Soft":-1,"Hard":-1}]""", host["Ulimits"]!.ToJsonString());
    }

    [Theory]
    [InlineData(Network.Host, "host")]
    [InlineData(Network.Bridge, "bridge")]
    [InlineData(Network.None, "none")]
    public void Network_is_named(Network network, string mode) =>
        Assert.Equal(mode, Build(task => task.Container.Docker.Network = network)["HostConfig"]!["NetworkMode"]!.GetValue<string>());

    [Fact]
    public void Ports_of_the_offer_are_published_for_each_protocol()
    {
        var body = Build(task => AddPort(task, 31000, 80, "tcp,udp"));

        Assert.Equal("""{"80/tcp":{},"80/udp":{}}""", body["ExposedPorts"]!.ToJsonString());
        Assert.Equal("""{"80/tcp":[{"HostPort":"31000"}],"80/udp":[{"HostPort":"31000"}]}""", body["HostConfig"]!["PortBindings"]!.ToJsonString());
    }

    [Fact]
    public void Label_of_the_agent_cannot_be_replaced()
    {
        var body = Build(task => AddParameter(task, "label", DockerOptions.LabelName + "=/other"));

        Assert.Equal("/var/lib/agent", body["Labels"]![DockerOptions.LabelName]!.GetValue<string>());
    }

    public static TheoryData<string, Action<TaskInfo>> Refused => new()
    {
        { "Shell specified but no command value provided", task => task.Command = new CommandInfo { Shell = true } },
        { "'image' is empty", task => task.Container.Docker.Image = "" },
        { "no 'docker'", task => task.Container.Docker = null },
        { "Port mappings are only supported", task => { AddPort(task, 31000, 80, "tcp"); task.Container.Docker.Network = Network.Host; } },
        { "Port [ 32000 ] not included in resources", task => { AddPort(task, 31000, 80, "tcp"); task.Container.Docker.PortMappings[0].HostPort = 32000; } },
        { "is out of range", task => { AddPort(task, 31000, 80, "tcp"); task.Container.Docker.PortMappings[0].ContainerPort = 70000; } },
        { "protocol 'icmp' is not known", task => AddPort(task, 31000, 80, "icmp") },
        { "name of a docker network", task => task.Container.Docker.Network = Network.User },
        { "Only one network", task => { task.Container.Docker.Network = Network.User; task.Container.NetworkInfos.Add([new NetworkInfo { Name = "a" }, new NetworkInfo { Name = "b" }]); } },
        { "Both host_path 'insb' and container_path 'relvol' of a volume are relative", task => task.Container.Volumes.Add(Volume("insb", "relvol")) },
        { "leaves the sandbox", task => task.Container.Volumes.Add(Volume("../x", "/x")) },
        { "has no 'host_path'", task => task.Container.Volumes.Add(new Volume { ContainerPath = "/x", Mode = Core.Contract.Mesos.Volume.Types.Mode.Rw }) },
        { "does not allow the host path /etc", task => task.Container.Volumes.Add(Volume("/etc", "/x")) },
        { "does not allow the host path /etc", task => AddParameter(task, "v", "/etc:/x") },
        { "does not allow a privileged container", task => task.Container.Docker.Privileged = true },
        { "does not allow the docker parameter privileged=true", task => AddParameter(task, "privileged", "true") },
        { "does not allow the docker parameter cap-add=SYS_ADMIN", task => AddParameter(task, "cap-add", "SYS_ADMIN") },
        { "does not allow the docker parameter security-opt=", task => AddParameter(task, "security-opt", "seccomp=unconfined") },
        { "does not allow the docker parameter oom-score-adj=-1000", task => AddParameter(task, "oom-score-adj", "-1000") },
        { "does not allow the docker parameter pid=host", task => AddParameter(task, "pid", "host") },
        { "does not allow the docker parameter network=container:other", task => AddParameter(task, "net", "container:other") },
        { "does not allow the docker parameter mount=", task => AddParameter(task, "mount", "type=bind,src=/etc,dst=/x") },
        { "'container.rlimit_info': Docker has no limit RLMT_AS", task => AddLimit(task, RLimitInfo.Types.RLimit.Types.Type.RlmtAs) },
        { "docker parameter 'ulimit' sets 'nofile' a second time", task => { AddLimit(task, RLimitInfo.Types.RLimit.Types.Type.RlmtNofile); AddParameter(task, "ulimit", "nofile=64"); } },
        { "docker parameter 'frobnicate' is not known", task => AddParameter(task, "frobnicate", "1") },
        { "docker parameter 'restart' cannot be used here", task => AddParameter(task, "restart", "always") },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void What_cannot_be_had_is_refused_with_its_name(string part, Action<TaskInfo> change)
    {
        var failure = Assert.Throws<ContainerLaunchException>(() => Build(change));

        Assert.StartsWith("Failed to create docker run options: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(part, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Limit_that_the_agent_enforces_cannot_be_lifted_by_a_parameter() =>
        Assert.Contains("--cgroups_enable_cfs", Assert.Throws<ContainerLaunchException>(() => Build(
            task => AddParameter(task, "cpu-quota", "-1"),
            options => options with { EnforceCpus = true })).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("security-opt", "no-new-privileges")]
    [InlineData("cap-add", "NET_BIND_SERVICE")]
    [InlineData("cap-drop", "ALL")]
    [InlineData("oom-score-adj", "500")]
    [InlineData("ulimit", "nofile=64")]
    public void Parameter_that_takes_nothing_from_the_machine_is_allowed(string key, string value) => Build(task => AddParameter(task, key, value));

    [Fact]
    public void Restricted_policy_refuses_the_hosts_network() =>
        Assert.Contains("the host's network", Assert.Throws<ContainerLaunchException>(() => Build(
            task => task.Container.Docker.Network = Network.Host,
            options => options with { Policy = new SecurityPolicy(PolicyMode.Restricted, []) })).Message, StringComparison.Ordinal);

    private static JsonObject Build(Action<TaskInfo>? change = null, Func<DockerOptions, DockerOptions>? configure = null, IReadOnlyList<TaskVolume>? volumes = null)
    {
        var task = new TaskInfo
        {
            Name = "t",
            TaskId = new TaskID { Value = "t" },
            AgentId = new AgentID { Value = "a" },
            Command = new CommandInfo { Value = "true" },
            Container = new ContainerInfo { Type = ContainerInfo.Types.Type.Docker, Docker = new DockerInfo { Image = "busybox", Network = Network.None } },
        };
        task.Resources.Add(new Resource { Name = "cpus", Type = Value.Types.Type.Scalar, Scalar = new Value.Types.Scalar { Value = 0.2 } });
        task.Resources.Add(new Resource { Name = "mem", Type = Value.Types.Type.Scalar, Scalar = new Value.Types.Scalar { Value = 64 } });
        change?.Invoke(task);
        var options = new DockerOptions { Socket = "/var/run/docker.sock", WorkDirectory = "/var/lib/agent" };
        options = configure?.Invoke(options) ?? options;
        var plan = new ContainerPlan("c", task, "F", "a", Sandbox, null, new Dictionary<string, string> { ["B"] = "2", ["A"] = "1" }) { Volumes = volumes ?? [] };
        return new ContainerRequest(options, new HostPaths(options.Policy, [options.Socket, options.WorkDirectory]), 0).Build(plan);
    }

    private static Volume Volume(string host, string container) => new() { HostPath = host, ContainerPath = container, Mode = Core.Contract.Mesos.Volume.Types.Mode.Ro };

    private static void AddParameter(TaskInfo task, string key, string value) => task.Container.Docker.Parameters.Add(new Parameter { Key = key, Value = value });

    private static void AddLimit(TaskInfo task, RLimitInfo.Types.RLimit.Types.Type type) =>
        task.Container.RlimitInfo = new RLimitInfo { Rlimits = { new RLimitInfo.Types.RLimit { Type = type, Soft = 1, Hard = 1 } } };

    private static void AddPort(TaskInfo task, uint host, uint container, string protocol)
    {
        task.Container.Docker.Network = Network.Bridge;
        task.Container.Docker.PortMappings.Add(new DockerInfo.Types.PortMapping { HostPort = host, ContainerPort = container, Protocol = protocol });
        task.Resources.Add(new Resource { Name = "ports", Type = Value.Types.Type.Ranges, Ranges = new Value.Types.Ranges { Range = { new Value.Types.Range { Begin = 31000, End = 31005 } } } });
    }
}
