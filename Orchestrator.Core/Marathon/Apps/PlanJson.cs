using System.Text.Json;
using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon.Deployments;

namespace Orchestrator.Core.Marathon.Apps;

/// <summary>
/// The answer of a dry run. <c>steps</c> is Marathon's; the rest is ours: what starts and stops of each app, and each field that
/// changes.
/// </summary>
internal static class PlanJson
{
    /// <summary>The plan of the changes, with the deployments that stand in its way.</summary>
    public static byte[] ToBytes(ServicesState state, ChangeSet changes)
    {
        var steps = DeploymentPlanner.Plan(changes.All, changes.ToGraph());
        var affected = steps.SelectMany(step => step).Select(action => action.AppId).ToHashSet(StringComparer.Ordinal);
        return AppJson.Write(json =>
        {
            json.WriteStartObject();
            WriteSteps(json, steps);
            json.WriteStartArray("apps");
            foreach (var change in changes.All.Where(change => affected.Contains(change.AppId) || !ReferenceEquals(change.Before, change.After)))
            {
                Write(json, change, affected.Contains(change.AppId) ? Count(state, change) : default, affected.Contains(change.AppId));
            }

            json.WriteEndArray();
            json.WriteStartArray("groups");
            foreach (var change in changes.Groups.OrderBy(change => change.Id, StringComparer.Ordinal))
            {
                json.WriteStartObject();
                json.WriteString("id", change.Id);
                json.WriteString("change", change.Before is null ? "created" : change.After is null ? "deleted" : "changed");
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("lockedBy");
            foreach (var id in affected.SelectMany(id => state.Apps.TryGetValue(id, out var app) ? app.DeploymentIds : []).Distinct())
            {
                json.WriteStartObject();
                json.WriteString("id", id);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static void WriteSteps(Utf8JsonWriter json, IReadOnlyList<IReadOnlyList<DeploymentAction>> steps)
    {
        json.WriteStartArray("steps");
        foreach (var step in steps)
        {
            json.WriteStartObject();
            json.WriteStartArray("actions");
            foreach (var action in step)
            {
                json.WriteStartObject();
                json.WriteString("action", action.Kind.ToString());
                json.WriteString("app", action.AppId);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, AppChange change, Counts counts, bool isAffected)
    {
        json.WriteStartObject();
        json.WriteString("id", change.AppId);
        json.WriteString("change", KindOf(change, isAffected));
        json.WriteNumber("starts", counts.Starts);
        json.WriteNumber("stops", counts.Stops);
        json.WriteNumber("replaces", counts.Replaces);
        json.WriteNumber("stays", counts.Stays);
        json.WriteStartArray("fields");
        if (change is { Before: { } before, After: { } after })
        {
            WriteFields(json, before, after);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteFields(Utf8JsonWriter json, AppDefinition before, AppDefinition after)
    {
        using var old = JsonDocument.Parse(AppJson.ToBytes(before with { Version = default }));
        using var present = JsonDocument.Parse(AppJson.ToBytes(after with { Version = default }));
        foreach (var (pointer, from, to) in FieldDiff.Between(old.RootElement, present.RootElement))
        {
            json.WriteStartObject();
            json.WriteString("path", pointer);
            if (from is { } was)
            {
                json.WritePropertyName("before");
                was.WriteTo(json);
            }

            if (to is { } is_)
            {
                json.WritePropertyName("after");
                is_.WriteTo(json);
            }

            json.WriteEndObject();
        }
    }

    private static string KindOf(AppChange change, bool isAffected) => change switch
    {
        { Before: null } => "created",
        { After: null } => "deleted",
        { IsFresh: true } => "restarted",
        { Before: { } before, After: { } after } when !DeploymentPlanner.IsOtherConfiguration(before, after) => before.Instances != after.Instances ? "scaled" : isAffected ? "restarted" : "unchanged",
        _ => "changed",
    };

    /// <summary>How many instances start, stop, are replaced by others, and stay. Those that are being ended already do not count.</summary>
    private static Counts Count(ServicesState state, AppChange change)
    {
        var present = state.Apps.TryGetValue(change.AppId, out var app) ? app.Instances.Where(instance => instance is { IsDecommissioned: false, IsStopped: false }).ToList() : [];
        if (change.After is not { } after)
        {
            return new Counts(0, present.Count, 0, 0);
        }

        var content = AppJson.ContentOf(after);
        var contents = new Dictionary<AppDefinition, bool>(ReferenceEqualityComparer.Instance);
        var fit = change.IsFresh ? 0 : present.Count(instance => contents.TryGetValue(instance.Spec, out var same) ? same : contents[instance.Spec] = AppJson.ContentOf(instance.Spec) == content);
        var stays = Math.Min(fit, after.Instances);
        var (starts, stops) = (after.Instances - stays, present.Count - stays);
        var replaces = Math.Min(starts, stops);
        return new Counts(starts - replaces, stops - replaces, replaces, stays);
    }

    private readonly record struct Counts(int Starts, int Stops, int Replaces, int Stays);
}
