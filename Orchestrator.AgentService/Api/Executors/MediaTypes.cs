using Microsoft.Extensions.Primitives;
using Orchestrator.Core.Contract;

namespace Orchestrator.AgentService.Api.Executors;

/// <summary>Which encoding a request is in and which one its sender wants back.</summary>
internal static class MediaTypes
{
    /// <summary>The encoding of a Content-Type, compared byte for byte; null for any other type.</summary>
    internal static MessageFormat? OfContent(string contentType) => contentType switch
    {
        MessageCodec.JsonMediaType => MessageFormat.Json,
        MessageCodec.ProtobufMediaType => MessageFormat.Protobuf,
        _ => null,
    };

    /// <summary>JSON when the Accept headers allow it or are absent, else protobuf; null when neither is allowed.</summary>
    internal static MessageFormat? Negotiate(StringValues accept)
    {
        var ranges = accept.SelectMany(header => (header ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToList();
        return ranges.Count == 0 || ranges.Any(range => Allows(range, MessageCodec.JsonMediaType)) ? MessageFormat.Json
            : ranges.Any(range => Allows(range, MessageCodec.ProtobufMediaType)) ? MessageFormat.Protobuf
            : null;
    }

    private static bool Allows(string range, string type)
    {
        var parts = range.Split(';', StringSplitOptions.TrimEntries);
        var refused = parts.Skip(1).Any(part => part.Replace(" ", "", StringComparison.Ordinal).TrimEnd('0', '.') is "q=");
        return !refused && (parts[0] is "*/*" or "application/*" || parts[0].Equals(type, StringComparison.OrdinalIgnoreCase));
    }
}
