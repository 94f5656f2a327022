using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.AgentService.Execution;
using Orchestrator.AgentService.Execution.Commands;
using Orchestrator.AgentService.Isolation;
using Orchestrator.AgentService.Sandbox;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.Policy;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Integration.Execution;

/// <summary>Real commands, started as an agent would, with this machine's control groups or without any.</summary>
internal sealed class CommandFixture : IDisposable
{
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly TemporaryDirectory _directory = new();
    private readonly List<CommandContainerizer> _made = [];

    internal CommandFixture(bool groups = true, LogRotator? logs = null, SecurityPolicy? policy = null)
    {
        Groups = groups ? Cgroups.Open(CgroupLayout.Parse(File.ReadLines("/proc/self/mountinfo"), "/sys/fs/cgroup"), "mesos") : Cgroups.None;
        Options = new CommandOptions
        {
            WorkDirectory = _directory.Path,
            BootId = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim(),
            Policy = policy ?? SecurityPolicy.Default,
            Logs = logs ?? new LogRotator(10_000_000, 3),
        };
        Containerizer = Make();
    }

    internal Cgroups Groups { get; }

    internal CommandOptions Options { get; set; }

    internal CommandContainerizer Containerizer { get; private set; }

    internal string WorkDirectory => _directory.Path;

    /// <summary>The next run of the agent: it knows nothing but what is on disk.</summary>
    internal void Restart() => Containerizer = Make();

    internal ContainerPlan Plan(string command, Action<TaskInfo>? change = null, string? user = null, params (string Name, string Value)[] variables)
    {
        var task = new TaskInfo { Name = "t", TaskId = new TaskID { Value = "t" }, AgentId = new AgentID { Value = "a" }, Command = new CommandInfo { Value = command } };
        task.Resources.Add(Scalar("cpus", 0.5));
        task.Resources.Add(Scalar("mem", 64));
        change?.Invoke(task);
        var id = Guid.NewGuid().ToString();
        var sandbox = _directory.Sub("slaves/a/frameworks/f/executors/t/runs/" + id);
        var environment = new Dictionary<string, string> { ["PATH"] = "/usr/local/bin:/usr/bin:/bin", ["MESOS_SANDBOX"] = sandbox };
        foreach (var (name, value) in variables)
        {
            environment[name] = value;
        }

        SandboxOwner.Of(user).Give(sandbox);
        return new ContainerPlan(id, task, "f", "a", sandbox, user, environment);
    }

    /// <summary>Runs a command to its end and removes it.</summary>
    internal async Task<(ContainerExit Exit, string Out, string Error)> RunAsync(ContainerPlan plan)
    {
        await Containerizer.LaunchAsync(plan, CancellationToken.None);
        var exit = await Containerizer.WaitAsync(plan, CancellationToken.None).WaitAsync(Patience);
        await Containerizer.RemoveAsync(plan, CancellationToken.None);
        return (exit, await ReadAsync(plan, "stdout"), await ReadAsync(plan, "stderr"));
    }

    /// <summary>A log of the sandbox; the process that writes it ends a moment after the command.</summary>
    internal static async Task<string> ReadAsync(ContainerPlan plan, string name)
    {
        var path = Path.Combine(plan.SandboxDirectory, name);
        await UntilAsync(() => !ProcessStat.ReadAll().Any(process => process.State != 'Z' && Environment(process.Pid).Contains("LOG=" + path)));
        return await File.ReadAllTextAsync(path);
    }

    internal static async Task UntilAsync(Func<bool> reached)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (!reached())
        {
            await Task.Delay(10, deadline.Token);
        }
    }

    internal static string[] Arguments(int pid) => Read(pid, "cmdline");

    public void Dispose()
    {
        foreach (var containerizer in _made)
        {
            containerizer.Dispose();
        }

        _directory.Dispose();
    }

    private static string[] Environment(int pid) => Read(pid, "environ");

    private static string[] Read(int pid, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/{file}").Split('\0');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private CommandContainerizer Make()
    {
        var made = new CommandContainerizer(Options, Groups, CommandTools.Find(), TimeProvider.System, NullLogger<CommandContainerizer>.Instance);
        _made.Add(made);
        return made;
    }

    internal static Resource Scalar(string name, double value) => new() { Name = name, Type = Value.Types.Type.Scalar, Scalar = new Value.Types.Scalar { Value = value } };
}
