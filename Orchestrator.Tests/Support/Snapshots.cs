using Orchestrator.Core.Contract.Json;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;
using Orchestrator.Core.Views;

namespace Orchestrator.Tests.Support;

/// <summary>Snapshots for tests of what reads them.</summary>
internal static class Snapshots
{
    public static readonly DateTimeOffset Start = new(2026, 11, 22, 10, 30, 1, 223, 823, TimeSpan.Zero);

    /// <summary>A master with nothing.</summary>
    public static ClusterSnapshot Empty { get; } = new()
    {
        Version = 1,
        At = Start,
        Master = new MasterView { Id = "395ed48f-cb25-438b-a85d-d0becfb800e5", Hostname = "localhost", Ip = "127.0.0.1", Port = 5050, StartedAt = Start, ElectedAt = Start.AddSeconds(1) },
        Agents = PagedVector<AgentView?>.Empty,
        Frameworks = PagedVector<FrameworkView?>.Empty,
        Tasks = PagedVector<TaskView?>.Empty,
        CompletedFrameworks = [],
        RecoveredAgents = [],
        UnreachableAgents = [],
        Roles = [],
        Totals = new ClusterTotals
        {
            Total = ResourceList.Empty,
            Used = ResourceList.Empty,
            Offered = ResourceList.Empty,
            Measured = new UsageView(0, 0, 0),
            TasksByState = new Dictionary<TaskState, long>(),
            ActiveAgents = 0,
            InactiveAgents = 0,
            ConnectedFrameworks = 0,
        },
        Counters = new MasterCounters(new Dictionary<string, long>()),
        RecentEvents = [],
    };

    /// <summary>
    /// One agent with a reservation and a volume, a framework with a running task, an offer and an executor, and a completed
    /// framework with an ended task: every part of the documents has something in it.
    /// </summary>
    public static ClusterSnapshot Busy { get; } = MakeBusy();

    /// <summary>One task.</summary>
    public static TaskView Task(string framework, string id, TaskState state, double firstUpdate, string agent = "m-S0") => new()
    {
        Key = new TaskKey(new FrameworkId(framework), new TaskId(id)),
        AgentId = new AgentId(agent),
        Info = MesosJson.Parse<TaskInfo>($$$$"""
            {"name":"{{{{id}}}}","task_id":{"value":"{{{{id}}}}"},"agent_id":{"value":"{{{{agent}}}}"},"command":{"value":"sleep 1","user":"nobody"},"labels":{"labels":[{"key":"k","value":"v"}]},
             "limits":{"mem":{"value":"Infinity"}},"discovery":{"visibility":"CLUSTER","name":"d"},
             "container":{"type":"DOCKER","docker":{"image":"busybox"}},
             "health_check":{"type":"COMMAND","command":{"value":"true"}}}
            """),
        Role = "a/b",
        State = state,
        Statuses =
        [
            MesosJson.Parse<TaskStatus>($$$$"""{"task_id":{"value":"{{{{id}}}}"},"state":"TASK_STARTING","timestamp":{{{{firstUpdate.ToString(System.Globalization.CultureInfo.InvariantCulture)}}}}}"""),
            MesosJson.Parse<TaskStatus>($$$$"""
                {"task_id":{"value":"{{{{id}}}}"},"state":"TASK_RUNNING","timestamp":1795343408.377886,"healthy":true,"labels":{"labels":[{"key":"k"}]},
                 "container_status":{"container_id":{"value":"c","parent":{"value":"p"}},"network_infos":[{"ip_addresses":[{"ip_address":"127.0.0.1"}]}]}}
                """),
        ],
        Resources = ResourceList.Parse("cpus:0.1;mem:32;ports:[31000-31001]"),
        LaunchedAt = Start,
        StateSince = Start,
    };

