using System.Globalization;
using System.Text.Json;
using Orchestrator.Core.Marathon;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Views.Services;
using Orchestrator.Web.Api.Operator.Json;

namespace Orchestrator.Web.Api.Marathon.Json;

/// <summary>Who the services engine is and how it is set. Shape: Marathon's <c>GET /v2/info</c>; keys that have no counterpart here are left out.</summary>
internal static class InfoDocument
{
    internal static void Write(Utf8JsonWriter json, ServicesSnapshot snapshot, MarathonOptions options, string leader, IReadOnlyDictionary<string, string> flags)
    {
        json.WriteStartObject();
        json.WriteString("name", options.FrameworkName);
        json.WriteString("version", BuildInfo.ApiVersion);
        json.WriteString("buildref", BuildInfo.ProductVersion);
        json.WriteBoolean("elected", true);
        json.WriteString("leader", leader);
        json.WriteString("frameworkId", snapshot.FrameworkId);
        WriteConfig(json, options, flags);
        json.WriteStartObject("zookeeper_config");
        json.WriteNumber("zk_max_versions", options.MaxVersions);
        json.WriteEndObject();
        json.WriteStartObject("http_config");
        WriteNumber(json, "http_port", flags.GetValueOrDefault("http_port"));
        json.WriteNull("https_port");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteConfig(Utf8JsonWriter json, MarathonOptions options, IReadOnlyDictionary<string, string> flags)
    {
        json.WriteStartObject("marathon_config");
        json.WriteString("access_control_allow_origin", flags.GetValueOrDefault("access_control_allow_origin"));
        json.WriteBoolean("checkpoint", true);
        AppJson.WriteNumber(json, "decline_offer_duration", options.DeclineOfferDuration.TotalMilliseconds);
        json.WriteString("executor", "//cmd");
        AppJson.WriteNumber(json, "failover_timeout", options.FailoverTimeout.TotalSeconds);
        json.WriteStartArray("features");
        json.WriteEndArray();
        json.WriteString("framework_name", options.FrameworkName);
        json.WriteBoolean("ha", false);
        json.WriteString("hostname", options.Hostname);
        json.WriteNumber("local_port_max", options.LocalPortMax);
        json.WriteNumber("local_port_min", options.LocalPortMin);
        json.WriteString("master", $"{options.Hostname}:{flags.GetValueOrDefault("port")}");
        json.WriteString("mesos_leader_ui_url", $"http://{options.Hostname}:{flags.GetValueOrDefault("port")}/");
        json.WriteString("mesos_role", options.Role);
        json.WriteString("mesos_user", options.User);
        json.WriteString("new_group_enforce_role", "off");
        AppJson.WriteNumber(json, "reconciliation_initial_delay", options.ReconciliationInitialDelay.TotalMilliseconds);
        AppJson.WriteNumber(json, "reconciliation_interval", options.ReconciliationInterval.TotalMilliseconds);
        AppJson.WriteNumber(json, "task_launch_timeout", options.TaskLaunchTimeout.TotalMilliseconds);
        json.WriteString("webui_url", $"http://{options.Hostname}:{flags.GetValueOrDefault("port")}/ui");
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, string? number)
    {
        if (int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
