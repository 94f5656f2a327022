using Orchestrator.Core.Runtime.Flags;

namespace Orchestrator.AgentService.Hosting;

/// <summary>The flags there are. Source: Mesos 1.11, agent; the last list is ours.</summary>
internal static class FlagNames
{
    /// <summary>Every flag of Mesos' agent.</summary>
    internal static readonly HashSet<string> Mesos = Split(
        """
        acls advertise_ip advertise_port agent_features agent_subsystems allowed_devices appc_simple_discovery_uri_prefix appc_store_dir
        attributes authenticate_http_executors authenticate_http_readonly authenticate_http_readwrite authenticatee
        authentication_backoff_factor authentication_timeout_max authentication_timeout_min authorizer bounding_capabilities
        cgroups_cpu_enable_pids_and_tids_count cgroups_destroy_timeout cgroups_enable_cfs cgroups_hierarchy cgroups_limit_swap
        cgroups_net_cls_primary_handle cgroups_net_cls_secondary_handles cgroups_root check_agent_port_range_only
        container_disk_watch_interval container_logger container_ports_isolated_range container_ports_watch_interval containerizers
        credential csi_plugin_config_dir default_container_dns default_container_info default_container_shm_size default_role
        disallow_sharing_agent_ipc_namespace disallow_sharing_agent_pid_namespace disk_profile_adaptor disk_watch_interval docker
        docker_config docker_ignore_runtime docker_kill_orphans docker_mesos_image docker_registry docker_remove_delay docker_socket
        docker_stop_timeout docker_store_dir docker_volume_checkpoint_dir docker_volume_chown domain domain_socket_location
        effective_capabilities egress_flow_classifier_parent egress_rate_limit_per_container egress_unique_flow_per_container
        enforce_container_disk_quota enforce_container_ports ephemeral_ports_per_container eth0_name executor_environment_variables
        executor_registration_timeout executor_reregistration_retry_interval executor_reregistration_timeout
        executor_shutdown_grace_period fetcher_cache_dir fetcher_cache_size fetcher_stall_timeout firewall_rules frameworks_home gc_delay
        gc_disk_headroom gc_non_executor_container_sandboxes hadoop_home hooks host_path_volume_force_creation hostname hostname_lookup
        http_authenticators http_command_executor http_credentials http_executor_domain_sockets http_heartbeat_interval image_gc_config
        image_providers image_provisioner_backend ip ip6 ip6_discovery_command ip_discovery_command isolation jwt_secret_key launcher
        launcher_dir lo_name master master_detector max_completed_executors_per_framework memory_profiling modules modules_dir
        network_cni_config_dir network_cni_metrics network_cni_plugins_dir network_cni_root_dir_persist network_enable_snmp_statistics
        network_enable_socket_statistics_details network_enable_socket_statistics_summary nvidia_gpu_devices
        oversubscribed_resources_interval perf_duration perf_events perf_interval port qos_controller qos_correction_interval_min
        reconfiguration_policy recover recovery_timeout registration_backoff_factor resource_estimator resource_provider_config_dir
        resources revocable_cpu_low_priority runtime_dir sandbox_directory seccomp_config_dir seccomp_profile_name secret_resolver strict
        switch_user systemd_enable_support systemd_runtime_directory version volume_gid_range work_dir xfs_kill_containers
        xfs_project_range zk_session_timeout
        quiet logging_level log_dir logbufsecs initialize_driver_logging external_log_file help
        """);

    /// <summary>Those of Mesos that this agent honours.</summary>
    internal static readonly HashSet<string> Supported = Split(
        """
        advertise_ip advertise_port attributes authenticate_http_readonly authenticate_http_readwrite cgroups_enable_cfs cgroups_hierarchy
        cgroups_root containerizers credential default_role disk_watch_interval docker_config docker_kill_orphans docker_registry docker_remove_delay
        docker_socket docker_stop_timeout domain executor_environment_variables fetcher_cache_dir fetcher_cache_size fetcher_stall_timeout
        frameworks_home gc_delay gc_disk_headroom help hostname http_credentials ip logging_level master
        max_completed_executors_per_framework port resources sandbox_directory switch_user version work_dir
        """);

    /// <summary>Flags of ours.</summary>
    internal static readonly HashSet<string> Own = Split(
        """
        fetcher_max_size insecure policy shutdown_tasks_on_exit usage_interval volume_roots sandbox_log_size sandbox_log_files
        """);

    /// <summary>Flags that need no value.</summary>
    internal static readonly HashSet<string> Boolean = Split(
        "authenticate_http_readonly authenticate_http_readwrite cgroups_enable_cfs docker_kill_orphans help insecure shutdown_tasks_on_exit switch_user version");

    /// <summary>Old names and what they are called now.</summary>
    internal static readonly Dictionary<string, string> Aliases = new()
    {
        ["slave_subsystems"] = "agent_subsystems",
        ["allowed_capabilities"] = "effective_capabilities",
        ["executor_secret_key"] = "jwt_secret_key",
    };

    /// <summary>The known name nearest to a mistyped one; null when none is near.</summary>
    internal static string? Nearest(string name) => Spelling.Nearest(name, Supported.Concat(Own).Concat(Mesos).Distinct());

    private static HashSet<string> Split(string names) =>
        [.. names.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
}
