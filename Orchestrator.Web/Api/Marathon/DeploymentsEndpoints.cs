using Orchestrator.Core.Marathon;
using Orchestrator.Web.Api.Marathon.Json;

namespace Orchestrator.Web.Api.Marathon;

/// <summary><c>/v2/deployments</c> and <c>/v2/queue</c>: what is being brought about, and what waits.</summary>
public sealed class DeploymentsEndpoints(ServicesDocuments services, MarathonOptions options, TimeProvider time)
{
    /// <summary><c>GET /v2/deployments</c>.</summary>
    public Task ListAsync(HttpContext context) => HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)
        ? MarathonAnswer.WriteAsync(context, services.Get("deployments", static (json, snapshot) => DeploymentDocuments.WriteAll(json, snapshot)))
        : MarathonAnswer.WriteWrongMethodAsync(context, "GET");

    /// <summary><c>DELETE /v2/deployments/{id}</c>: rolls back; with <c>force=true</c> just cancels.</summary>
    public Task OneAsync(HttpContext context)
    {
        if (!HttpMethods.IsDelete(context.Request.Method))
        {
            return MarathonAnswer.WriteWrongMethodAsync(context, "DELETE");
        }

        return MarathonQuery.TryReadSwitch(context.Request.Query, "force", false, out var force, out var error)
            ? services.SendAsync(context, new MarathonCommand.CancelDeployment((string)context.Request.RouteValues["id"]!, force, AppsEndpoints.OriginOf(context)))
            : MarathonAnswer.WriteErrorAsync(context, StatusCodes.Status400BadRequest, error);
    }

    /// <summary><c>GET /v2/queue?embed=lastUnusedOffers</c>, and <c>DELETE /v2/queue/{id}/delay</c>.</summary>
    public Task QueueAsync(HttpContext context)
    {
        var path = (context.Request.RouteValues["path"] as string ?? "").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase).Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (path.Length == 0)
        {
            var withOffers = Embeds.Has(context.Request.Query["embed"], "lastUnusedOffers");

            // Delays run down without a new snapshot, so this is written anew for each request.
            return HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)
                ? MarathonAnswer.WriteAsync(context, json => QueueDocument.Write(json, services.Current, options.Role, withOffers, time.GetUtcNow()))
                : MarathonAnswer.WriteWrongMethodAsync(context, "GET");
        }

        if (path is not [_, .., "delay"])
        {
            return MarathonApi.UnknownAsync(context);
        }

        return HttpMethods.IsDelete(context.Request.Method)
            ? services.SendAsync(context, new MarathonCommand.ResetDelay("/" + string.Join('/', path[..^1]), AppsEndpoints.OriginOf(context)))
            : MarathonAnswer.WriteWrongMethodAsync(context, "DELETE");
    }
}
