using System.Globalization;
using System.Text;

namespace Orchestrator.AgentService.Execution.Docker;

/// <summary>The times that the Engine writes before each piece of output, in nanoseconds since 1970.</summary>
internal static class LogTime
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Splits <c>2026-11-24T21:52:47.123456789Z text</c>; null when it does not begin with a time.</summary>
    internal static (long Time, ReadOnlyMemory<byte> Text)? Split(ReadOnlyMemory<byte> payload)
    {
        var space = payload.Span.IndexOf((byte)' ');
        if (space is < 20 or > 40)
        {
            return null;
        }

        var text = Encoding.ASCII.GetString(payload.Span[..space]);
        if (text[19] != '.' || text[^1] != 'Z'
            || !DateTime.TryParseExact(text[..19], "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var second)
            || !long.TryParse(text[20..^1].PadRight(9, '0'), NumberStyles.None, CultureInfo.InvariantCulture, out var nanoseconds))
        {
            return null;
        }

        return (((second - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerSecond * NanosecondsPerSecond) + nanoseconds, payload[(space + 1)..]);
    }

    /// <summary>As the API takes it: <c>1795557167.123456789</c>.</summary>
    internal static string Write(long time) =>
        string.Create(CultureInfo.InvariantCulture, $"{time / NanosecondsPerSecond}.{time % NanosecondsPerSecond:D9}");
}
