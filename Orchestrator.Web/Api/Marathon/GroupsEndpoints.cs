using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Views.Services;
using Orchestrator.Web.Api.Marathon.Json;

namespace Orchestrator.Web.Api.Marathon;

/// <summary>
/// <c>/v2/groups</c> and <c>/v2/pods</c>, to be read: groups are what the ids of apps say. Neither can be created here;
/// apps are.
/// </summary>
public sealed class GroupsEndpoints(ServicesDocuments services, TimeProvider time)
{
    /// <summary><c>/v2/groups/{id}</c>, with <c>/apps</c> and <c>/versions</c> behind it.</summary>
    public Task HandleAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            return MarathonAnswer.WriteErrorAsync(context, StatusCodes.Status501NotImplemented, "Groups cannot be changed as a whole yet; change their apps with PUT /v2/apps, which takes several at once");
        }

        var parts = (context.Request.RouteValues["path"] as string ?? "").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase).Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts switch
        {
            [.. var id, "versions"] => OfGroupAsync(context, id, (_, apps) => MarathonAnswer.WriteAsync(context, json =>
            {
                json.WriteStartArray();
                json.WriteStringValue(Timestamps.Write(GroupDocument.VersionOf(apps)));
                json.WriteEndArray();
            })),
            [.. var id, "versions", var version] => OfGroupAsync(context, id, (name, apps) => Timestamps.Read(version) == GroupDocument.VersionOf(apps)
                ? WriteAsync(context, name, apps)
                : MarathonAnswer.WriteErrorAsync(context, StatusCodes.Status404NotFound, $"Group '{name}' does not exist in version {version}")),
            [.. var id, "apps"] => OfGroupAsync(context, id, (_, apps) => MarathonAnswer.WriteAsync(context, json =>
            {
                json.WriteStartObject();
                AppDocuments.WriteAll(json, "apps", apps, Embeds.OfApps(context.Request.Query["embed"]), time.GetUtcNow());
                json.WriteEndObject();
            })),
            var id => OfGroupAsync(context, id, (name, apps) => WriteAsync(context, name, apps)),
        };
    }

    /// <summary><c>/v2/pods</c>: there are none. HEAD is how clients ask whether the path is known.</summary>
    public static Task PodsAsync(HttpContext context)
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

    private Task WriteAsync(HttpContext context, string id, IReadOnlyList<AppView> apps)
    {
        var embed = context.Request.Query["embed"];
        return MarathonAnswer.WriteAsync(context, json => GroupDocument.Write(json, id, apps, Embeds.OfApps(embed), Embeds.OfGroups(embed), time.GetUtcNow()));
    }

    private Task OfGroupAsync(HttpContext context, string[] parts, Func<string, IReadOnlyList<AppView>, Task> answer)
    {
        var id = "/" + string.Join('/', parts);
        var prefix = parts.Length == 0 ? "/" : id + "/";
        List<AppView> apps = [.. services.Current.Apps.Where(app => app.Id.StartsWith(prefix, StringComparison.Ordinal))];
        return apps.Count == 0 && parts.Length > 0 ? MarathonAnswer.WriteErrorAsync(context, StatusCodes.Status404NotFound, $"Group '{id}' does not exist") : answer(id, apps);
    }
}
