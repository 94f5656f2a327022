namespace Orchestrator.Tests.Support;

/// <summary>Clears up after an agent that was killed together with its tests' interest in its tasks.</summary>
internal static class Leftovers
{
    /// <summary>Removes the containers of an agent, and those that hold the networks of its task groups.</summary>
    internal static Task RemoveContainersAsync(string workDirectory) => Shell.RunAsync(
        $"for label in work_dir group_of; do docker ps -aq --filter label=orchestrator.$label={workDirectory}; done | xargs -r docker rm -f");

    /// <summary>Ends the commands of a work directory, removes their control groups and the directory.</summary>
    internal static Task RemoveAsync(string workDirectory) => Shell.RunAsync($$"""
        for round in 1 2 3 4 5; do
          # Supervisors name their records, commands have their sandbox in their environment.
          pids=$(grep -lzasE '{{workDirectory}}/(meta/containers|slaves)/' /proc/[0-9]*/cmdline /proc/[0-9]*/environ | cut -d/ -f3 | sort -u | grep -vx $$)
          [ -n "$pids" ] || break
          kill -KILL $pids 2>/dev/null
          sleep 0.1
        done
        for record in {{workDirectory}}/meta/containers/*; do
          rmdir /sys/fs/cgroup/mesos/${record##*/} /sys/fs/cgroup/*/mesos/${record##*/} 2>/dev/null
        done
        rm -rf {{workDirectory}}
        true
        """);
}
