using System.Globalization;

namespace Orchestrator.Web.Api.Marathon;

/// <summary>Under which name clients know the leader: <c>--hostname</c> and the port for Marathon clients.</summary>
/// <param name="hostname">Announced host name.</param>
/// <param name="port">Announced port; 0 for that of the request.</param>
public sealed class MarathonAddress(string hostname, int port)
{
    /// <summary>For example <c>localhost:8080</c>.</summary>
    public string For(HttpContext context) => string.Create(CultureInfo.InvariantCulture, $"{hostname}:{(port == 0 ? context.Connection.LocalPort : port)}");
}
