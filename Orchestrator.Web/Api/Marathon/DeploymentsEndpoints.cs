using System.Globalization;
using Orchestrator.Core.Marathon;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Web.Api.Marathon.Json;

namespace Orchestrator.Web.Api.Marathon;

/// <summary><c>/v2/deployments</c> and <c>/v2/queue</c>: what is being brought about, and what waits.</summary>
public sealed class DeploymentsEndpoints(ServicesDocuments services, MarathonOptions options, TimeProvider time)
{
    /// <summary><c>GET /v2/deployments</c>.</summary>
    public Task ListAsync(HttpContext context) => HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)
        ? MarathonAnswer.WriteAsync(context, services.Get("deployments", static (json, snapshot) => DeploymentDocuments.WriteAll(json, snapshot)))
        : MarathonAnswer.WriteWrongMethodAsync(context, "GET");

    /// <summary><c>GET /v2/deployments/history?app=&amp;limit=</c>, our own: deployments that ended, newest first.</summary>
    public Task HistoryAsync(HttpContext context)
    {
        if (!IsRead(context))
        {
            return MarathonAnswer.WriteWrongMethodAsync(context, "GET");
        }

        var limit = int.MaxValue;
        if (context.Request.Query.TryGetValue("limit", out var text) && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit == 0))
        {
            return MarathonAnswer.WriteErrorAsync(context, StatusCodes.Status400BadRequest, $"The query parameter 'limit' is '{text}'; write a whole number from 1");
        }

        var app = context.Request.Query["app"].ToString() is { Length: > 0 } id ? PathId.Absolute(id) : null;
        var outcomes = services.Current.History.Where(outcome => app is null || outcome.AffectedApps.Contains(app)).Take(limit);
        return MarathonAnswer.WriteAsync(context, json => DeploymentDetails.WriteHistory(json, outcomes));
    }

    /// <summary>
    /// <c>GET /v2/deployments/{id}</c>, our own: one deployment, running or ended. <c>DELETE</c>: rolls back; with <c>force=true</c> just
    /// cancels.
    /// </summary>
    public Task OneAsync(HttpContext context)
    {
        var id = (string)context.Request.RouteValues["id"]!;
        if (IsRead(context))
        {
            var snapshot = services.Current;
            return snapshot.Deployments.FirstOrDefault(deployment => deployment.Id == id) is { } running ? MarathonAnswer.WriteAsync(context, json => DeploymentDetails.Write(json, running))
                : snapshot.History.FirstOrDefault(outcome => outcome.Id == id) is { } ended ? MarathonAnswer.WriteAsync(context, json => DeploymentDetails.Write(json, ended))
                : MarathonAnswer.WriteErrorAsync(context, StatusCodes.Status404NotFound, $"DeploymentPlan {id} does not exist");
        }

        if (!HttpMethods.IsDelete(context.Request.Method))
        {
            return MarathonAnswer.WriteWrongMethodAsync(context, "GET, DELETE");
        }

        return WriteRequest.Parse(context.Request, false, out var error) is { } request
            ? services.SendAsync(context, new MarathonCommand.CancelDeployment(id, request.Force, AppsEndpoints.OriginOf(context)) { Terms = request.Terms })
            : MarathonAnswer.WriteErrorAsync(context, StatusCodes.Status400BadRequest, error);
    }

    private static bool IsRead(HttpContext context) => HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);

    /// <summary><c>GET /v2/queue?embed=lastUnusedOffers</c>, and <c>DELETE /v2/queue/{id}/delay</c>.</summary>
    public Task QueueAsync(HttpContext context)
    {
        var path = (context.Request.RouteValues["path"] as string ?? "").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase).Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (path.Length == 0)
        {
            var withOffers = Embeds.Has(context.Request.Query["embed"], "lastUnusedOffers");

            // Delays run down without a new snapshot, in whole seconds.
            var second = DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds());
            return HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)
                ? MarathonAnswer.WriteAsync(context, services.Get($"queue?{withOffers}&{second.UtcTicks}", (json, snapshot) => QueueDocument.Write(json, snapshot, options.Role, withOffers, second)))
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
