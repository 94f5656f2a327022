namespace Orchestrator.AgentService.Execution.Commands;

/// <summary>
/// The process that stays beside a command, a plain shell of less than a megabyte: it outlives the agent, starts the
/// command, waits for it, and writes down how it ended. Nothing of a task is ever part of these lines; what is particular
/// to one comes as arguments, descriptors and, for the command itself, as a script in memory that only the task's own
/// user reads.
/// </summary>
internal static class SupervisorScript
{
    /// <summary>The exit code of a supervisor whose launch failed or was given up.</summary>
    internal const int Failed = 125;

    /// <summary>
    /// Arguments: record directory, sandbox, adjustment for the machine's shortage of memory or "", number of control
    /// groups, these, then the words in front of the command (limits, session, user). Descriptors: 0 the command's script,
    /// 1 and 2 nothing, 3 where the start is told, 4 and 5 the command's stdout and stderr.
    /// </summary>
    internal const string Text =
        """
        record=$1 sandbox=$2 adjustment=$3 groups=$4
        shift 4
        umask 022
        # Nobody listens to 3 any more when the agent was killed meanwhile; the command goes on all the same.
        trap '' PIPE
        fail() { echo "failed $1" >&3; exit 125; }
        read -r stat </proc/self/stat
        read -r boot </proc/sys/kernel/random/boot_id
        # Only one can make this file: we, who go on, or an agent that came back and gave this launch up.
        set -C
        echo "$boot $stat" >"$record/supervisor" || exit 125
        set +C
        first=${1-}
        [ "$groups" -gt 0 ] || first=
        (
          while [ "$groups" -gt 0 ]; do
            echo 0 >"$1/cgroup.procs" || fail "the control group $1 cannot be entered"
            shift
            groups=$((groups - 1))
          done
          [ -z "$adjustment" ] || echo "$adjustment" >/proc/self/oom_score_adj
          cd -P "$sandbox" || fail "the sandbox $sandbox cannot be entered"
          read -r stat </proc/self/stat
          echo "$stat" >"$record/command" || fail "$record/command cannot be written"
          echo "started $stat" >&3
          trap - PIPE
          exec "$@" /bin/sh >&4 2>&5 3>&- 4>&- 5>&-
        )
        code=$?
        echo "$code" >"$record/exit"
        # Whatever it left running ends with it.
        if [ -n "$first" ] && [ -e "$first/cgroup.kill" ]; then
          echo 1 >"$first/cgroup.kill"
        elif [ -n "$first" ]; then
          rounds=50
          while [ "$rounds" -gt 0 ] && read -r some <"$first/cgroup.procs"; do
            while read -r pid; do kill -9 "$pid"; done <"$first/cgroup.procs"
            rounds=$((rounds - 1))
          done
        elif read -r pid rest <"$record/command"; then
          kill -9 "-$pid"
        fi
        exit 0
        """;
}
