using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Orchestrator.Core.Runtime.Flags;

namespace Orchestrator.Web.Hosting.Security;

/// <summary>
/// Who may sign in. Secrets are kept as PBKDF2 hashes, also those that the file holds in clear; comparison takes the same
/// time for known and unknown names.
/// </summary>
public sealed class Credentials
{
    private const string HashPrefix = "pbkdf2-sha256";
    private const int Iterations = 210_000;
    private readonly Dictionary<string, string> _hashes;
    private readonly string _decoy = Hash("decoy");
    private readonly Lock _gate = new();
    private readonly Dictionary<string, byte[]> _verified = [];
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    private Credentials(Dictionary<string, string> hashes) => _hashes = hashes;

    /// <summary>Nobody needs to sign in.</summary>
    public static Credentials None { get; } = new([]);

    /// <summary>Whether there is no account.</summary>
    public bool IsEmpty => _hashes.Count == 0;

    /// <summary>Reads Mesos' form <c>{"credentials":[{"principal":"P","secret":"S"}]}</c>, itself or in a file.</summary>
    /// <exception cref="FlagException">It is malformed.</exception>
    public static Credentials Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text.StartsWith('/') ? File.ReadAllText(text) : text);
            var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var entry in document.RootElement.GetProperty("credentials").EnumerateArray())
            {
                var secret = entry.GetProperty("secret").GetString()!;
                hashes[entry.GetProperty("principal").GetString()!] = secret.StartsWith(HashPrefix + ":", StringComparison.Ordinal) ? secret : Hash(secret);
            }

            return hashes.Count > 0 ? new Credentials(hashes) : throw new FlagException("--credentials has no entry; add {\"principal\":\"P\",\"secret\":\"S\"}");
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or IOException or UnauthorizedAccessException or ArgumentNullException)
        {
            throw new FlagException("--credentials: expected a readable file, or text, {\"credentials\":[{\"principal\":\"P\",\"secret\":\"S\"}]}");
        }
    }

    /// <summary>A hash to be put into the file in place of a secret.</summary>
    public static string Hash(string secret)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        var hash = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(secret), salt, Iterations, HashAlgorithmName.SHA256, 32);
        return $"{HashPrefix}:{Iterations.ToString(CultureInfo.InvariantCulture)}:{Convert.ToBase64String(salt)}:{Convert.ToBase64String(hash)}";
    }

    /// <summary>Whether name and secret belong together.</summary>
    public bool Verify(string principal, string secret)
    {
        // The slow hash once for each pair, then a keyed fast one: a client sends them with every request.
        var mac = HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{principal.Length}:{principal}{secret}"));
        lock (_gate)
        {
            if (_verified.TryGetValue(principal, out var known) && CryptographicOperations.FixedTimeEquals(known, mac))
            {
                return true;
            }
        }

        var isKnown = _hashes.TryGetValue(principal, out var hash);
        if (!Matches(hash ?? _decoy, secret) || !isKnown)
        {
            return false;
        }

        lock (_gate)
        {
            _verified[principal] = mac;
        }

        return true;
    }

    private static bool Matches(string stored, string secret)
    {
        var parts = stored.Split(':');
        if (parts.Length != 4 || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var iterations) || iterations is < 1 or > 10_000_000)
        {
            return false;
        }

        var wanted = Convert.FromBase64String(parts[3]);
        var given = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(secret), Convert.FromBase64String(parts[2]), iterations, HashAlgorithmName.SHA256, wanted.Length);
        return CryptographicOperations.FixedTimeEquals(wanted, given);
    }
}
