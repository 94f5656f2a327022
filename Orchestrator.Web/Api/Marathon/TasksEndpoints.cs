using System.Net.Mime;
using System.Text.Json;
using Orchestrator.Web.Api.Marathon.Json;

namespace Orchestrator.Web.Api.Marathon;

/// <summary><c>/v2/tasks</c> and <c>/v2/tasks/delete</c>: the tasks of all apps.</summary>
public sealed class TasksEndpoints(ServicesDocuments services)
{
    /// <summary><c>GET /v2/tasks?status=running&amp;status=staging</c>, as JSON or as text for load balancers.</summary>
    public Task ListAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            return MarathonAnswer.WriteWrongMethodAsync(context, "GET");
        }

        if (WantsText(context.Request))
        {
            return MarathonAnswer.WriteAsync(context, services.GetBytes("tasks-text", static snapshot => TaskDocuments.WriteText(snapshot.Apps)), MediaTypeNames.Text.Plain);
        }

        var states = StatesOf(context.Request.Query);
        return MarathonAnswer.WriteAsync(context, services.Get($"tasks?{string.Join(',', states)}", (json, snapshot) =>
        {
            json.WriteStartObject();
            TaskDocuments.WriteAll(json, "tasks", snapshot.Apps, withServicePorts: true, instance => states.Count == 0 || states.Contains(instance.State));
            json.WriteEndObject();
        }));
    }

    /// <summary><c>POST /v2/tasks/delete</c> with <c>{"ids":[…]}</c>; unknown ids are passed over.</summary>
    public async Task DeleteAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            await MarathonAnswer.WriteWrongMethodAsync(context, "POST");
            return;
        }

        if (KillRequest.Parse(context.Request.Query, out var error) is not { } kill)
        {
            await MarathonAnswer.WriteErrorAsync(context, StatusCodes.Status400BadRequest, error);
            return;
        }

        if (await MarathonBody.ReadAsync(context) is not { } body)
        {
            return;
        }

        if (IdsOf(body, out error) is not { } ids)
        {
            await MarathonAnswer.WriteErrorAsync(context, StatusCodes.Status400BadRequest, error);
            return;
        }

        await services.SendAsync(context, (kill with { Host = null }).ToCommand(null, ids, AppsEndpoints.OriginOf(context)));
    }

    private static List<string>? IdsOf(JsonElement body, out string error)
    {
        error = """Expecting the ids of tasks: {"ids":["shop_web.instance-0b4e8c._app.1"]}""";
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("ids", out var list) || list.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var ids = new List<string>();
        foreach (var entry in list.EnumerateArray())
        {
            var id = entry.ValueKind == JsonValueKind.String ? entry.GetString()! : entry.GetRawText();
            if (entry.ValueKind != JsonValueKind.String || id.IndexOf('.', StringComparison.Ordinal) is <= 0 || id.EndsWith('.'))
            {
                error = $"'{id}' is not the id of a task; an id looks like shop_web.instance-0b4e8c._app.1";
                return null;
            }

            ids.Add(id);
        }

        return ids;
    }

    /// <summary>Words other than <c>running</c> and <c>staging</c> are passed over, as clients expect.</summary>
    private static SortedSet<string> StatesOf(IQueryCollection query)
    {
        var states = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var status in query["status"].Concat(query["status[]"]))
        {
            if (status is "running" or "staging")
            {
                states.Add("TASK_" + status.ToUpperInvariant());
            }
        }

        return states;
    }

    /// <summary>Text only for who asks for it by name and not for JSON.</summary>
    private static bool WantsText(HttpRequest request)
    {
        var accept = request.Headers.Accept.ToString();
        return accept.Contains(MediaTypeNames.Text.Plain, StringComparison.OrdinalIgnoreCase) && !accept.Contains(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase);
    }
}
