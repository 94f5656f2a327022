using Orchestrator.Web.Streaming;

namespace Orchestrator.Web.Api.Marathon;

/// <summary>Where the services API answers. A path that it does not know gets 404 as JSON.</summary>
public static class MarathonApi
{
    /// <summary>Adds what <see cref="MapMarathonApi"/> needs besides the engine's gateway, its options, the address of the leader and the levels of loggers.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="origins">Web pages that may read: origins, or <c>*</c>; empty for none.</param>
    public static IServiceCollection AddMarathonApi(this IServiceCollection services, IReadOnlyList<string> origins)
    {
        services.AddSingleton<EventBroadcast>();
        services.AddSingleton(provider => new MarathonHeaders(provider.GetRequiredService<MarathonAddress>(), origins));
        services.AddSingleton<ServicesDocuments>();
        services.AddSingleton<AppsEndpoints>();
        services.AddSingleton<ExplainEndpoint>();
        services.AddSingleton<TasksEndpoints>();
        services.AddSingleton<DeploymentsEndpoints>();
        services.AddSingleton<GroupsEndpoints>();
        services.AddSingleton<PodsEndpoints>();
        services.AddSingleton<SystemEndpoints>();
        services.AddSingleton<EventsEndpoint>();
        services.AddSingleton<LoggingEndpoint>();
        return services;
    }

    /// <summary>Maps the endpoints.</summary>
    /// <param name="routes">Where to.</param>
    /// <param name="hasMetrics">Whether <c>/metrics</c> has the layout of the reference for a request: on the port for Marathon clients.</param>
    public static void MapMarathonApi(this IEndpointRouteBuilder routes, Func<HttpContext, bool> hasMetrics)
    {
        var provider = routes.ServiceProvider;
        var headers = provider.GetRequiredService<MarathonHeaders>();
        var apps = provider.GetRequiredService<AppsEndpoints>();
        var tasks = provider.GetRequiredService<TasksEndpoints>();
        var deployments = provider.GetRequiredService<DeploymentsEndpoints>();
        var groups = provider.GetRequiredService<GroupsEndpoints>();
        var system = provider.GetRequiredService<SystemEndpoints>();
        var events = provider.GetRequiredService<EventsEndpoint>();
        void Map(string path, RequestDelegate handler) => routes.Map(path, context => headers.InvokeAsync(context, handler));

        Map("/v2/apps/{**path}", apps.HandleAsync);
        Map("/v2/tasks", tasks.ListAsync);
        Map("/v2/tasks/delete", tasks.DeleteAsync);
        Map("/v2/deployments", deployments.ListAsync);
        Map("/v2/deployments/history", deployments.HistoryAsync);
        Map("/v2/deployments/{id}", deployments.OneAsync);
        Map("/v2/queue/{**path}", deployments.QueueAsync);
        Map("/v2/groups/{**path}", groups.HandleAsync);
        Map("/v2/pods/{**path}", provider.GetRequiredService<PodsEndpoints>().HandleAsync);
        Map("/v2/info", system.InfoAsync);
        Map("/v2/leader", system.LeaderAsync);
        Map("/v2/plugins", SystemEndpoints.PluginsAsync);
        Map("/v2/events", events.HandleAsync);
        Map("/v2/{**path}", UnknownAsync);
        Map("/ping", SystemEndpoints.PingAsync);
        Map("/config", system.ConfigAsync);
        Map("/logging", provider.GetRequiredService<LoggingEndpoint>().HandleAsync);
        Map("/metrics", context => hasMetrics(context) ? system.MetricsAsync(context) : UnknownAsync(context));
    }

    /// <summary>404 for a path that is not part of the API.</summary>
    public static Task UnknownAsync(HttpContext context) =>
        MarathonAnswer.WriteErrorAsync(context, StatusCodes.Status404NotFound, $"URI not found: {context.Request.Path}");
}
