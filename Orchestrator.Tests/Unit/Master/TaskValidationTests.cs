using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Tests.Support;
using Environment = Orchestrator.Core.Contract.Mesos.Environment;
using Reason = Orchestrator.Core.Contract.Mesos.TaskStatus.Types.Reason;

namespace Orchestrator.Tests.Unit.Master;

/// <summary>What a task is refused for; the first failure in Mesos' order is the answer, in words that clients know.</summary>
public sealed class TaskValidationTests
{
    private static readonly Dictionary<string, (Action<TaskInfo> Change, string Message)> s_bad = new()
    {
        ["id with a slash"] = (task => task.TaskId.Value = "a/b", "'a/b' contains invalid characters"),
        ["id of dots"] = (task => task.TaskId.Value = "..", "'..' is disallowed"),
        ["id empty"] = (task => task.TaskId.Value = "", "'TaskInfo.task_id' must not be empty"),
        ["id too long"] = (task => task.TaskId.Value = new string('x', 256), "'TaskInfo.task_id' has 256 characters, more than 255"),
        ["id with a control character"] = (task => task.TaskId.Value = "a\nb", "'a\nb' contains invalid characters"),
        ["id in use"] = (task => task.TaskId.Value = "taken", "Task has duplicate ID: taken"),
        ["other agent"] = (task => task.AgentId.Value = "zz", "Task uses invalid agent zz while agent master-1-S0 is expected"),
        ["negative grace"] = (task => task.KillPolicy = new KillPolicy { GracePeriod = new DurationInfo { Nanoseconds = -1 } }, "Task's 'kill_policy.grace_period' must be non-negative"),
        ["negative completion time"] = (task => task.MaxCompletionTime = new DurationInfo { Nanoseconds = -1 }, "Task's 'max_completion_time' must be non-negative"),
        ["check without type"] = (task => task.Check = new CheckInfo(), "'CheckInfo.type' must be set"),
        ["check without command"] = (task => task.Check = new CheckInfo { Type = CheckInfo.Types.Type.Command }, "'CheckInfo.command' must be set for a COMMAND check"),
        ["check path"] = (task => task.Check = new CheckInfo { Type = CheckInfo.Types.Type.Http, Http = new CheckInfo.Types.Http { Port = 1, Path = "x" } }, "The path 'x' of 'CheckInfo.http' must begin with '/'"),
        ["check timer"] = (task => task.Check = new CheckInfo { Type = CheckInfo.Types.Type.Tcp, Tcp = new CheckInfo.Types.Tcp { Port = 1 }, DelaySeconds = -1 }, "The delay, interval and timeout of 'CheckInfo' must be non-negative"),
        ["health check of nothing"] = (task => task.HealthCheck = new HealthCheck(), "'HealthCheck' must have exactly one of command, http and tcp"),
        ["health check scheme"] = (task => task.HealthCheck = new HealthCheck { Http = new HealthCheck.Types.HTTPCheckInfo { Port = 1, Scheme = "ftp" } }, "'HealthCheck.http.scheme' is 'ftp'; it must be http or https"),
        ["health check timer"] = (task => task.HealthCheck = new HealthCheck { Tcp = new HealthCheck.Types.TCPCheckInfo { Port = 1 }, GracePeriodSeconds = -1 }, "The delay, interval, timeout and grace period of 'HealthCheck' must be non-negative"),
        ["no resources"] = (task => task.Resources.Clear(), "Task uses no resources"),
        ["negative resource"] = (task => task.Resources[0].Scalar.Value = -1, "Resource 'cpus:-1' is invalid: Invalid scalar resource: value <= 0"),
        ["half a gpu"] = (task => task.Resources.Add(Scalar("gpus", 0.5)), "The 'gpus' resource must be an unsigned integer, not 0.5"),
        ["two roles"] = (task => task.Resources[0].AllocationInfo = new Resource.Types.AllocationInfo { Role = "other" }, "Invalid task resources: The resources have multiple allocation roles ('*' and 'other') but only one allocation role is allowed"),
        ["other role"] = (task => Allocate(task, "other"), "Invalid task resources: They are allocated to the role 'other' while the offers are for '*'"),
        ["revocable beside not"] = (task => task.Resources.Add(Revocable("cpus")), "Cannot use both revocable and non-revocable 'cpus' at the same time"),
        ["reserved and revocable"] = (task => task.Resources[0].Revocable = Reserve(task.Resources[0]), "Resource 'cpus' is invalid: it must not be both reserved and revocable"),
        ["volume twice"] = (task => task.Resources.Add([Persistent("v"), Persistent("v")]), "Persistence ID 'v' is not unique"),
        ["variable without value"] = (task => task.Command.Environment = Variable(new Environment.Types.Variable { Name = "A" }), "Environment variable 'A' of 'command' of type VALUE must have a value set"),
        ["secret with value"] = (task => task.Command.Environment = Variable(new Environment.Types.Variable { Name = "A", Type = Environment.Types.Variable.Types.Type.Secret, Secret = new Secret(), Value = "x" }), "Environment variable 'A' of 'command' of type SECRET must not have a value"),
        ["docker of nothing"] = (task => task.Container = new ContainerInfo { Type = ContainerInfo.Types.Type.Docker }, "'ContainerInfo.docker' must be set for a container of type DOCKER"),
        ["docker name"] = (task => task.Container = Docker(new Parameter { Key = "name", Value = "x" }), "Parameter in DockerInfo must not be 'name'; the agent names the container"),
        ["volume of nothing"] = (task => task.Container = new ContainerInfo { Type = ContainerInfo.Types.Type.Mesos, Volumes = { new Volume { ContainerPath = "/v", Mode = Volume.Types.Mode.Rw } } }, "Volume '/v' must have exactly one of host_path, image and source"),
        ["limit without request"] = (task => Limit(task, "mem", 64, drop: true), "Task has a limit of 'mem' without requesting any 'mem'"),
        ["limit of disk"] = (task => Limit(task, "disk", 64), "Task has a limit of 'disk'; only cpus and mem may be limited"),
        ["limit below request"] = (task => Limit(task, "cpus", 0.5), "The limit of 'cpus', 0.5, is less than the request of 1"),
        ["neither command nor executor"] = (task => task.Command = null, "Task should have at least one (but not both) of CommandInfo or ExecutorInfo present"),
        ["command and executor"] = (task => task.Executor = Executor("e"), "Task should have at least one (but not both) of CommandInfo or ExecutorInfo present"),
        ["executor of another framework"] = (task => Custom(task, executor => executor.FrameworkId = new FrameworkID { Value = "x" }), "ExecutorInfo has an invalid FrameworkID (Actual: x vs Expected: master-1-0000)"),
        ["executor without command"] = (task => Custom(task, executor => executor.Command = null), "'ExecutorInfo.command' must be set for a CUSTOM executor"),
        ["default executor with command"] = (task => Custom(task, executor => executor.Type = ExecutorInfo.Types.Type.Default), "'ExecutorInfo.command' and a docker container must not be set for the DEFAULT executor"),
        ["executor grace"] = (task => Custom(task, executor => executor.ShutdownGracePeriod = new DurationInfo { Nanoseconds = -1 }), "ExecutorInfo's 'shutdown_grace_period' must be non-negative"),
        ["cgroups of its own"] = (task => task.Container = new ContainerInfo { Type = ContainerInfo.Types.Type.Mesos, LinuxInfo = new LinuxInfo { ShareCgroups = false } }, "'TaskInfo.container.linux_info.share_cgroups' must not be false for a task without a group"),
        ["too much"] = (task => task.Resources[0].Scalar.Value = 1000, "Total resources cpus(allocated: *):1000; mem(allocated: *):64 required by task and its executor is more than available cpus(allocated: *):3; mem(allocated: *):960"),
    };

