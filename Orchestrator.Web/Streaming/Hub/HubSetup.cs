using Microsoft.AspNetCore.SignalR;

namespace Orchestrator.Web.Streaming.Hub;

/// <summary>Puts the public hub into the host.</summary>
public static class HubSetup
{
    /// <summary>Where it answers.</summary>
    public const string Path = "/hubs/cluster";

    /// <summary>Largest message that a client may send, in bytes: arguments are small.</summary>
    private const long MaxMessageBytes = 32 * 1024;

    /// <summary>Adds what <see cref="MapClusterHub"/> needs, besides the live feed.</summary>
    public static IServiceCollection AddClusterHub(this IServiceCollection services)
    {
        services.AddSignalR().AddHubOptions<ClusterHub>(hub => hub.MaximumReceiveMessageSize = MaxMessageBytes);
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<HubConnectionHandler<ClusterHub>>(provider, new RefusalLogs(provider.GetRequiredService<ILoggerFactory>())));
        return services;
    }

    /// <summary>Maps the hub.</summary>
    public static void MapClusterHub(this IEndpointRouteBuilder routes) => routes.MapHub<ClusterHub>(Path);
}
