using Orchestrator.Core.Marathon.Apps;

namespace Orchestrator.Web.Api.Marathon;

/// <summary><c>/v2/pods</c>, to be read: there are none.</summary>
public static class PodsEndpoints
{
    /// <summary>HEAD is how clients ask whether the path is known.</summary>
    public static Task HandleAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            return MarathonAnswer.WriteErrorAsync(context, StatusCodes.Status501NotImplemented, "Pods cannot be run yet; run their containers as apps with POST /v2/apps");
        }

        return context.Request.RouteValues["path"] is null or "" or "::status"
            ? MarathonAnswer.WriteAsync(context, static json =>
            {
                json.WriteStartArray();
                json.WriteEndArray();
            })
            : MarathonAnswer.WriteErrorAsync(context, StatusCodes.Status404NotFound, $"Pod '{PathId.Absolute((string)context.Request.RouteValues["path"]!)}' does not exist");
    }
}
