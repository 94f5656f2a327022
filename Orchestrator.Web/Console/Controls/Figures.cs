using System.Globalization;

namespace Orchestrator.Web.Console.Controls;

/// <summary>Numbers for people: short, with their unit last.</summary>
public static class Figures
{
    private static readonly NumberFormatInfo s_groups = new() { NumberGroupSeparator = "\u00a0", NumberDecimalDigits = 0 };

    /// <summary>A count with groups: <c>12 480</c>.</summary>
    public static string Count(long value) => value.ToString("N0", s_groups);

    /// <summary>A count with its noun: <c>1 task</c>, <c>2 tasks</c>.</summary>
    public static string Count(long value, string noun) => $"{Count(value)} {noun}{(value == 1 ? "" : "s")}";

    /// <summary>Cores and other plain amounts with at most two digits after the point.</summary>
    public static string Amount(double value) => Math.Abs(value) >= 100 ? Count((long)Math.Round(value)) : value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>MiB as the largest binary unit that leaves a number below 1,024.</summary>
    public static string MiB(double value)
    {
        string[] units = ["MiB", "GiB", "TiB", "PiB"];
        var unit = 0;
        while (Math.Abs(value) >= 1024 && unit < units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        return value.ToString(Math.Abs(value) >= 100 ? "0" : "0.#", CultureInfo.InvariantCulture) + " " + units[unit];
    }

    /// <summary>Bytes in binary units.</summary>
    public static string Bytes(long value) => value < 1024 ? $"{value.ToString(CultureInfo.InvariantCulture)} B" : value < 1024 * 1024 ? (value / 1024d).ToString("0.#", CultureInfo.InvariantCulture) + " KiB" : MiB(value / 1048576d);

    /// <summary>An amount of a resource by its name: memory and disk in binary units, others plain.</summary>
    public static string Of(string resource, double value) => resource is "mem" or "disk" ? MiB(value) : Amount(value);

    /// <summary>Percent of a whole for style attributes and labels: <c>42.5</c>; 0 of nothing.</summary>
    public static string Percent(double part, double whole) => (whole > 0 ? Math.Clamp(100 * part / whole, 0, 100) : 0).ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>A time of day with date, UTC, for tooltips and machines.</summary>
    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>The tail of a long id, enough to tell neighbours apart.</summary>
    public static string ShortId(string id) => id.Length <= 18 ? id : "…" + id[^12..];
}