    private static ClusterSnapshot MakeBusy()
    {
        const string Reservation = "\"reservations\":[{\"type\":\"DYNAMIC\",\"role\":\"a/b\",\"principal\":\"p\"}]";
        var reserved = ResourceList.FromProto(
        [
            MesosJson.Parse<Resource>($$$$"""{"name":"cpus","type":"SCALAR","scalar":{"value":0.5},{{{{Reservation}}}}}"""),
            MesosJson.Parse<Resource>($$$$"""{"name":"mem","type":"SCALAR","scalar":{"value":64},{{{{Reservation}}}}}"""),
            MesosJson.Parse<Resource>($$$$"""{"name":"disk","type":"SCALAR","scalar":{"value":64},{{{{Reservation}}}},"disk":{"persistence":{"id":"v","principal":"p"},"volume":{"mode":"RW","container_path":"data"}}}"""),
        ]);
        var offered = ResourceList.Parse("cpus:3.4;mem:4064;disk:4032;ports:[31002-32000]") + reserved;
        var used = ResourceList.Parse("cpus:0.1;mem:32;disk:1;ports:[31000-31001]");
        var agent = new AgentView
        {
            Id = new AgentId("m-S0"),
            Info = MesosJson.Parse<AgentInfo>("""{"hostname":"localhost","port":5051,"attributes":[{"name":"rack","type":"TEXT","text":{"value":"r1"}},{"name":"level","type":"SCALAR","scalar":{"value":10}}]}"""),
            Pid = "slave(1)@127.0.0.1:5051",
            Version = "1.11.0",
            Capabilities = ["MULTI_ROLE", "RESERVATION_REFINEMENT"],
            Connected = true,
            Active = true,
            RegisteredAt = Start,
            Total = used + offered,
            Used = used,
            Offered = offered,
            ActiveTasks = 1,
        };
        var framework = Framework("m-0000", """{"user":"root","name":"cap fw","principal":"p","roles":["a/b"],"capabilities":[{"type":"MULTI_ROLE"}],"labels":{"labels":[{"key":"k","value":"v"}]}}""") with
        {
            ReregisteredAt = Start.AddMinutes(1),
            Used = used,
            Offered = offered,
            Offers = [new OfferView(new OfferId("m-O1"), new FrameworkId("m-0000"), agent.Id, "a/b", offered, Start)],
            Executors = [new ExecutorView(agent.Id, MesosJson.Parse<ExecutorInfo>("""{"executor_id":{"value":"def1"},"type":"DEFAULT","resources":[{"name":"cpus","type":"SCALAR","scalar":{"value":0.1},"allocation_info":{"role":"a/b"}}]}"""))],
            CompletedTasks = [Task("m-0000", "done", TaskState.TaskFinished, 1795343300)],
            ActiveTasks = 1,
        };
        var completed = Framework("m-0001", """{"user":"root","name":"old"}""") with { UnregisteredAt = Start.AddSeconds(5), CompletedTasks = [Task("m-0001", "t-old", TaskState.TaskFailed, 1795343200)] };
        var agents = PagedVector<AgentView?>.Empty.ToBuilder();
        agents.Add(agent);
        agents.Add(null);
        var frameworks = PagedVector<FrameworkView?>.Empty.ToBuilder();
        frameworks.Add(framework);
        var tasks = PagedVector<TaskView?>.Empty.ToBuilder();
        tasks.Add(null);
        tasks.Add(Task("m-0000", "t1", TaskState.TaskRunning, 1795343400));
        return Empty with
        {
            Version = 2,
            Agents = agents.ToVector(),
            Frameworks = frameworks.ToVector(),
            Tasks = tasks.ToVector(),
            CompletedFrameworks = [completed],
            Roles = [new RoleView("a/b", 2, ["m-0000"], used, offered, reserved)],
            Totals = Empty.Totals with { Total = agent.Total, Used = used, Offered = offered, ActiveAgents = 1, ConnectedFrameworks = 1, TasksByState = new Dictionary<TaskState, long> { [TaskState.TaskRunning] = 1, [TaskState.TaskFinished] = 1 } },
            Counters = new MasterCounters(new Dictionary<string, long> { ["slave_registrations"] = 1, ["task_failed/source_executor/reason_command_executor_failed"] = 3 }),
        };
    }

    private static FrameworkView Framework(string id, string info) => new()
    {
        Id = new FrameworkId(id),
        Info = MesosJson.Parse<FrameworkInfo>(info),
        Roles = info.Contains("roles", StringComparison.Ordinal) ? ["a/b"] : ["*"],
        Active = true,
        Connected = true,
        Recovered = false,
        RegisteredAt = Start,
        Used = ResourceList.Empty,
        Offered = ResourceList.Empty,
        Offers = [],
        CompletedTasks = [],
        UnreachableTasks = [],
        Executors = [],
        ActiveTasks = 0,
    };
}
