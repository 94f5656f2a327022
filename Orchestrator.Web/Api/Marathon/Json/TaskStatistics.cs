using System.Text.Json;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Web.Api.Marathon.Json;

/// <summary>How many tasks of which age run which configuration. Shape: Marathon's <c>tasksStats</c>; empty categories are left out.</summary>
internal static class TaskStatistics
{
    internal static void Write(Utf8JsonWriter json, AppView app, DateTimeOffset now)
    {
        var definition = app.Definition;
        json.WriteStartObject("tasksStats");
        WriteCategory(json, "startedAfterLastScaling", app.Instances.Where(instance => instance.Version >= definition.LastScalingAt), now);
        WriteCategory(json, "withLatestConfig", app.Instances.Where(instance => instance.Version >= definition.LastConfigChangeAt), now);
        WriteCategory(json, "withOutdatedConfig", app.Instances.Where(instance => instance.Version < definition.LastConfigChangeAt), now);
        WriteCategory(json, "totalSummary", app.Instances, now);
        json.WriteEndObject();
    }

    private static void WriteCategory(Utf8JsonWriter json, string name, IEnumerable<InstanceView> instances, DateTimeOffset now)
    {
        var tasks = instances.ToList();
        if (tasks.Count == 0)
        {
            return;
        }

        json.WriteStartObject(name);
        json.WriteStartObject("stats");
        json.WriteStartObject("counts");
        json.WriteNumber("staged", tasks.Count(task => task.State == "TASK_STAGING"));
        json.WriteNumber("running", tasks.Count(task => task.State == "TASK_RUNNING"));
        json.WriteNumber("healthy", tasks.Count(task => task.Healthy == true));
        json.WriteNumber("unhealthy", tasks.Count(task => task.Healthy == false));
        json.WriteEndObject();
        var lives = tasks.Where(task => task.StartedAt is not null).Select(task => Math.Max(0, (now - task.StartedAt!.Value).TotalSeconds)).Order().ToList();
        if (lives.Count > 0)
        {
            json.WriteStartObject("lifeTime");
            AppJson.WriteNumber(json, "averageSeconds", lives.Average());
            AppJson.WriteNumber(json, "medianSeconds", (lives[(lives.Count - 1) / 2] + lives[lives.Count / 2]) / 2);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
