using System.Buffers;
using Google.Protobuf;
using Orchestrator.Core.Contract.Binary;
using Orchestrator.Core.Contract.Json;
using Orchestrator.Core.Contract.RecordIO;

namespace Orchestrator.Core.Contract;

/// <summary>Reads and writes messages in either encoding, so that an edge decides once which one a peer speaks.</summary>
public static class MessageCodec
{
    /// <summary>Media type of JSON; compared byte for byte, without parameters.</summary>
    public const string JsonMediaType = "application/json";

    /// <summary>Media type of binary protobuf.</summary>
    public const string ProtobufMediaType = "application/x-protobuf";

    /// <summary>The media type of an encoding.</summary>
    public static string MediaType(MessageFormat format) => format == MessageFormat.Json ? JsonMediaType : ProtobufMediaType;

    /// <summary>Reads one whole message.</summary>
    /// <exception cref="MessageFormatException">The body is no such message.</exception>
    public static T Parse<T>(MessageFormat format, ReadOnlySequence<byte> body)
        where T : class, IMessage, new() =>
        format == MessageFormat.Json ? MesosJson.Parse<T>(body) : MesosBinary.Parse<T>(body);

    /// <summary>Writes one message.</summary>
    public static void Write(MessageFormat format, IBufferWriter<byte> output, IMessage message)
    {
        if (format == MessageFormat.Json)
        {
            MesosJson.Write(output, message);
        }
        else
        {
            message.WriteTo(output);
        }
    }

    /// <summary>One message as a whole record, to be sent as it is to any number of readers.</summary>
    public static byte[] EncodeRecord(MessageFormat format, IMessage message)
    {
        var output = new ArrayBufferWriter<byte>(512);
        WriteRecord(format, output, message);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Writes one message as a record.</summary>
    public static void WriteRecord(MessageFormat format, IBufferWriter<byte> output, IMessage message) =>
        WriteRecord(format, output, message, new ArrayBufferWriter<byte>(512));

    /// <summary>Writes one message as a record.</summary>
    /// <param name="format">Its encoding.</param>
    /// <param name="output">Where to.</param>
    /// <param name="message">The message.</param>
    /// <param name="scratch">Overwritten; a writer of many records hands in the same one again.</param>
    public static void WriteRecord(MessageFormat format, IBufferWriter<byte> output, IMessage message, ArrayBufferWriter<byte> scratch)
    {
        if (format == MessageFormat.Protobuf)
        {
            RecordEncoder.WriteHeader(output, message.CalculateSize());
            message.WriteTo(output);
            return;
        }

        scratch.ResetWrittenCount();
        MesosJson.Write(scratch, message);
        RecordEncoder.Write(output, scratch.WrittenSpan);
    }
}
