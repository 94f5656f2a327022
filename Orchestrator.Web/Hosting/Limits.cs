using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Orchestrator.Web.Hosting;

/// <summary>What the web server takes from whom: addresses, bodies, times.</summary>
internal static class Limits
{
    /// <summary>Longest request body that is not said otherwise, 64 MiB: a batch of an agent or a large group of apps.</summary>
    private const long MaxBodyBytes = 64 * 1024 * 1024;

    internal static void Apply(KestrelServerOptions kestrel, HostOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        kestrel.Limits.MaxRequestHeadersTotalSize = 64 * 1024;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(10);

        // Streams stay silent between heartbeats; a link is judged by its pings, not by its data rate.
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Listen(options.Ip, options.Port);
        if (options.MarathonPort is { } port && port != options.Port)
        {
            kestrel.Listen(options.Ip, port);
        }
    }
}
