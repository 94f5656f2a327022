using System.Text;
using System.Text.RegularExpressions;
using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.AgentService.Execution.Commands;

/// <summary>
/// The script that becomes a command: it sets the environment and is then replaced. It is read by a shell that has already
/// become the task's user, so that no variable (LD_PRELOAD for one) has any effect before; and it is no argument, because
/// those of a process can be read by everybody on the machine.
/// </summary>
internal static partial class CommandScript
{
    /// <summary>Names that shells keep for themselves; <c>env</c> sets them, as it does those that are no names to a shell.</summary>
    private static readonly HashSet<string> s_reserved = ["UID", "EUID", "PPID", "GROUPS", "BASHOPTS", "BASH_VERSINFO", "SHELLOPTS", "_"];

    /// <summary>Writes it.</summary>
    /// <param name="command">The command.</param>
    /// <param name="environment">All its variables.</param>
    /// <param name="isRead">Whether the shell is told to read it as its descriptor 3, because the command has an input of its own.</param>
    /// <exception cref="ContainerLaunchException">The command or a variable cannot be passed to a program.</exception>
    internal static byte[] Build(CommandInfo command, IReadOnlyDictionary<string, string> environment, bool isRead = false)
    {
        if (!command.HasValue || command.Value.Length == 0)
        {
            throw new ContainerLaunchException("The task has no command: 'command.value' is missing; name a program or a shell command");
        }

        var script = new StringBuilder(isRead ? "exec 3<&-\n" : "");
        var odd = new List<string>();
        foreach (var (name, value) in environment)
        {
            if (name.Length == 0 || name.Contains('=', StringComparison.Ordinal))
            {
                throw new ContainerLaunchException($"The environment variable '{name}' cannot be set: a name is not empty and holds no '='");
            }

            if (ShellName().IsMatch(name) && !s_reserved.Contains(name))
            {
                script.Append("export ").Append(name).Append('=').Append(Quote(value, name)).Append('\n');
            }
            else
            {
                odd.Add(Quote($"{name}={value}", name));
            }
        }

        script.Append("exec");
        if (odd.Count > 0)
        {
            script.Append(" env ").AppendJoin(' ', odd);
        }

        foreach (var word in Words(command))
        {
            script.Append(' ').Append(Quote(word, "command"));
        }

        // The shell has read these lines from where the command finds its standard input.
        script.Append(isRead ? "\n" : " </dev/null\n");
        return Encoding.UTF8.GetBytes(script.ToString());
    }

    /// <summary>The first argument is the name by which a program is called; a shell passes the program's own.</summary>
    private static IEnumerable<string> Words(CommandInfo command) => command.Shell
        ? ["/bin/sh", "-c", command.Value]
        : command.Arguments.Skip(1).Prepend(command.Value);

    private static string Quote(string text, string what) => text.Contains('\0', StringComparison.Ordinal)
        ? throw new ContainerLaunchException($"'{what}' holds a zero byte, which no program can be given")
        : "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex ShellName();
}
