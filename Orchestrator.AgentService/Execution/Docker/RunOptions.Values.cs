using System.Globalization;
using System.Text.Json.Nodes;

namespace Orchestrator.AgentService.Execution.Docker;

/// <content>How values of options are read. Each throws a <see cref="FormatException"/> that says what is expected.</content>
internal sealed partial class RunOptions
{
    /// <summary>Nothing, <c>true</c> or <c>false</c>.</summary>
    internal static bool Switch(string text) => text switch
    {
        "" or "true" or "1" => true,
        "false" or "0" => false,
        _ => throw new FormatException("expected true or false"),
    };

    /// <summary><c>64m</c>, <c>1.5g</c>, <c>1048576</c>.</summary>
    internal static long Bytes(string text)
    {
        var lower = text.ToLowerInvariant().TrimEnd('b');
        var factor = lower.Length == 0 ? 1 : lower[^1] switch
        {
            'k' => 1L << 10,
            'm' => 1L << 20,
            'g' => 1L << 30,
            't' => 1L << 40,
            _ => 1L,
        };
        return decimal.TryParse(factor == 1 ? lower : lower[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? (long)(number * factor)
            : throw new FormatException("expected a size such as 64m or 1g");
    }

    private static long Integer(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw new FormatException("expected a whole number");

    private static decimal Decimal(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : throw new FormatException("expected a number such as 1.5");

    private static (string Name, string Value) Pair(string text, string shape, bool valueRequired = true)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 ? (text[..equals], text[(equals + 1)..])
            : !valueRequired && text.Length > 0 && equals < 0 ? (text, "")
            : throw new FormatException($"expected {shape}");
    }

    private static void Put(JsonObject map, (string Name, string Value) pair) => map[pair.Name] = pair.Value;

    /// <summary><c>name:address</c> or <c>name=address</c>.</summary>
    private static string HostEntry(string text)
    {
        var at = text.IndexOfAny([':', '=']);
        return at > 0 && at < text.Length - 1 ? $"{text[..at]}:{text[(at + 1)..]}" : throw new FormatException("expected NAME:ADDRESS");
    }

    /// <summary><c>/dev/a[:/dev/b[:rwm]]</c>.</summary>
    private static JsonObject Device(string text)
    {
        var parts = text.Split(':');
        return parts.Length <= 3 && parts[0].StartsWith('/')
            ? new JsonObject
            {
                ["PathOnHost"] = parts[0],
                ["PathInContainer"] = parts.Length > 1 && parts[1].StartsWith('/') ? parts[1] : parts[0],
                ["CgroupPermissions"] = parts.Length > 1 && !parts[^1].StartsWith('/') ? parts[^1] : "rwm",
            }
            : throw new FormatException("expected /dev/HOST[:/dev/CONTAINER[:rwm]]");
    }

    /// <summary><c>nofile=1024[:2048]</c>; -1 for none.</summary>
    private static JsonObject Ulimit(string text)
    {
        var (name, value) = Pair(text, "NAME=SOFT[:HARD]");
        var parts = value.Split(':');
        return parts.Length <= 2
            ? new JsonObject { ["Name"] = name, ["Soft"] = Integer(parts[0]), ["Hard"] = Integer(parts[^1]) }
            : throw new FormatException("expected NAME=SOFT[:HARD]");
    }

    /// <summary><c>type=volume,source=data,target=/data,readonly</c>.</summary>
    private static JsonObject Mount(string text)
    {
        const string shape = "expected type=bind|volume|tmpfs,source=…,target=/…[,readonly]";
        var mount = new JsonObject { ["Type"] = "volume" };
        foreach (var field in text.Split(','))
        {
            var equals = field.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = equals < 0 ? (field, "") : (field[..equals], field[(equals + 1)..]);
            switch (name)
            {
                case "type" when value is "bind" or "volume" or "tmpfs":
                    mount["Type"] = value;
                    break;
                case "source" or "src":
                    mount["Source"] = value;
                    break;
                case "target" or "destination" or "dst":
                    mount["Target"] = value;
                    break;
                case "readonly" or "ro":
                    mount["ReadOnly"] = Switch(value);
                    break;
                case "tmpfs-size":
                    Map(mount, "TmpfsOptions")["SizeBytes"] = Bytes(value);
                    break;
                default:
                    throw new FormatException($"'{field}' is not understood: {shape}");
            }
        }

        return mount.ContainsKey("Target") ? mount : throw new FormatException(shape);
    }
}
