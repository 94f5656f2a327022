namespace Orchestrator.Web.Api.Agents;

/// <summary>Where agents dial in.</summary>
public static class AgentLinkApi
{
    /// <summary>Maps <c>POST /api/v1/agent-link</c>.</summary>
    /// <returns>To attach authentication to.</returns>
    public static IEndpointConventionBuilder MapAgentLink(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/agent-link", ActivatorUtilities.CreateInstance<AgentLinkEndpoint>(routes.ServiceProvider).HandleAsync);
}
