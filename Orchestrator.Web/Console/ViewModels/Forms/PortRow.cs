using System.Text.Json.Nodes;

namespace Orchestrator.Web.Console.ViewModels.Forms;

/// <summary>One port: a definition on the host network, a mapping elsewhere. Numbers are kept as they were typed.</summary>
public sealed class PortRow
{
    /// <summary>Port inside the container; not on the host network.</summary>
    public string ContainerPort { get; set; } = "";

    /// <summary>Port on the host, 0 for any; on the host network the port itself.</summary>
    public string HostPort { get; set; } = "";

    /// <summary>tcp, udp or <c>udp,tcp</c>.</summary>
    public string Protocol { get; set; } = "tcp";

    /// <summary>Its name; empty for none.</summary>
    public string Name { get; set; } = "";

    /// <summary>What it was read from, with the keys that the form does not show.</summary>
    public JsonObject? Source { get; init; }
}
