using System.Text.Json;
using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Marathon.Groups;
using Orchestrator.Core.Views.Services;
using Orchestrator.Web.Api.Marathon.Json;
using Orchestrator.Web.Api.Operator;

namespace Orchestrator.Web.Api.Marathon;

/// <summary>Everything below <c>/v2/groups</c>: reads from the newest snapshot, writes through the engine.</summary>
public sealed class GroupsEndpoints(ServicesDocuments services, TimeProvider time)
{
    /// <summary><c>/v2/groups/{id}</c>, with <c>/apps</c> and <c>/versions</c> behind it.</summary>
    public Task HandleAsync(HttpContext context)
    {
        var parts = (context.Request.RouteValues["path"] as string ?? "").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase).Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts switch
        {
            [.. var id, "versions"] => ReadAsync(context, id, (group, _) => WriteVersionsAsync(context, group)),
            [.. var id, "versions", var version] => ReadAsync(context, () => WriteVersionAsync(context, IdOf(id), version)),
            [.. var id, "apps"] => ReadAsync(context, id, (group, document) => MarathonAnswer.WriteAsync(context, json =>
            {
                json.WriteStartObject();
                AppDocuments.WriteAll(json, "apps", document.AppsOf(group.Id), Embeds.OfApps(context.Request.Query["embed"]), time.GetUtcNow());
                json.WriteEndObject();
            })),
            var id => OneAsync(context, id),
        };
    }

    private Task OneAsync(HttpContext context, string[] parts)
    {
        var id = IdOf(parts);
        var origin = AppsEndpoints.OriginOf(context);
        return context.Request.Method switch
        {
            "GET" or "HEAD" => GetAsync(context, id),
            "POST" => WithBodyAsync(context, (body, request) => new MarathonCommand.CreateGroup(id, body, request.Force, origin) { Terms = request.Terms }),
            "PUT" => WithBodyAsync(context, (body, request) => new MarathonCommand.UpdateGroup(id, body, MayCreate: true, request.Force, origin) { Terms = request.Terms }),
            "PATCH" when WriteRequest.IsMergePatch(context.Request) => WithBodyAsync(context, (body, request) => new MarathonCommand.UpdateGroup(id, body, MayCreate: false, request.Force, origin) { Terms = request.Terms }),
            "PATCH" => WithBodyAsync(context, (body, request) => new MarathonCommand.PatchGroup(id, body, origin) { Terms = request.Terms }),
            "DELETE" => WriteRequest.Parse(context.Request, false, out var error) is { } request
                ? services.SendAsync(context, new MarathonCommand.DeleteGroup(id, request.Force, origin) { Terms = request.Terms })
                : MarathonAnswer.WriteErrorAsync(context, StatusCodes.Status400BadRequest, error),
            _ => MarathonAnswer.WriteWrongMethodAsync(context, "GET, POST, PUT, PATCH, DELETE"),
        };
    }

    /// <summary>Written once for each snapshot and all who ask; ages alone change without one.</summary>
    private Task GetAsync(HttpContext context, string id)
    {
        var embed = context.Request.Query["embed"];
        var (embeds, parts) = (Embeds.OfApps(embed), Embeds.OfGroups(embed));
        var document = embeds.HasFlag(AppEmbeds.TaskStats)
            ? DocumentOf(services.Current, id, embeds, parts)
            : services.GetDocument($"group?{(int)embeds}&{(int)parts}&{id}", snapshot => DocumentOf(snapshot, id, embeds, parts));
        return document.Json.IsEmpty
            ? MarathonAnswer.WriteErrorAsync(context, StatusCodes.Status404NotFound, $"Group '{id}' does not exist")
            : MarathonAnswer.WriteAsync(context, document);
    }

    /// <summary>A group as it is now; nothing when there is none.</summary>
    private Document DocumentOf(ServicesSnapshot snapshot, string id, AppEmbeds embeds, GroupParts parts)
    {
        var tree = TreeOf(snapshot, id);
        if (tree.Find(id) is not { } group)
        {
            return new Document(ReadOnlyMemory<byte>.Empty, etag: null);
        }

        var body = AppJson.Write(json => tree.Write(json, group, embeds, parts, time.GetUtcNow()));
        return new Document(body, ETags.Of(group.Version, body));
    }

    private async Task WithBodyAsync(HttpContext context, Func<JsonElement, WriteRequest, MarathonCommand> command)
    {
        if (WriteRequest.Parse(context.Request, false, out var error) is not { } request)
        {
            await MarathonAnswer.WriteErrorAsync(context, StatusCodes.Status400BadRequest, error);
        }
        else if (await MarathonBody.ReadAsync(context) is { } body)
        {
            await services.SendAsync(context, command(body, request));
        }
    }

    private Task WriteAsync(HttpContext context, GroupView group, GroupDocument document)
    {
        var embed = context.Request.Query["embed"];
        return MarathonAnswer.WriteAsync(context, group.Version, json => document.Write(json, group, Embeds.OfApps(embed), Embeds.OfGroups(embed), time.GetUtcNow()));
    }

    private Task WriteVersionsAsync(HttpContext context, GroupView group) => MarathonAnswer.WriteAsync(context, json =>
    {
        json.WriteStartArray();
        foreach (var version in PastTree.VersionsOf(services.Current.TreeHistory, group.Id).Append(group.Version).Distinct().OrderDescending())
        {
            json.WriteStringValue(Timestamps.Write(version));
        }

        json.WriteEndArray();
    });

    private Task WriteVersionAsync(HttpContext context, string id, string text)
    {
        if (Timestamps.Read(text) is not { } version)
        {
            return MarathonAnswer.WriteErrorAsync(context, StatusCodes.Status422UnprocessableEntity, $"The version '{text}' is not a time such as 2026-01-31T12:00:00.000Z");
        }

        var snapshot = services.Current;
        var now = TreeOf(snapshot, id);
        if (now.Find(id) is { } present && present.Version == version)
        {
            return WriteAsync(context, present, now);
        }

        if (PastTree.At(snapshot.TreeHistory, version) is { } past)
        {
            var there = past.AppsBelow(id, snapshot.Apps.Concat(PodsOf(snapshot)).Select(app => app.Definition)).ToLookup(app => app.Pod is not null);
            var then = new GroupDocument([.. there[false].Select(ViewOf)], [.. there[true]], past.Groups(id, snapshot.Groups));
            if (then.Find(id) is { } group)
            {
                return WriteAsync(context, group, then);
            }
        }

        return MarathonAnswer.WriteErrorAsync(context, StatusCodes.Status404NotFound, $"Group '{id}' does not exist in version {Timestamps.Write(version)}");
    }

    private Task ReadAsync(HttpContext context, string[] parts, Func<GroupView, GroupDocument, Task> answer) => ReadAsync(context, () =>
    {
        var id = IdOf(parts);
        var document = TreeOf(services.Current, id);
        return document.Find(id) is { } group ? answer(group, document) : MarathonAnswer.WriteErrorAsync(context, StatusCodes.Status404NotFound, $"Group '{id}' does not exist");
    });

    private static Task ReadAsync(HttpContext context, Func<Task> answer) =>
        HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) ? answer() : MarathonAnswer.WriteWrongMethodAsync(context, "GET");

    private static GroupDocument TreeOf(ServicesSnapshot snapshot, string id) => new(
        [.. snapshot.Apps.Where(app => PathId.IsBelow(app.Id, id))],
        [.. PodsOf(snapshot).Where(pod => PathId.IsBelow(pod.Id, id)).Select(pod => pod.Definition)],
        snapshot.Groups);

    /// <summary>Without those that only wait for the end of their instances.</summary>
    private static IEnumerable<AppView> PodsOf(ServicesSnapshot snapshot) => snapshot.Pods.Where(pod => !pod.IsRemoved);

    private static string IdOf(string[] parts) => "/" + string.Join('/', parts);

    /// <summary>An app of which only the definition of then is known.</summary>
    private static AppView ViewOf(AppDefinition definition) => new()
    {
        Id = definition.Id,
        Definition = definition,
        Versions = [definition.Version],
        Definitions = new Dictionary<DateTimeOffset, AppDefinition> { [definition.Version] = definition },
        Instances = [],
        DeploymentIds = [],
        TasksStaged = 0,
        TasksRunning = 0,
        TasksHealthy = 0,
        TasksUnhealthy = 0,
    };
}
