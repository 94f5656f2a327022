using System.Text.Json;
using Microsoft.Extensions.Primitives;
using Orchestrator.Core.Marathon;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Views.Services;
using Orchestrator.Web.Api.Marathon.Json;

namespace Orchestrator.Web.Api.Marathon;

/// <summary>Everything below <c>/v2/apps</c>: reads from the newest snapshot, writes through the engine.</summary>
public sealed class AppsEndpoints(ServicesDocuments services, ExplainEndpoint explain, TimeProvider time)
{
    private const AppEmbeds OfLists = AppEmbeds.Counts | AppEmbeds.Deployments;
    private const AppEmbeds OfOne = OfLists | AppEmbeds.Tasks | AppEmbeds.LastTaskFailure;

    /// <summary>Handles one request.</summary>
    public Task HandleAsync(HttpContext context)
    {
        var path = AppPath.Parse(context.Request.RouteValues["path"] as string ?? "");
        return path.Kind switch
        {
            AppPathKind.All => AllAsync(context),
            AppPathKind.App => OneAsync(context, path.Id),
            AppPathKind.Group => ReadAsync(context, () => GroupAsync(context, path.Id)),
            AppPathKind.GroupTasks => ReadAsync(context, () => GroupTasksAsync(context, path.Id)),
            AppPathKind.Tasks => TasksAsync(context, path.Id),
            AppPathKind.Task => OneTaskAsync(context, path.Id, path.Item!),
            AppPathKind.Restart => RestartAsync(context, path.Id),
            AppPathKind.Explain => ExplainAsync(context, path.Id),
            AppPathKind.Autoscaling => AutoscalingAsync(context, path.Id),
            AppPathKind.Versions => ReadAsync(context, () => OfAppAsync(context, path.Id, app => MarathonAnswer.WriteAsync(context, json => AppDocuments.WriteVersions(json, app)))),
            _ => ReadAsync(context, () => OfAppAsync(context, path.Id, app => VersionAsync(context, app, path.Item!))),
        };
    }

    private Task AllAsync(HttpContext context) => context.Request.Method switch
    {
        "GET" or "HEAD" => ListAsync(context),
        "POST" => WithBodyAsync(context, (body, request) => new MarathonCommand.CreateApp(body, request.Force, OriginOf(context)) { Terms = request.Terms }),
        "PUT" => UpdateAsync(context, null, mayCreate: true),
        "PATCH" => UpdateAsync(context, null, mayCreate: false),
        _ => MarathonAnswer.WriteWrongMethodAsync(context, "GET, POST, PUT, PATCH"),
    };

    private Task OneAsync(HttpContext context, string id) => context.Request.Method switch
    {
        "GET" or "HEAD" => OfAppAsync(context, id, app => MarathonAnswer.WriteAsync(context, app.Definition.Version, json => WriteOne(json, app, Embeds.OfApps(context.Request.Query["embed"])))),
        "PUT" => UpdateAsync(context, id, mayCreate: true),
        "PATCH" => UpdateAsync(context, id, mayCreate: false),
        "DELETE" => WriteRequest.Parse(context.Request, true, out var error) is { } request
            ? services.SendAsync(context, new MarathonCommand.DeleteApp(id, request.Force, OriginOf(context)) { Terms = request.Terms })
            : MarathonAnswer.WriteErrorAsync(context, StatusCodes.Status400BadRequest, error),
        _ => MarathonAnswer.WriteWrongMethodAsync(context, "GET, PUT, PATCH, DELETE"),
    };

