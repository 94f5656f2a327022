namespace Orchestrator.AgentService.Hosting;

/// <summary>The text of <c>--help</c>.</summary>
internal static class AgentHelp
{
    internal static void Write(TextWriter output) => output.WriteLine(
        """
        Usage: orchestrator-agent --master=HOST:PORT --work_dir=DIR [flags]

        Runs tasks on this machine for a master. Flags are those of Mesos' agent; --name=value, or MESOS_NAME in the
        environment; a value file:///path is read from that file.

          --master=HOST:PORT[,…]      where the masters are
          --work_dir=DIR              sandboxes and state; one agent a directory
          --ip=IP --port=N            where to listen (127.0.0.1, 5051; port 0 = any)
          --hostname=NAME --advertise_ip=IP --advertise_port=N   how others reach this machine
          --containerizers=LIST       mesos (commands), docker (images) or docker,mesos (default mesos)
          --resources=TEXT            cpus:4;mem:1024;disk:4096;ports:[31000-32000]; what is not named is detected
          --attributes=TEXT           rack:r1;ssd:true
          --default_role=ROLE         role of resources that name none (*)
          --docker_socket=PATH --docker_config=JSON|PATH --docker_registry=URL --docker_stop_timeout=TIME
          --docker_remove_delay=TIME --[no-]docker_kill_orphans   how long ended containers stay (6hrs); stray ones are removed (yes)
          --sandbox_directory=PATH    where a container finds its sandbox (/mnt/mesos/sandbox)
          --[no-]switch_user          run tasks as their user (yes)
          --executor_environment_variables=JSON|PATH   base variables of command tasks
          --cgroups_hierarchy=PATH --cgroups_root=NAME --[no-]cgroups_enable_cfs
          --gc_delay=TIME --gc_disk_headroom=0.1 --disk_watch_interval=TIME   when sandboxes are deleted (1weeks)
          --credential=JSON|PATH      {"principal":"P","secret":"S"} for the master
          --authenticate_http_readonly --authenticate_http_readwrite --http_credentials=JSON|PATH
                                      who may use this agent's endpoints
          --insecure                  listen beyond loopback without authentication
          --policy=NAME               what tasks may ask of the machine: baseline, restricted, privileged
          --volume_roots=DIR[,…]      host folders that tasks may mount
          --sandbox_log_size=SIZE --sandbox_log_files=N   rotation of stdout and stderr (10MB, 10; size 0 = no limit)
          --frameworks_home=DIR       what relative URIs of tasks stand below
          --fetcher_cache_dir=DIR --fetcher_cache_size=SIZE --fetcher_max_size=SIZE --fetcher_stall_timeout=TIME
          --shutdown_tasks_on_exit    kill tasks on SIGTERM instead of leaving them for the next start
          --max_completed_executors_per_framework=N   --usage_interval=TIME   --logging_level=INFO|WARNING|ERROR
        """);
}
