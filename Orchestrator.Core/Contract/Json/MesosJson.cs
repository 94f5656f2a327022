using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Google.Protobuf;

namespace Orchestrator.Core.Contract.Json;

/// <summary>
/// Messages as JSON by the rules of Mesos, for every message from its descriptor: declared names, numbers for 64-bit
/// integers, base64 for bytes, names for enum values. Source: Mesos v1 API, JSON mapping.
/// </summary>
public static class MesosJson
{
    /// <summary>Deepest nesting that is read.</summary>
    public const int MaxDepth = 64;

    private static readonly JsonReaderOptions s_readerOptions = new() { MaxDepth = MaxDepth };

    /// <summary>How every writer of this API writes: compact, and escaping only what JSON demands.</summary>
    public static JsonWriterOptions WriterOptions { get; } = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>Reads one message.</summary>
    /// <exception cref="MessageFormatException">No JSON, or not of this message; the text names the place.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> utf8)
        where T : class, IMessage, new()
    {
        var message = new T();
        JsonMessageReader.ReadRoot(new Utf8JsonReader(utf8, s_readerOptions), message);
        return message;
    }

    /// <summary>Reads one message.</summary>
    /// <exception cref="MessageFormatException">No JSON, or not of this message; the text names the place.</exception>
    public static T Parse<T>(ReadOnlySequence<byte> utf8)
        where T : class, IMessage, new()
    {
        var message = new T();
        JsonMessageReader.ReadRoot(new Utf8JsonReader(utf8, s_readerOptions), message);
        return message;
    }

    /// <summary>Reads one message.</summary>
    /// <exception cref="MessageFormatException">No JSON, or not of this message; the text names the place.</exception>
    public static T Parse<T>(string json)
        where T : class, IMessage, new() => Parse<T>(Encoding.UTF8.GetBytes(json));

    /// <summary>Writes one message.</summary>
    public static void Write(IBufferWriter<byte> output, IMessage message)
    {
        using var writer = new Utf8JsonWriter(output, WriterOptions);
        JsonMessageWriter.Write(writer, message, secrets: true);
    }

    /// <summary>Writes one message as a value into a larger document.</summary>
    public static void Write(Utf8JsonWriter writer, IMessage message) => JsonMessageWriter.Write(writer, message, secrets: true);

    /// <summary>Writes one message for anybody's eyes: secrets that it holds in clear are left out, references stay.</summary>
    public static void WriteWithoutSecrets(Utf8JsonWriter writer, IMessage message) => JsonMessageWriter.Write(writer, message, secrets: false);

    /// <summary>Writes a number as Mesos does: shortest, and with a decimal point when it is whole (<c>15.0</c>).</summary>
    public static void WriteNumber(Utf8JsonWriter writer, double value) => JsonMessageWriter.WriteDouble(writer, value);

    /// <summary>One message as text.</summary>
    public static string Format(IMessage message)
    {
        var output = new ArrayBufferWriter<byte>(512);
        Write(output, message);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
