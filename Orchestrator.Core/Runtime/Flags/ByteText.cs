using System.Globalization;
using System.Text.RegularExpressions;

namespace Orchestrator.Core.Runtime.Flags;

/// <summary>Sizes as Mesos writes them: <c>10MB</c>; a number without a unit is bytes.</summary>
public static partial class ByteText
{
    /// <summary>Parses one; null when it is none.</summary>
    public static long? Parse(string text)
    {
        if (Form().Match(text) is not { Success: true } match || !long.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        var shift = match.Groups[2].Value switch { "KB" => 10, "MB" => 20, "GB" => 30, "TB" => 40, _ => 0 };
        return number <= long.MaxValue >> shift ? number << shift : null;
    }

    [GeneratedRegex("^([0-9]+)(B|KB|MB|GB|TB)?$")]
    private static partial Regex Form();
}
