using System.Buffers.Text;
using System.Security.Cryptography;
using Orchestrator.Core.Marathon.Apps;

namespace Orchestrator.Web.Api.Marathon;

/// <summary>
/// ETags of apps and groups: <c>"VERSION/HASH"</c>, for example <c>"2026-01-31T12:00:00.000Z/x2Fz0a-81Yc"</c>. The version is that of
/// the configuration, which is what <c>If-Match</c> asks about; the hash is that of the answer, in which tasks come and go.
/// </summary>
public static class ETags
{
    private const int HashBytes = 9;

    /// <summary>Of an answer.</summary>
    public static string Of(DateTimeOffset version, ReadOnlySpan<byte> body)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, hash);
        return Of(version, Base64Url.EncodeToString(hash[..HashBytes]));
    }

    /// <summary>Of an answer of which something else says when it changes.</summary>
    public static string Of(DateTimeOffset version, string rest) => $"\"{Timestamps.Write(version)}/{rest}\"";

    /// <summary>The version in an ETag, or in a version that was written by hand; <c>*</c> stays what it is.</summary>
    public static string VersionOf(string etag)
    {
        var text = (etag.StartsWith("W/", StringComparison.Ordinal) ? etag[2..] : etag).Trim('"');
        return text.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash ? text[..slash] : text;
    }
}
