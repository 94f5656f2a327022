using System.Text.Json;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Web.Hosting;

namespace Orchestrator.Web.Api.Marathon;

/// <summary><c>/logging</c>: which logger writes from which level on, and a change of it, for a while if wanted.</summary>
public sealed class LoggingEndpoint(LogLevels levels)
{
    private static readonly (string Name, LogLevel Level)[] s_levels =
    [
        ("trace", LogLevel.Trace), ("debug", LogLevel.Debug), ("info", LogLevel.Information), ("warn", LogLevel.Warning), ("error", LogLevel.Error),
    ];

    /// <summary>Handles one request.</summary>
    public Task HandleAsync(HttpContext context) => context.Request.Method switch
    {
        "GET" or "HEAD" => WriteAsync(context),
        "POST" => ChangeAsync(context),
        _ => MarathonAnswer.WriteWrongMethodAsync(context, "GET, POST"),
    };

    /// <summary>Body: <c>{"logger": "Orchestrator.Core", "level": "debug", "durationSeconds": 60}</c>.</summary>
    private async Task ChangeAsync(HttpContext context)
    {
        if (await MarathonBody.ReadAsync(context) is not { } body)
        {
            return;
        }

        if (Apply(body) is { } problem)
        {
            await MarathonAnswer.WriteErrorAsync(context, StatusCodes.Status422UnprocessableEntity, problem);
            return;
        }

        await WriteAsync(context);
    }

    private string? Apply(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            return """Expecting an object such as {"logger":"ROOT","level":"debug","durationSeconds":60}""";
        }

        var errors = new FieldErrors();
        var reader = new FieldReader(body, "", errors);
        var logger = reader.Text("logger") is { Length: > 0 and <= 256 } name ? name : null;
        var word = reader.Text("level");
        var level = Array.FindIndex(s_levels, known => known.Name == word);
        var seconds = reader.Has("durationSeconds") ? reader.Number("durationSeconds", 0) : (double?)null;
        return errors.Any ? $"'{errors.All[0].Path}': {errors.All[0].Text}"
            : logger is null ? "'logger' must name a logger, for example Orchestrator.Core, or ROOT for all"
            : level < 0 ? $"'level' must be one of {string.Join(", ", s_levels.Select(known => known.Name))}"
            : seconds is < 1 or > 86400 ? "'durationSeconds' must be from 1 to 86400"
            : levels.Set(logger, s_levels[level].Level, seconds is { } given ? TimeSpan.FromSeconds(given) : null) ? null
            : $"{LogLevels.MaxLoggers} loggers have a level of their own already; change one of them";
    }

    private Task WriteAsync(HttpContext context) => MarathonAnswer.WriteAsync(context, json =>
    {
        json.WriteStartObject();
        foreach (var (logger, level) in levels.All.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            json.WriteString(logger, Array.Find(s_levels, known => known.Level == level).Name);
        }

        json.WriteEndObject();
    });
}
