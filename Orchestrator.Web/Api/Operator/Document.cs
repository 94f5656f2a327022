using System.IO.Compression;

namespace Orchestrator.Web.Api.Operator;

/// <summary>A finished JSON text with its gzipped form, made once and shared by all who ask for it.</summary>
public sealed class Document
{
    private readonly Lazy<ReadOnlyMemory<byte>> _compressed;

    /// <summary>Wraps a text.</summary>
    /// <param name="json">UTF-8 JSON.</param>
    /// <param name="etag">Names the content, quoted; null when it is new at every request.</param>
    public Document(ReadOnlyMemory<byte> json, string? etag)
    {
        Json = json;
        ETag = etag;
        _compressed = new Lazy<ReadOnlyMemory<byte>>(Compress);
    }

    /// <summary>UTF-8 JSON.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>For example <c>W/"395ed48f-…-17"</c>.</summary>
    public string? ETag { get; }

    /// <summary>The same, gzipped.</summary>
    public ReadOnlyMemory<byte> Compressed => _compressed.Value;

    private ReadOnlyMemory<byte> Compress()
    {
        using var output = new MemoryStream(Json.Length / 8);
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest))
        {
            gzip.Write(Json.Span);
        }

        return output.ToArray();
    }
}
