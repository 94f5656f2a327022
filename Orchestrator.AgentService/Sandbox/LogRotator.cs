namespace Orchestrator.AgentService.Sandbox;

/// <summary>
/// Keeps <c>stdout</c> and <c>stderr</c> of a command from filling the disk: the command writes into a pipe, and a shell of
/// the task's own user copies it into the file, at most <see cref="MaxBytes"/> at a time. A full file becomes <c>stdout.1</c>,
/// that one <c>stdout.2</c>, and the oldest goes. The shell outlives the agent, so output goes on and stays bounded while
/// the agent is down; it ends when the last process that can write has ended.
/// </summary>
/// <param name="MaxBytes">Size of a file; 0 for no limit, and then no pipe and no shell.</param>
/// <param name="MaxFiles">Files kept, the current one included.</param>
internal sealed record LogRotator(long MaxBytes, int MaxFiles)
{
    /// <summary>
    /// Arguments: path, bytes, files. Standard input: what to write. <c>dd</c> reads no more than it may write and writes
    /// what it reads at once, and says how much that was: less than allowed means that all writers have gone. What cannot
    /// be written (a full disk) is lost, as it were with a file; the command is neither stopped nor held up.
    /// </summary>
    internal const string Text =
        """
        umask 022
        while :; do
          said=$(dd bs=65536 iflag=count_bytes count="$2" oflag=append conv=notrunc 2>&1 >>"$1") || {
            case $said in *[0-9]" bytes"*) ;; *) exec cat >/dev/null ;; esac
            sleep 1
            continue
          }
          bytes=${said##*" records out"}
          bytes=${bytes#?}
          [ "${bytes%% *}" -ge "$2" ] || exit 0
          file=$3
          while [ "$file" -gt 2 ]; do
            [ ! -e "$1.$((file - 2))" ] || mv -f "$1.$((file - 2))" "$1.$((file - 1))"
            file=$((file - 1))
          done
          [ "$3" -lt 2 ] || ln -f "$1" "$1.1"
          : >"$1.new" && mv -f "$1.new" "$1"
        done
        """;

    /// <summary>Whether there is a limit.</summary>
    internal bool IsLimited => MaxBytes > 0;
}
