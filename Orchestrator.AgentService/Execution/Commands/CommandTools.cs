using System.Globalization;
using Orchestrator.AgentService.Execution.Groups;
using Orchestrator.AgentService.Sandbox;

namespace Orchestrator.AgentService.Execution.Commands;

/// <summary>The programs of the machine that commands are started with.</summary>
/// <param name="SetSession">util-linux' <c>setsid</c>.</param>
/// <param name="Split">coreutils' <c>split</c>.</param>
/// <param name="SetPrivileges">util-linux' <c>setpriv</c>; null when it is not installed, and then users cannot be switched.</param>
/// <param name="SetLimits">util-linux' <c>prlimit</c>; null when it is not installed, and then tasks with limits are refused.</param>
/// <param name="EnterNamespace">util-linux' <c>nsenter</c>; null when it is not installed, and then commands cannot join the network of a task group.</param>
internal sealed record CommandTools(string SetSession, string Split, string? SetPrivileges, string? SetLimits, string? EnterNamespace)
{
    internal const string Shell = "/bin/sh";

    /// <summary>All that the shells of the agent itself find in their environment.</summary>
    internal static readonly IReadOnlyDictionary<string, string> Environment = new Dictionary<string, string>
    {
        ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        ["LC_ALL"] = "C",
    };

    /// <summary>Looks for them.</summary>
    /// <exception cref="FileNotFoundException">One is missing that nothing can be started without.</exception>
    internal static CommandTools Find()
    {
        return new CommandTools(
            Locate("setsid") ?? throw Missing("setsid", "util-linux"),
            Locate(LogRotator.Program) ?? throw Missing(LogRotator.Program, "coreutils"),
            Locate("setpriv"),
            Locate("prlimit"),
            Locate("nsenter"));

        static FileNotFoundException Missing(string name, string package) => new($"Commands cannot be run: '{name}' is not installed (package {package})");
    }

    /// <summary>The words in front of a program that make it run as this account, with all its groups; none for the agent's own.</summary>
    /// <exception cref="ContainerLaunchException">There is no such account, or it cannot be switched to.</exception>
    internal IReadOnlyList<string> Become(string? user)
    {
        if (user is null)
        {
            return [];
        }

        if (Posix.FindUser(user) is not var (userId, groupId))
        {
            throw new ContainerLaunchException($"No such user '{user}': create the account on the agent, name another 'user', or run the agent with --no-switch_user");
        }

        if (userId == Posix.EffectiveUserId)
        {
            return [];
        }

        if (Posix.EffectiveUserId != 0)
        {
            throw new ContainerLaunchException($"The task cannot run as '{user}': the agent is not root. Run it as root, name its own account as 'user', or run it with --no-switch_user");
        }

        return
        [
            SetPrivileges ?? throw new ContainerLaunchException($"The task cannot run as '{user}': 'setpriv' is not installed on the agent (package util-linux)"),
            string.Create(CultureInfo.InvariantCulture, $"--reuid={userId}"),
            string.Create(CultureInfo.InvariantCulture, $"--regid={groupId}"),
            "--init-groups",
        ];
    }

    /// <summary>The words in front of a program that give it these limits; they come before its user's, who could not raise any.</summary>
    /// <exception cref="ContainerLaunchException">They cannot be set on this machine.</exception>
    internal IReadOnlyList<string> Bound(IReadOnlyList<ProcessLimit> limits) => limits.Count == 0
        ? []
        : [
            SetLimits ?? throw new ContainerLaunchException("'container.rlimit_info' cannot be had: 'prlimit' is not installed on the agent (package util-linux)"),
            .. limits.Select(limit => limit.ToArgument()),
        ];

    /// <summary>The words in front of a program that put it into the network of a task group; none for the host's.</summary>
    /// <exception cref="ContainerLaunchException">It cannot be entered.</exception>
    internal IReadOnlyList<string> Enter(GroupNetwork? network) => network is null
        ? []
        : Posix.EffectiveUserId != 0
        ? throw new ContainerLaunchException("A command can join the network of its task group only when the agent is root: run it as root, run the task with an image, or let the group use the host's network")
        : [
            EnterNamespace ?? throw new ContainerLaunchException("The command cannot join the network of its task group: 'nsenter' is not installed on the agent (package util-linux)"),
            string.Create(CultureInfo.InvariantCulture, $"--net=/proc/{network.Pid}/ns/net"),
            "--",
        ];

    private static string? Locate(string name) =>
        Environment["PATH"].Split(':').Select(directory => Path.Combine(directory, name)).FirstOrDefault(File.Exists);
}
