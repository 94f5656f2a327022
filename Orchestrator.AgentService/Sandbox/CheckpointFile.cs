using System.Buffers.Binary;
using Google.Protobuf;

namespace Orchestrator.AgentService.Sandbox;

/// <summary>
/// A checkpoint file: records one after another, each four bytes of length (little endian) and a protobuf message.
/// </summary>
internal static class CheckpointFile
{
    /// <summary>Longest record, in bytes; a longer length is taken for damage.</summary>
    internal const int MaxRecordBytes = 64 * 1024 * 1024;

    private const int HeaderBytes = 4;

    /// <summary>Adds a record to a buffer.</summary>
    internal static void Append(MemoryStream buffer, IMessage message)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        BinaryPrimitives.WriteInt32LittleEndian(header, message.CalculateSize());
        buffer.Write(header);
        message.WriteTo(buffer);
    }

    /// <summary>Writes a file whole or not at all: a temporary one, synced, then renamed over it.</summary>
    internal static void Replace(string path, params IEnumerable<IMessage> messages)
    {
        var buffer = new MemoryStream();
        foreach (var message in messages)
        {
            Append(buffer, message);
        }

        ReplaceBytes(path, buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    internal static void ReplaceBytes(string path, ReadOnlySpan<byte> content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = path + ".tmp";
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>
    /// The records up to the first that is cut off or damaged, and how many bytes they take. Nothing after a damaged
    /// record can be trusted: its length is what says where the next one begins.
    /// </summary>
    internal static (List<T> Records, int GoodBytes) Parse<T>(ReadOnlySpan<byte> content, MessageParser<T> parser)
        where T : IMessage<T>
    {
        var records = new List<T>();
        var at = 0;
        while (content.Length - at >= HeaderBytes)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(content[at..]);
            if (length < 0 || length > MaxRecordBytes || length > content.Length - at - HeaderBytes)
            {
                break;
            }

            try
            {
                records.Add(parser.ParseFrom(content.Slice(at + HeaderBytes, length)));
            }
            catch (InvalidProtocolBufferException)
            {
                break;
            }

            at += HeaderBytes + length;
        }

        return (records, at);
    }

    /// <summary>The one message of a file.</summary>
    /// <exception cref="CheckpointException">It is damaged.</exception>
    internal static T ReadOne<T>(string path, MessageParser<T> parser)
        where T : IMessage<T>
    {
        var (records, _) = Parse(File.ReadAllBytes(path), parser);
        return records.Count == 1 ? records[0] : throw new CheckpointException($"{path} is damaged: it should hold one whole record.");
    }
}