    private Task ListAsync(HttpContext context)
    {
        var query = context.Request.Query;
        LabelSelector? labels = null;
        if (query["label"].ToString() is { Length: > 0 } selector && (labels = LabelSelector.Parse(selector, out var error)) is null)
        {
            return MarathonAnswer.WriteErrorAsync(context, StatusCodes.Status422UnprocessableEntity, error);
        }

        if (ListPage.Parse(query, out var problem) is not { } page)
        {
            return MarathonAnswer.WriteErrorAsync(context, StatusCodes.Status400BadRequest, problem);
        }

        var cmd = query["cmd"].ToString();
        var id = query["id"].ToString();
        var embeds = OfLists | Embeds.OfApps(query["embed"]) | Embeds.OfApps(page.Fields is null ? default : new StringValues([.. page.Fields]));
        void Write(Utf8JsonWriter json, ServicesSnapshot snapshot)
        {
            IReadOnlyList<AppView> apps = cmd.Length + id.Length == 0 && labels is null
                ? snapshot.Apps
                : [.. snapshot.Apps.Where(app => Contains(app.Definition.Cmd, cmd) && Contains(app.Id, id) && labels?.Matches(app.Definition.Labels) != false)];
            AppDocuments.WritePage(json, apps, page, embeds, time.GetUtcNow());
        }

        // Ages change without a new snapshot.
        return embeds.HasFlag(AppEmbeds.TaskStats)
            ? MarathonAnswer.WriteAsync(context, json => Write(json, services.Current))
            : MarathonAnswer.WriteAsync(context, services.GetTagged($"apps?{(int)embeds}&{cmd}&{id}&{query["label"]}&{query["offset"]}&{query["limit"]}&{query["fields"]}", Write));
    }

    private void WriteOne(Utf8JsonWriter json, AppView app, AppEmbeds embeds)
    {
        json.WriteStartObject();
        json.WritePropertyName("app");
        AppDocuments.Write(json, app, OfOne | embeds, time.GetUtcNow());
        json.WriteEndObject();
    }

    private Task GroupAsync(HttpContext context, string group)
    {
        var embeds = OfLists | Embeds.OfApps(context.Request.Query["embed"]);
        return MarathonAnswer.WriteAsync(context, json =>
        {
            json.WriteStartObject();
            AppDocuments.WriteAll(json, "*", Below(group), embeds, time.GetUtcNow());
            json.WriteEndObject();
        });
    }

    private Task GroupTasksAsync(HttpContext context, string group) => MarathonAnswer.WriteAsync(context, json =>
    {
        json.WriteStartObject();
        TaskDocuments.WriteAll(json, "tasks", Below(group), withServicePorts: false, static _ => true);
        json.WriteEndObject();
    });

    private Task TasksAsync(HttpContext context, string id) => context.Request.Method switch
    {
        "GET" or "HEAD" => OfAppAsync(context, id, app => MarathonAnswer.WriteAsync(context, json =>
        {
            json.WriteStartObject();
            TaskDocuments.WriteAll(json, "tasks", app, withServicePorts: false);
            json.WriteEndObject();
        })),
        "DELETE" => KillRequest.Parse(context.Request.Query, out var error) is { } kill
            ? services.SendAsync(context, kill.ToCommand(id, null, OriginOf(context)))
            : MarathonAnswer.WriteErrorAsync(context, StatusCodes.Status400BadRequest, error),
        _ => MarathonAnswer.WriteWrongMethodAsync(context, "GET, DELETE"),
    };

    private Task OneTaskAsync(HttpContext context, string id, string taskId)
    {
        if (!HttpMethods.IsDelete(context.Request.Method))
        {
            return MarathonAnswer.WriteWrongMethodAsync(context, "DELETE");
        }

        return KillRequest.Parse(context.Request.Query, out var error) is { } kill
            ? services.SendAsync(context, (kill with { Host = null }).ToCommand(id, [taskId], OriginOf(context)))
            : MarathonAnswer.WriteErrorAsync(context, StatusCodes.Status400BadRequest, error);
    }

