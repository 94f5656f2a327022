namespace Orchestrator.Web.Api.Scheduler;

/// <summary>Where the scheduler API answers.</summary>
public static class SchedulerApi
{
    // Paths are routed by prefix, as clients expect: what stands behind the registered path is ignored.
    private static readonly string[] s_paths = ["/api/v1/scheduler", "/master/api/v1/scheduler"];

    /// <summary>Adds what <see cref="MapSchedulerApi"/> needs.</summary>
    public static IServiceCollection AddSchedulerApi(this IServiceCollection services) => services.AddSingleton<SchedulerEndpoint>();

    /// <summary>Maps <c>POST /api/v1/scheduler</c> and <c>/master/api/v1/scheduler</c>; other methods get 405.</summary>
    /// <returns>To attach authentication to.</returns>
    public static IEndpointConventionBuilder MapSchedulerApi(this IEndpointRouteBuilder routes)
    {
        var endpoint = routes.ServiceProvider.GetRequiredService<SchedulerEndpoint>();
        var group = routes.MapGroup("");
        foreach (var path in s_paths)
        {
            group.Map(path, endpoint.HandleAsync);
            group.Map(path + "/{**rest}", endpoint.HandleAsync);
        }

        return group;
    }
}
