using System.Text;
using System.Text.Json;

namespace Orchestrator.AgentService.Execution.Docker;

/// <summary>
/// Accounts at registries, in the form of Docker's own configuration: <c>{"auths":{"registry:5000":{"auth":"…"}}}</c> or, as
/// in the old <c>.dockercfg</c>, without the outer object.
/// </summary>
internal sealed class RegistryCredentials
{
    private const long MaxFileBytes = 1024 * 1024;
    private readonly Dictionary<string, string> _headers;

    private RegistryCredentials(Dictionary<string, string> headers)
    {
        _headers = headers;
    }

    /// <summary>No account anywhere.</summary>
    internal static RegistryCredentials None { get; } = new([]);

    /// <summary>The value of <c>X-Registry-Auth</c> for a registry; null without an account.</summary>
    internal string? HeaderFor(string registry) => _headers.GetValueOrDefault(Key(registry));

    /// <summary>Reads a configuration.</summary>
    /// <exception cref="FormatException">It is none; the message says what is expected.</exception>
    internal static RegistryCredentials Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw new FormatException("expected a JSON object {\"auths\":{\"registry:5000\":{\"auth\":\"…\"}}}");
            }

            var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (var entry in (root.TryGetProperty("auths", out var auths) && auths.ValueKind == JsonValueKind.Object ? auths : root).EnumerateObject())
            {
                if (entry.Value.ValueKind == JsonValueKind.Object && Header(entry.Name, entry.Value) is { } header)
                {
                    headers[Key(entry.Name)] = header;
                }
            }

            return new RegistryCredentials(headers);
        }
        catch (JsonException e)
        {
            throw new FormatException($"no JSON: {e.Message}");
        }
    }

    /// <summary>What <c>--docker_config</c> says: JSON, or the absolute path of a file.</summary>
    /// <exception cref="FormatException">It is no configuration.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal static RegistryCredentials OfFlag(string value) => Parse(value.StartsWith('/') ? File.ReadAllText(value) : value);

    /// <summary>
    /// The configuration in a home directory, or in the sandbox of a task that fetched one (the habit of
    /// <c>docker.tar.gz</c>); null when there is none. Links are not followed: a sandbox is the task's.
    /// </summary>
    internal static RegistryCredentials? OfFolder(string folder)
    {
        if (folder.Length == 0)
        {
            return null;
        }

        foreach (var path in new[] { Path.Combine(folder, ".docker", "config.json"), Path.Combine(folder, ".dockercfg") })
        {
            try
            {
                var file = new FileInfo(path);
                if (file is { Exists: true, LinkTarget: null, Length: <= MaxFileBytes } && file.Directory!.LinkTarget is null)
                {
                    return Parse(File.ReadAllText(path));
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
            {
                // As Docker's own client: what cannot be read is no account.
            }
        }

        return null;
    }

    /// <summary>Host and port in lower case; the many names of the default registry are one.</summary>
    private static string Key(string registry)
    {
        var key = registry.Trim();
        var scheme = key.IndexOf("://", StringComparison.Ordinal);
        key = scheme < 0 ? key : key[(scheme + 3)..];
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        key = slash < 0 ? key : key[..slash];
        return key.ToLowerInvariant() is "index.docker.io" or "registry-1.docker.io" or "registry.hub.docker.com" ? ImageName.DefaultRegistry : key.ToLowerInvariant();
    }

    private static string? Header(string registry, JsonElement entry)
    {
        var token = Text(entry, "identitytoken");
        var (user, password) = (Text(entry, "username"), Text(entry, "password"));
        if (Text(entry, "auth") is { } auth && Decode(auth) is var (decodedUser, decodedPassword))
        {
            (user, password) = (decodedUser, decodedPassword);
        }

        if (user is null && token is null)
        {
            return null;
        }

        var json = token is null
            ? JsonSerializer.SerializeToUtf8Bytes(new { username = user, password, serveraddress = registry })
            : JsonSerializer.SerializeToUtf8Bytes(new { username = user, identitytoken = token, serveraddress = registry });
        // The daemon takes the URL alphabet with padding.
        return Convert.ToBase64String(json).Replace('+', '-').Replace('/', '_');
    }

    /// <summary>Base64 of <c>user:password</c>.</summary>
    private static (string User, string Password)? Decode(string auth)
    {
        try
        {
            var text = Encoding.UTF8.GetString(Convert.FromBase64String(auth)).TrimEnd('\0');
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            return colon < 0 ? null : (text[..colon], text[(colon + 1)..]);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement entry, string name) =>
        entry.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
}
