using Microsoft.Extensions.DependencyInjection.Extensions;
using Orchestrator.Web.Api.Operator.Events;
using Orchestrator.Web.Hosting;

namespace Orchestrator.Web.Api.Operator;

/// <summary>Where the operator endpoints answer: each path bare and below <c>/master</c>.</summary>
public static class OperatorApi
{
    /// <summary>Adds what <see cref="MapOperatorApi"/> needs. A host that has flags to show registers its own <see cref="MasterFlags"/>.</summary>
    public static IServiceCollection AddOperatorApi(this IServiceCollection services)
    {
        services.TryAddSingleton(new MasterFlags(new Dictionary<string, string>()));
        services.AddSingleton<DocumentCache>();
        services.AddSingleton<ClusterEndpoints>();
        services.AddSingleton<MetricsEndpoint>();
        services.AddSingleton<TeardownEndpoint>();
        services.AddSingleton<ResourcesEndpoint>();
        services.AddSingleton<OperatorCallEndpoint>();
        services.TryAddSingleton(new LogLevels(LogLevel.Information, TimeProvider.System));
        services.AddSingleton<VerbosityEndpoint>();
        services.AddSingleton<ClusterFeed>();
        services.AddSingleton<ClusterSubscription>();
        services.AddSingleton<RolesEndpoints>();
        services.AddSingleton<MaintenanceEndpoints>();
        return services;
    }

    /// <summary>Maps the read-only endpoints.</summary>
    /// <returns>To attach authentication to; <c>/health</c>, <c>/version</c> and <c>/redirect</c> are open by design and not in it.</returns>
    public static IEndpointConventionBuilder MapOperatorApi(this IEndpointRouteBuilder routes)
    {
        var cluster = routes.ServiceProvider.GetRequiredService<ClusterEndpoints>();
        var metrics = routes.ServiceProvider.GetRequiredService<MetricsEndpoint>();
        Map(routes, "/health", ClusterEndpoints.HealthAsync);
        Map(routes, "/version", ClusterEndpoints.VersionAsync);
        routes.Map("/redirect", cluster.RedirectAsync);
        routes.Map("/master/redirect", cluster.RedirectAsync);
        routes.Map("/system/stats.json", MetricsEndpoint.MachineAsync);

        var group = routes.MapGroup("");
        Map(group, "/state", cluster.StateAsync);
        Map(group, "/state-summary", cluster.SummaryAsync);
        Map(group, "/slaves", cluster.SlavesAsync);
        Map(group, "/frameworks", cluster.FrameworksAsync);
        Map(group, "/tasks", cluster.TasksAsync);
        Map(group, "/roles", cluster.RolesAsync);
        Map(group, "/flags", cluster.FlagsAsync);
        group.Map("/metrics/snapshot", metrics.HandleAsync);
        return group;
    }

    /// <summary>Maps the endpoints that change the cluster.</summary>
    /// <returns>To attach authentication to.</returns>
    public static IEndpointConventionBuilder MapOperatorActions(this IEndpointRouteBuilder routes)
    {
        var teardown = routes.ServiceProvider.GetRequiredService<TeardownEndpoint>();
        var group = routes.MapGroup("");
        Map(group, "/teardown", teardown.HandleAsync);
        var resources = routes.ServiceProvider.GetRequiredService<ResourcesEndpoint>();
        Map(group, "/reserve", resources.ReserveAsync);
        Map(group, "/unreserve", resources.UnreserveAsync);
        Map(group, "/create-volumes", resources.CreateVolumesAsync);
        Map(group, "/destroy-volumes", resources.DestroyVolumesAsync);
        var roles = routes.ServiceProvider.GetRequiredService<RolesEndpoints>();
        Map(group, "/quota", roles.QuotaAsync);
        Map(group, "/weights", roles.WeightsAsync);
        var maintenance = routes.ServiceProvider.GetRequiredService<MaintenanceEndpoints>();
        Map(group, "/maintenance/schedule", maintenance.ScheduleAsync);
        Map(group, "/maintenance/status", maintenance.StatusAsync);
        Map(group, "/machine/down", maintenance.DownAsync);
        Map(group, "/machine/up", maintenance.UpAsync);
        group.Map("/logging/toggle", routes.ServiceProvider.GetRequiredService<VerbosityEndpoint>().HandleAsync);
        Map(group, "/api/v1", routes.ServiceProvider.GetRequiredService<OperatorCallEndpoint>().HandleAsync);
        return group;
    }

    // Paths are routed by prefix, as clients expect: what stands behind the registered path is ignored.
    private static void Map(IEndpointRouteBuilder routes, string path, RequestDelegate handler)
    {
        foreach (var prefix in (ReadOnlySpan<string>)["", "/master"])
        {
            routes.Map(prefix + path, handler);
            routes.Map(prefix + path + "/{**rest}", handler);
        }
    }
}
