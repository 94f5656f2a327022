using System.Globalization;

namespace Orchestrator.AgentService.Link;

/// <summary>Where a master may be reached: the parts of <c>--master</c>.</summary>
public static class MasterAddress
{
    /// <summary>Port when none is given.</summary>
    public const int DefaultPort = 5050;

    /// <summary>
    /// Parses <c>host:port</c>, <c>master@host:port</c>, <c>http://host:port</c> or <c>https://host:port</c>, several with commas.
    /// </summary>
    /// <exception cref="FormatException">A part is malformed; the message names it and the remedy.</exception>
    public static IReadOnlyList<Uri> Parse(string text)
    {
        var addresses = new List<Uri>();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            addresses.Add(ParseOne(part));
        }

        return addresses.Count > 0 ? addresses : throw new FormatException("--master is empty: give host:port of the master, for example 127.0.0.1:5050");
    }

    private static Uri ParseOne(string part)
    {
        if (part.StartsWith("zk://", StringComparison.Ordinal))
        {
            throw new FormatException($"--master {part}: masters are not looked up in ZooKeeper yet; list them as host:port,host:port");
        }

        var plain = part.StartsWith("master@", StringComparison.Ordinal) ? part["master@".Length..] : part;
        var withScheme = plain.Contains("://", StringComparison.Ordinal) ? plain : "http://" + plain;
        if (!Uri.TryCreate(withScheme, UriKind.Absolute, out var uri)
            || uri.Scheme is not ("http" or "https")
            || uri.Host.Length == 0
            || uri.AbsolutePath != "/"
            || uri.UserInfo.Length > 0)
        {
            throw new FormatException($"--master {part}: expected host:port, for example 127.0.0.1:5050 or [::1]:5050, several with commas");
        }

        var hasPort = withScheme.AsSpan(withScheme.LastIndexOf(']') + 1).LastIndexOf(':') > uri.Scheme.Length || !uri.IsDefaultPort;
        var port = hasPort || uri.Scheme == "https" ? uri.Port : DefaultPort;
        return new Uri(string.Create(CultureInfo.InvariantCulture, $"{uri.Scheme}://{uri.Host}:{port}/"));
    }
}
