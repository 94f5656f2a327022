using System.Globalization;
using System.Text;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Web.Hosting.Probing;

/// <summary>
/// Reads the answer to a readiness check: the status, and as much of the body as is kept. The request asked for the connection
/// to be closed, so an answer ends with its length or with the connection.
/// </summary>
internal static class ResponseReader
{
    /// <summary>Most bytes of head and body together that are looked at.</summary>
    private const int MaxBytes = 16 * 1024;

    private static readonly byte[] s_endOfHead = "\r\n\r\n"u8.ToArray();

    /// <summary>Reads one answer.</summary>
    internal static async Task<ProbeResult> ReadAsync(Stream stream, ProbeTarget target, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxBytes];
        var length = 0;
        while (length < buffer.Length && !IsComplete(buffer.AsSpan(0, length)))
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0)
            {
                break;
            }

            length += read;
        }

        // HTTP/1.1 200 OK
        var (head, body) = Split(buffer.AsSpan(0, length));
        var lines = head.Split("\r\n");
        var parts = lines[0].Split(' ', 3, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 2 || !parts[0].StartsWith("HTTP/", StringComparison.Ordinal) || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var status))
        {
            return new ProbeResult(false, string.Create(CultureInfo.InvariantCulture, $"{target.Host}:{target.Port} does not answer in HTTP"));
        }

        var isChunked = HeaderOf(lines, "Transfer-Encoding")?.Contains("chunked", StringComparison.OrdinalIgnoreCase) == true;
        return new ProbeResult(true, null) { Response = new ReadinessResponse(status, HeaderOf(lines, "Content-Type") ?? "", Encoding.UTF8.GetString(isChunked ? Unchunk(body) : body)) };
    }

    private static bool IsComplete(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf(s_endOfHead);
        if (end < 0)
        {
            return false;
        }

        var lines = Encoding.Latin1.GetString(answer[..end]).Split("\r\n");
        if (HeaderOf(lines, "Content-Length") is { } text && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length))
        {
            return answer.Length - end - s_endOfHead.Length >= length;
        }

        return answer.EndsWith("\r\n0\r\n\r\n"u8) && HeaderOf(lines, "Transfer-Encoding") is not null;
    }

    private static (string Head, byte[] Body) Split(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf(s_endOfHead);
        return end < 0 ? (Encoding.Latin1.GetString(answer), []) : (Encoding.Latin1.GetString(answer[..end]), answer[(end + s_endOfHead.Length)..].ToArray());
    }

    private static string? HeaderOf(string[] lines, string name)
    {
        foreach (var line in lines.Skip(1))
        {
            if (line.StartsWith(name, StringComparison.OrdinalIgnoreCase) && line.Length > name.Length && line[name.Length] == ':')
            {
                return line[(name.Length + 1)..].Trim();
            }
        }

        return null;
    }

    /// <summary>Takes the lengths out between the parts of a body; what was cut off stays cut off.</summary>
    private static byte[] Unchunk(byte[] body)
    {
        var whole = new MemoryStream();
        ReadOnlySpan<byte> rest = body;
        while (rest.IndexOf("\r\n"u8) is > 0 and var end
            && int.TryParse(Encoding.Latin1.GetString(rest[..end]).Split(';')[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var length) && length > 0)
        {
            rest = rest[(end + 2)..];
            whole.Write(rest[..Math.Min(length, rest.Length)]);
            rest = rest[Math.Min(length + 2, rest.Length)..];
        }

        return whole.ToArray();
    }
}
