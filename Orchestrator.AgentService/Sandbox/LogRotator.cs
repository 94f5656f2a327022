using System.Globalization;

namespace Orchestrator.AgentService.Sandbox;

/// <summary>
/// Keeps <c>stdout</c> and <c>stderr</c> of a command from filling the disk: the command writes into a pipe, and coreutils'
/// <c>split</c>, run by the task's own user, hands what it reads at once to a <c>cat</c> for each <see cref="MaxBytes"/>. Before
/// each but the first, a full file becomes <c>stdout.1</c>, that one <c>stdout.2</c>, and the oldest goes. Both outlive the
/// agent, so output goes on and stays bounded while the agent is down; they end when the last process that can write has
/// ended. What cannot be written (a full disk) is lost; the command is neither stopped nor held up.
/// </summary>
/// <param name="MaxBytes">Size of a file; 0 for no limit, and then no pipe and no process.</param>
/// <param name="MaxFiles">Files kept, the current one included.</param>
internal sealed record LogRotator(long MaxBytes, int MaxFiles)
{
    /// <summary>The program.</summary>
    internal const string Program = "split";

    /// <summary>Run for each file's worth of output. The new file takes the old one's place in one step: there is always one.</summary>
    private const string Filter =
        """
        umask 022
        if [ -s "$LOG" ]; then
          file=$LOG_FILES
          while [ "$file" -gt 2 ]; do
            [ ! -e "$LOG.$((file - 2))" ] || mv -f "$LOG.$((file - 2))" "$LOG.$((file - 1))"
            file=$((file - 1))
          done
          [ "$LOG_FILES" -lt 2 ] || ln -f "$LOG" "$LOG.1"
          : >"$LOG.new" && mv -f "$LOG.new" "$LOG"
        fi
        exec cat >>"$LOG"
        """;

    /// <summary>Whether there is a limit.</summary>
    internal bool IsLimited => MaxBytes > 0;

    /// <summary>How <c>split</c> is called; it reads its standard input.</summary>
    internal IReadOnlyList<string> Arguments => ["split", "-b", MaxBytes.ToString(CultureInfo.InvariantCulture), "--filter=" + Filter, "-"];

    /// <summary>The variables that it needs besides a PATH.</summary>
    /// <param name="path">The file.</param>
    internal IEnumerable<KeyValuePair<string, string>> Variables(string path) =>
        [new("LOG", path), new("LOG_FILES", MaxFiles.ToString(CultureInfo.InvariantCulture))];
}
