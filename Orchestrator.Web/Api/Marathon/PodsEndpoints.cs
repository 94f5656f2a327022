using System.Text.Json;
using Orchestrator.Core.Marathon;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Marathon.Pods;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Web.Api.Marathon;

/// <summary>Everything below <c>/v2/pods</c>: reads from the newest snapshot, writes through the engine.</summary>
public sealed class PodsEndpoints(ServicesDocuments services)
{
    /// <summary>Handles one request.</summary>
    public Task HandleAsync(HttpContext context)
    {
        var path = PodPath.Parse(context.Request.RouteValues["path"] as string ?? "");
        return (path.Id, path.Part) switch
        {
            ("/", "") => AllAsync(context),
            ("/", "status") => ReadAsync(context, () => WriteListAsync(context, services.Current.Pods, PodStatusJson.Write)),
            (var id, "") => OneAsync(context, id),
            (var id, "status") => ReadAsync(context, () => OfPodAsync(context, id, pod => MarathonAnswer.WriteAsync(context, json => PodStatusJson.Write(json, pod)))),
            (var id, "versions") => ReadAsync(context, () => OfPodAsync(context, id, pod => VersionsAsync(context, pod, path.Item))),
            (var id, "instances") when HttpMethods.IsDelete(context.Request.Method) => KillAsync(context, id, path.Item),
            (_, "instances") => MarathonAnswer.WriteWrongMethodAsync(context, "DELETE"),
            _ => MarathonApi.UnknownAsync(context),
        };
    }

    private Task AllAsync(HttpContext context) => context.Request.Method switch
    {
        "GET" or "HEAD" => WriteListAsync(context, services.Current.Pods.Where(pod => !pod.IsRemoved), static (json, pod) => PodJson.Write(json, pod.Definition)),
        "POST" => WriteAsync(context, (body, request) => new MarathonCommand.CreatePod(body, request.Force, AppsEndpoints.OriginOf(context)) { Terms = request.Terms }),
        _ => MarathonAnswer.WriteWrongMethodAsync(context, "GET, HEAD, POST"),
    };

    private Task OneAsync(HttpContext context, string id) => context.Request.Method switch
    {
        "GET" or "HEAD" => OfPodAsync(context, id, pod => MarathonAnswer.WriteAsync(context, json => PodJson.Write(json, pod.Definition))),
        "PUT" => WriteAsync(context, (body, request) => new MarathonCommand.UpdatePod(id, body, request.Force, AppsEndpoints.OriginOf(context)) { Terms = request.Terms }),
        "DELETE" => WriteRequest.Parse(context.Request, false, out var error) is { } request
            ? services.SendAsync(context, new MarathonCommand.DeletePod(id, request.Force, AppsEndpoints.OriginOf(context)) { Terms = request.Terms })
            : MarathonAnswer.WriteErrorAsync(context, StatusCodes.Status400BadRequest, error),
        _ => MarathonAnswer.WriteWrongMethodAsync(context, "GET, PUT, DELETE"),
    };

    private async Task KillAsync(HttpContext context, string id, string? instance)
    {
        if (!MarathonQuery.TryReadSwitch(context.Request.Query, "wipe", false, out var wipe, out var error))
        {
            await MarathonAnswer.WriteErrorAsync(context, StatusCodes.Status400BadRequest, error);
            return;
        }

        if (instance is not null)
        {
            await services.SendAsync(context, new MarathonCommand.KillPodInstances(id, [instance], IsSingle: true, wipe));
            return;
        }

        if (await MarathonBody.ReadAsync(context) is not { } body)
        {
            return;
        }

        if (body.ValueKind != JsonValueKind.Array || body.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
        {
            await MarathonAnswer.WriteErrorAsync(context, StatusCodes.Status400BadRequest, "The body must be an array of instance ids, for example [\"shop_web.instance-1234\"]");
            return;
        }

        await services.SendAsync(context, new MarathonCommand.KillPodInstances(id, [.. body.EnumerateArray().Select(item => item.GetString()!)], IsSingle: false, wipe));
    }

    private async Task WriteAsync(HttpContext context, Func<JsonElement, WriteRequest, MarathonCommand> command)
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

    private static Task VersionsAsync(HttpContext context, AppView pod, string? text)
    {
        if (text is null)
        {
            return WriteListAsync(context, pod.Versions, static (json, version) => json.WriteStringValue(Timestamps.Write(version)));
        }

        return Timestamps.Read(text) is { } wanted && pod.Definitions.TryGetValue(wanted, out var definition)
            ? MarathonAnswer.WriteAsync(context, json => PodJson.Write(json, definition))
            : MarathonAnswer.WriteErrorAsync(context, StatusCodes.Status404NotFound, $"Pod '{pod.Id}' does not exist in version {text}");
    }

    private Task OfPodAsync(HttpContext context, string id, Func<AppView, Task> answer) => services.Current.Pods.FirstOrDefault(pod => pod.Id == id && !(pod.IsRemoved && pod.Instances.Count == 0)) is { } found
        ? answer(found)
        : MarathonAnswer.WriteErrorAsync(context, StatusCodes.Status404NotFound, $"Pod '{id}' does not exist");

    private static Task WriteListAsync<T>(HttpContext context, IEnumerable<T> items, Action<Utf8JsonWriter, T> write) => MarathonAnswer.WriteAsync(context, json =>
    {
        json.WriteStartArray();
        foreach (var item in items)
        {
            write(json, item);
        }

        json.WriteEndArray();
    });

    private static Task ReadAsync(HttpContext context, Func<Task> answer) =>
        HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) ? answer() : MarathonAnswer.WriteWrongMethodAsync(context, "GET");
}
