using System.Globalization;

namespace Orchestrator.Core.Marathon.Apps;

/// <summary>Times as Marathon writes them, which are also versions: UTC, milliseconds, <c>Z</c>.</summary>
public static class Timestamps
{
    /// <summary>For example <c>2026-01-31T12:00:00.000Z</c>.</summary>
    public static string Write(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Any ISO-8601 instant with an offset; null for anything else.</summary>
    public static DateTimeOffset? Read(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && text.Contains('T', StringComparison.Ordinal) ? time.ToUniversalTime() : null;

    /// <summary>Cut to the milliseconds that a version has.</summary>
    public static DateTimeOffset Cut(DateTimeOffset time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
}
