using System.Text.Json.Nodes;

namespace Orchestrator.Web.Console.ViewModels.Forms;

/// <summary>One health check. Numbers are kept as they were typed; empty stands for the default.</summary>
public sealed class HealthCheckRow
{
    /// <summary>HTTP, HTTPS, TCP, COMMAND, MESOS_HTTP, MESOS_HTTPS or MESOS_TCP.</summary>
    public string Protocol { get; set; } = "HTTP";

    /// <summary>Request path of HTTP kinds.</summary>
    public string Path { get; set; } = "";

    /// <summary>Command of COMMAND checks.</summary>
    public string Command { get; set; } = "";

    /// <summary>Whether <see cref="Port"/> is a number of its own and not an index among the app's ports.</summary>
    public bool IsFixedPort { get; set; }

    /// <summary>Port index, or port number.</summary>
    public string Port { get; set; } = "";

    /// <summary>Seconds in which failures before the first success do not count.</summary>
    public string GracePeriodSeconds { get; set; } = "";

    /// <summary>Seconds between checks.</summary>
    public string IntervalSeconds { get; set; } = "";

    /// <summary>Seconds until a check has failed.</summary>
    public string TimeoutSeconds { get; set; } = "";

    /// <summary>Failures in a row until the instance is killed.</summary>
    public string MaxConsecutiveFailures { get; set; } = "";

    /// <summary>Whether 1xx answers count as no result.</summary>
    public bool IgnoreHttp1xx { get; set; }

    /// <summary>What it was read from, with the keys that the form does not show.</summary>
    public JsonObject? Source { get; init; }

    /// <summary>Whether it asks over HTTP or HTTPS.</summary>
    public bool IsHttp => Protocol.Contains("HTTP", StringComparison.Ordinal);

    /// <summary>Whether it runs a command.</summary>
    public bool IsCommand => Protocol == "COMMAND";
}
