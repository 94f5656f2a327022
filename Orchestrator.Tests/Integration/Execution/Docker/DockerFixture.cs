using System.Text.Json;
using Microsoft.Extensions.Logging;
using Orchestrator.AgentService.Execution;
using Orchestrator.AgentService.Execution.Docker;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.Policy;
using Orchestrator.Tests.Integration.EndToEnd;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Integration.Execution.Docker;

/// <summary>A containerizer on a real daemon in a work directory of its own; containers it leaves are removed at the end.</summary>
internal sealed class DockerFixture : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ILoggerFactory _logging;

    internal DockerFixture(Func<DockerOptions, DockerOptions>? change = null, string socket = "/var/run/docker.sock")
    {
        _logging = LoggerFactory.Create(logging => logging.AddProvider(Log));
        var options = new DockerOptions { Socket = socket, WorkDirectory = _directory.Path };
        Options = change is null ? options : change(options);
        Containerizer = Make();
    }

    internal DockerOptions Options { get; }

    internal DockerContainerizer Containerizer { get; private set; }

    /// <summary>What was logged.</summary>
    internal ListLogger Log { get; } = new();

    /// <summary>As a new run of the agent: the containerizer forgets everything.</summary>
    internal async Task RestartAsync(Func<Task>? meanwhile = null)
    {
        await Containerizer.DisposeAsync();
        if (meanwhile is not null)
        {
            await meanwhile();
        }

        Containerizer = Make();
    }

    /// <summary>A task that runs a shell command in the busybox image.</summary>
    internal ContainerPlan Plan(string? shell, Action<TaskInfo>? change = null)
    {
        var id = Guid.NewGuid().ToString();
        var task = new TaskInfo
        {
            Name = "t",
            TaskId = new TaskID { Value = "t-" + id },
            AgentId = new AgentID { Value = "A" },
            Command = shell is null ? new CommandInfo { Shell = false } : new CommandInfo { Shell = true, Value = shell },
            Container = new ContainerInfo
            {
                Type = ContainerInfo.Types.Type.Docker,
                Docker = new ContainerInfo.Types.DockerInfo { Image = BusyboxFixture.Image, Network = ContainerInfo.Types.DockerInfo.Types.Network.None },
            },
        };
        AddResource(task, "cpus", 0.1);
        AddResource(task, "mem", 32);
        change?.Invoke(task);
        var sandbox = _directory.Sub("sandbox-" + id);
        return new ContainerPlan(id, task, "F", "A", sandbox, null, new Dictionary<string, string> { ["MESOS_SANDBOX"] = "/mnt/mesos/sandbox", ["COLOUR"] = "blue" });
    }

    /// <summary>What the daemon says of it.</summary>
    internal async Task<JsonElement> InspectAsync(ContainerPlan plan) =>
        JsonDocument.Parse(await Shell.RunAsync($"docker -H unix://{Options.Socket} inspect mesos-{plan.ContainerId}")).RootElement[0];

    /// <summary>Runs it to its end.</summary>
    internal async Task<ContainerExit> RunAsync(ContainerPlan plan)
    {
        await Containerizer.LaunchAsync(plan, TestContext.Current.CancellationToken);
        return await WaitAsync(plan);
    }

    internal Task<ContainerExit> WaitAsync(ContainerPlan plan) =>
        Containerizer.WaitAsync(plan, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60));

    internal static string Output(ContainerPlan plan, string name = "stdout") => File.ReadAllText(Path.Combine(plan.SandboxDirectory, name));

    internal static SecurityPolicy Policy(PolicyMode mode, params string[] roots) => new(mode, roots);

    public async ValueTask DisposeAsync()
    {
        await Containerizer.DisposeAsync();
        await Shell.RunAsync($"docker -H unix://{Options.Socket} ps -aq --filter label={Options.Label} | xargs -r docker -H unix://{Options.Socket} rm -fv >/dev/null 2>&1 || true");
        _directory.Dispose();
        _logging.Dispose();
    }

    internal static void AddResource(TaskInfo task, string name, double value) =>
        task.Resources.Add(new Resource { Name = name, Type = Value.Types.Type.Scalar, Scalar = new Value.Types.Scalar { Value = value } });

    private DockerContainerizer Make() => new(new DockerEngine(Options.Socket), Options, 0, TimeProvider.System, _logging);
}