    private Task RestartAsync(HttpContext context, string id)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            return MarathonAnswer.WriteWrongMethodAsync(context, "POST");
        }

        return WriteRequest.Parse(context.Request, false, out var error) is { } request
            ? services.SendAsync(context, new MarathonCommand.RestartApp(id, request.Force, OriginOf(context)) { Terms = request.Terms })
            : MarathonAnswer.WriteErrorAsync(context, StatusCodes.Status400BadRequest, error);
    }

    /// <summary>Ids of apps may end in <c>explain</c>: such an app is meant where there is one, and where none is read.</summary>
    private Task ExplainAsync(HttpContext context, string id)
    {
        var isRead = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        var app = id + "/explain";
        return isRead && services.Current.FindApp(app) is null ? explain.HandleAsync(context, id) : OneAsync(context, app);
    }

    /// <summary>An app may have this last segment in its own id: then the app is meant.</summary>
    private Task AutoscalingAsync(HttpContext context, string id)
    {
        var isRead = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        var app = id + "/autoscaling";
        return isRead && services.Current.FindApp(app) is null ? OfAppAsync(context, id, found => WriteAutoscalingAsync(context, found)) : OneAsync(context, app);
    }

    private static Task WriteAutoscalingAsync(HttpContext context, AppView app) => app.Definition.Autoscaling is { } rule
        ? MarathonAnswer.WriteAsync(context, json => AutoscalingDocument.Write(json, app, rule))
        : MarathonAnswer.WriteErrorAsync(context, StatusCodes.Status404NotFound, $"App '{app.Id}' does not scale itself; give it the field 'autoscaling', for example {{\"max\": 10, \"target\": 0.6}}");

    private static Task VersionAsync(HttpContext context, AppView app, string text)
    {
        if (Timestamps.Read(text) is not { } version)
        {
            return MarathonAnswer.WriteErrorAsync(context, StatusCodes.Status422UnprocessableEntity, $"The version '{text}' is not a time such as 2026-01-31T12:00:00.000Z");
        }

        return app.Definitions.TryGetValue(version, out var definition)
            ? MarathonAnswer.WriteAsync(context, json =>
            {
                json.WriteStartObject();
                AppJson.WriteFields(json, definition);
                json.WriteEndObject();
            })
            : MarathonAnswer.WriteErrorAsync(context, StatusCodes.Status404NotFound, $"App '{app.Id}' does not exist in version {Timestamps.Write(version)}");
    }

    private async Task UpdateAsync(HttpContext context, string? id, bool mayCreate)
    {
        var partial = true;
        if (mayCreate && !MarathonQuery.TryReadSwitch(context.Request.Query, "partialUpdate", true, out partial, out var error))
        {
            await MarathonAnswer.WriteErrorAsync(context, StatusCodes.Status400BadRequest, error);
            return;
        }

        await WithBodyAsync(context, (body, request) => new MarathonCommand.UpdateApps(id, body, partial, mayCreate, request.Force, OriginOf(context)) { Terms = request.Terms });
    }

    private async Task WithBodyAsync(HttpContext context, Func<JsonElement, WriteRequest, MarathonCommand> command)
    {
        if (WriteRequest.Parse(context.Request, false, out var error) is not { } request)
        {
            await MarathonAnswer.WriteErrorAsync(context, StatusCodes.Status400BadRequest, error);
            return;
        }

        if (await MarathonBody.ReadAsync(context) is { } body)
        {
            await services.SendAsync(context, command(body, request));
        }
    }

    private IEnumerable<AppView> Below(string group)
    {
        var prefix = group == "/" ? "/" : group + "/";
        return services.Current.Apps.Where(app => app.Id.StartsWith(prefix, StringComparison.Ordinal));
    }

    private Task OfAppAsync(HttpContext context, string id, Func<AppView, Task> answer) =>
        services.Current.FindApp(id) is { } app ? answer(app) : MarathonAnswer.WriteNoAppAsync(context, id);

    private static Task ReadAsync(HttpContext context, Func<Task> answer) =>
        HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) ? answer() : MarathonAnswer.WriteWrongMethodAsync(context, "GET");

    private static bool Contains(string? text, string part) => part.Length == 0 || text?.Contains(part, StringComparison.OrdinalIgnoreCase) == true;

    internal static CommandOrigin OriginOf(HttpContext context) => new(context.Connection.RemoteIpAddress?.ToString() ?? "", context.Request.Path.Value ?? "/");
}
