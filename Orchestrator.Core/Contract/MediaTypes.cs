namespace Orchestrator.Core.Contract;

/// <summary>Which encoding a request is in and which one its sender wants back.</summary>
public static class MediaTypes
{
    /// <summary>
    /// The encoding of a Content-Type, compared byte for byte: the API knows no parameters and folds no case.
    /// </summary>
    /// <returns>Null for any other type.</returns>
    public static MessageFormat? OfContent(string contentType) => contentType switch
    {
        MessageCodec.JsonMediaType => MessageFormat.Json,
        MessageCodec.ProtobufMediaType => MessageFormat.Protobuf,
        _ => null,
    };

    /// <summary>
    /// The encoding of the answer: JSON when the Accept headers allow it or are absent, else protobuf.
    /// </summary>
    /// <param name="accept">All Accept headers, for example <c>application/x-protobuf;q=0.9, */*;q=0.1</c>.</param>
    /// <returns>Null when neither is allowed: 406.</returns>
    public static MessageFormat? Negotiate(IEnumerable<string?> accept)
    {
        var any = false;
        var json = false;
        var protobuf = false;
        foreach (var header in accept)
        {
            foreach (var range in (header ?? "").Split(','))
            {
                var (type, allowed) = Split(range);
                if (type.Length == 0)
                {
                    continue;
                }

                any = true;
                json |= allowed && Matches(type, MessageCodec.JsonMediaType);
                protobuf |= allowed && Matches(type, MessageCodec.ProtobufMediaType);
            }
        }

        return json || !any ? MessageFormat.Json : protobuf ? MessageFormat.Protobuf : null;
    }

    private static (string Type, bool Allowed) Split(string range)
    {
        var parts = range.Split(';', StringSplitOptions.TrimEntries);
        var refused = false;
        for (var i = 1; i < parts.Length; i++)
        {
            var parameter = parts[i].Replace(" ", "", StringComparison.Ordinal);
            refused |= parameter is "q=0" or "q=0." or "q=0.0" or "q=0.00" or "q=0.000";
        }

        return (parts[0], !refused);
    }

    private static bool Matches(string range, string type) =>
        range is "*/*" or "application/*" || range.Equals(type, StringComparison.OrdinalIgnoreCase);
}
