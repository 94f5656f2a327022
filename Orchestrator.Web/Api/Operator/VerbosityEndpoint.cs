using System.Globalization;
using Orchestrator.Core.Runtime.Flags;
using Orchestrator.Web.Api.Wire;
using Orchestrator.Web.Hosting;

namespace Orchestrator.Web.Api.Operator;

/// <summary>
/// How much the log tells, as Mesos' clients set it: 0 is usual, 1 tells of details, 2 and above of everything, for a while.
/// <c>/logging/toggle</c>, GET_LOGGING_LEVEL and SET_LOGGING_LEVEL.
/// </summary>
public sealed class VerbosityEndpoint(LogLevels levels)
{
    /// <summary>Highest verbosity that makes a difference.</summary>
    public const int MaxLevel = 2;

    /// <summary>Longest time for which it can be raised.</summary>
    public static readonly TimeSpan MaxDuration = TimeSpan.FromDays(1);

    /// <summary>The verbosity now.</summary>
    public int Level => levels.All[LogLevels.Root] switch
    {
        LogLevel.Trace => 2,
        LogLevel.Debug => 1,
        _ => 0,
    };

    /// <summary>Raises it for a while; the text says what is wrong, null when nothing is.</summary>
    public string? Set(long level, TimeSpan duration)
    {
        if (level is < 0 or > int.MaxValue)
        {
            return $"Invalid level '{level}': expecting 0 (usual), 1 (details) or 2 (everything)";
        }

        if (duration <= TimeSpan.Zero || duration > MaxDuration)
        {
            return $"Invalid duration: expecting more than nothing and at most {MaxDuration.TotalHours:0}hrs";
        }

        levels.Set(LogLevels.Root, Math.Min(level, MaxLevel) switch { 0 => LogLevel.Information, 1 => LogLevel.Debug, _ => LogLevel.Trace }, duration);
        return null;
    }

    /// <summary>Without a query the level as text; with <c>?level=1&amp;duration=10secs</c> a change.</summary>
    public Task HandleAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var hasLevel = query.TryGetValue("level", out var level);
        var hasDuration = query.TryGetValue("duration", out var duration);
        if (!hasLevel && !hasDuration)
        {
            return PlainAnswer.WriteAsync(context, StatusCodes.Status200OK, Level.ToString(CultureInfo.InvariantCulture) + "\n");
        }

        var problem = !hasLevel ? "Expecting 'level=value' in query beside 'duration'"
            : !hasDuration ? "Expecting 'duration=value' in query beside 'level', for example duration=10mins"
            : !long.TryParse(level.ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? $"Invalid level '{level}': expecting 0, 1 or 2"
            : DurationText.Parse(duration.ToString()) is not { } span ? $"Invalid duration '{duration}': expecting a number and a unit, for example 10mins"
            : Set(number, span);
        return PlainAnswer.WriteAsync(context, problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest, problem ?? "");
    }
}
