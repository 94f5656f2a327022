using System.Text.Json;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Web.Api.Marathon.Json;

/// <summary>Apps with what runs of them. Shape: Marathon's app info.</summary>
internal static class AppDocuments
{
    /// <summary>One app as an object: its definition and what is embedded.</summary>
    internal static void Write(Utf8JsonWriter json, AppView app, AppEmbeds embeds, DateTimeOffset now)
    {
        json.WriteStartObject();
        AppJson.WriteFields(json, app.Definition);
        if (embeds.HasFlag(AppEmbeds.Counts))
        {
            json.WriteNumber("tasksStaged", app.TasksStaged);
            json.WriteNumber("tasksRunning", app.TasksRunning);
            json.WriteNumber("tasksHealthy", app.TasksHealthy);
            json.WriteNumber("tasksUnhealthy", app.TasksUnhealthy);
        }

        if (embeds.HasFlag(AppEmbeds.Deployments))
        {
            json.WriteStartArray("deployments");
            foreach (var id in app.DeploymentIds)
            {
                json.WriteStartObject();
                json.WriteString("id", id);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        if (embeds.HasFlag(AppEmbeds.Readiness))
        {
            ReadinessDocument.Write(json, app);
        }

        if (embeds.HasFlag(AppEmbeds.Tasks))
        {
            TaskDocuments.WriteAll(json, "tasks", app, withServicePorts: false);
        }

        if (embeds.HasFlag(AppEmbeds.LastTaskFailure) && app.LastTaskFailure is { } failure)
        {
            WriteFailure(json, failure);
        }

        if (embeds.HasFlag(AppEmbeds.TaskStats))
        {
            TaskStatistics.Write(json, app, now);
        }

        json.WriteEndObject();
    }

    /// <summary>A part of a list of apps, with the length of the list and where the next part begins when a part was asked for.</summary>
    internal static void WritePage(Utf8JsonWriter json, IReadOnlyList<AppView> apps, ListPage page, AppEmbeds embeds, DateTimeOffset now)
    {
        json.WriteStartObject();
        if (page.Fields is { } fields)
        {
            using var filter = new FieldFilter(fields);
            json.WriteStartArray("apps");
            foreach (var app in page.Of(apps))
            {
                filter.Write(json, app, embeds, now);
            }

            json.WriteEndArray();
        }
        else
        {
            WriteAll(json, "apps", page.Of(apps), embeds, now);
        }

        if (page.IsPart)
        {
            json.WriteNumber("total", apps.Count);
            if (page.NextOf(apps.Count) is { } next)
            {
                json.WriteNumber("next", next);
            }
        }

        json.WriteEndObject();
    }

    /// <summary>Apps as an array of a name.</summary>
    internal static void WriteAll(Utf8JsonWriter json, string name, IEnumerable<AppView> apps, AppEmbeds embeds, DateTimeOffset now)
    {
        json.WriteStartArray(name);
        foreach (var app in apps)
        {
            Write(json, app, embeds, now);
        }

        json.WriteEndArray();
    }

    /// <summary><c>{"versions": [...]}</c>.</summary>
    internal static void WriteVersions(Utf8JsonWriter json, AppView app)
    {
        json.WriteStartObject();
        json.WriteStartArray("versions");
        foreach (var version in app.Versions)
        {
            json.WriteStringValue(Timestamps.Write(version));
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteFailure(Utf8JsonWriter json, TaskFailureView failure)
    {
        json.WriteStartObject("lastTaskFailure");
        json.WriteString("appId", failure.AppId);
        json.WriteString("host", failure.Host);
        json.WriteString("message", failure.Message);
        json.WriteString("state", failure.State);
        json.WriteString("taskId", failure.TaskId);
        json.WriteString("timestamp", Timestamps.Write(failure.Timestamp));
        json.WriteString("version", Timestamps.Write(failure.Version));
        json.WriteString("slaveId", failure.AgentId);
        json.WriteEndObject();
    }
}