    /// <summary>Names of bad tasks.</summary>
    public static TheoryData<string> Bad => [.. s_bad.Keys];

    [Theory]
    [MemberData(nameof(Bad))]
    public void Task_that_is_wrong_errs_and_says_what(string what)
    {
        var (master, agent, framework) = Cluster();
        framework.Launch(framework.TakeOffer(), HarnessFramework.Task("t1", agent.Id, change: s_bad[what].Change));
        var status = framework.TakeUpdate();
        Assert.Equal(s_bad[what].Message, status.Message);
        Assert.Equal((TaskState.TaskError, Reason.TaskInvalid, TaskStatus.Types.Source.Master), (status.State, status.Reason, status.Source));
        Assert.False(status.HasUuid);
        Assert.False(agent.Has(AgentEvent.EventOneofCase.RunTask));
        Assert.Equal("cpus:1; mem:64", Assert.Single(master.Snapshot.Agents)!.Used.ToString());
    }

    [Fact]
    public void Task_with_limits_needs_an_agent_that_knows_them()
    {
        var master = new MasterHarness();
        var agent = master.Register(change: subscribe => subscribe.Capabilities.Clear());
        var framework = master.Subscribe();
        framework.Launch(framework.TakeOffer(), HarnessFramework.Task("t1", agent.Id, change: task => Limit(task, "mem", 128)));
        Assert.Contains("TASK_RESOURCE_LIMITS", framework.TakeUpdate().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Task_with_everything_right_is_launched_and_what_is_left_out_is_filled_in()
    {
        var (_, agent, framework) = Cluster();
        framework.Launch(framework.TakeOffer(), HarnessFramework.Task("t1", agent.Id, change: task =>
        {
            Custom(task, _ => { });
            task.HealthCheck = new HealthCheck { Http = new HealthCheck.Types.HTTPCheckInfo { Port = 80, Path = "/" } };
            Limit(task, "mem", double.PositiveInfinity);
        }));
        var run = agent.Take(AgentEvent.EventOneofCase.RunTask).RunTask.Task;
        Assert.Equal(framework.Id, run.Executor.FrameworkId.Value);
        Assert.Equal(HealthCheck.Types.Type.Http, run.HealthCheck.Type);
    }

    [Fact]
    public void Id_of_a_task_that_has_completed_may_be_used_again()
    {
        var (_, agent, framework) = Cluster();
        var ended = agent.Report(framework.Id, "taken", TaskState.TaskFinished);
        framework.Acknowledge(ended);
        framework.Launch(framework.TakeOffer(), HarnessFramework.Task("taken", agent.Id));
        Assert.True(agent.Has(AgentEvent.EventOneofCase.RunTask));
    }

    [Fact]
    public void Executor_that_runs_on_the_agent_must_be_the_same()
    {
        var (_, agent, framework) = Cluster();
        framework.Launch(framework.TakeOffer(), HarnessFramework.Task("t1", agent.Id, "cpus:0.1", task => Custom(task, _ => { })));
        agent.Take(AgentEvent.EventOneofCase.RunTask);
        framework.Launch(framework.TakeOffer(), HarnessFramework.Task("t2", agent.Id, "cpus:0.1", task => Custom(task, executor => executor.Command.Value = "other")));
        Assert.Equal("ExecutorInfo is not compatible with the existing executor 'e' on the agent", framework.TakeUpdate().Message);
        framework.Launch(framework.TakeOffer(), HarnessFramework.Task("t3", agent.Id, "cpus:0.1", task => Custom(task, _ => { })));
        Assert.True(agent.Has(AgentEvent.EventOneofCase.RunTask));
    }

    /// <summary>An agent with a task <c>taken</c>, and an offer of what it leaves.</summary>
    private static (MasterHarness Master, HarnessAgent Agent, HarnessFramework Framework) Cluster()
    {
        var master = new MasterHarness();
        var agent = master.Register("cpus:4;mem:1024", change: subscribe =>
            subscribe.Capabilities.Add(new AgentInfo.Types.Capability { Type = AgentInfo.Types.Capability.Types.Type.TaskResourceLimits }));
        var framework = master.Subscribe();
        framework.Launch(framework.TakeOffer(), HarnessFramework.Task("taken", agent.Id));
        agent.Take(AgentEvent.EventOneofCase.RunTask);
        return (master, agent, framework);
    }

    private static Resource Scalar(string name, double amount) => new() { Name = name, Type = Value.Types.Type.Scalar, Scalar = new Value.Types.Scalar { Value = amount } };

    private static Resource Revocable(string name)
    {
        var resource = Scalar(name, 1);
        resource.Revocable = new Resource.Types.RevocableInfo();
        return resource;
    }

    private static Resource.Types.RevocableInfo Reserve(Resource resource)
    {
        resource.Reservations.Add(new Resource.Types.ReservationInfo { Type = Resource.Types.ReservationInfo.Types.Type.Static, Role = "web" });
        return new Resource.Types.RevocableInfo();
    }

    private static Resource Persistent(string id)
    {
        var resource = Scalar("disk", 1);
        resource.Disk = new Resource.Types.DiskInfo { Persistence = new Resource.Types.DiskInfo.Types.Persistence { Id = id } };
        return resource;
    }

    private static Environment Variable(Environment.Types.Variable variable) => new() { Variables = { variable } };

    private static ContainerInfo Docker(Parameter parameter) =>
        new() { Type = ContainerInfo.Types.Type.Docker, Docker = new ContainerInfo.Types.DockerInfo { Image = "busybox", Parameters = { parameter } } };

    private static ExecutorInfo Executor(string id) => new() { ExecutorId = new ExecutorID { Value = id }, Command = new CommandInfo { Value = "run" } };

    private static void Custom(TaskInfo task, Action<ExecutorInfo> change)
    {
        task.Command = null;
        task.Executor = Executor("e");
        change(task.Executor);
    }

    private static void Allocate(TaskInfo task, string role)
    {
        foreach (var resource in task.Resources)
        {
            resource.AllocationInfo = new Resource.Types.AllocationInfo { Role = role };
        }
    }

    private static void Limit(TaskInfo task, string name, double limit, bool drop = false)
    {
        task.Limits[name] = new Value.Types.Scalar { Value = limit };
        if (drop)
        {
            task.Resources.Remove(task.Resources.Single(resource => resource.Name == name));
        }
    }
}
