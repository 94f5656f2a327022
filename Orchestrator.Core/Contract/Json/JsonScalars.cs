using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Orchestrator.Core.Contract.Binary;

namespace Orchestrator.Core.Contract.Json;

/// <summary>
/// Single values: numbers and booleans also as strings (<c>"4.5"</c>, <c>"true"</c>), enum values by name only, bytes as
/// base64. Boxed, because that is what field accessors take.
/// </summary>
internal static class JsonScalars
{
    private static readonly object s_true = true;
    private static readonly object s_false = false;

    internal static object? Read(ref Utf8JsonReader reader, FieldTable field, MessagePath path) => field.Type switch
    {
        FieldType.String => ReadText(ref reader, path, "a string"),
        FieldType.Enum => ReadEnum(ref reader, field, path),
        FieldType.Bool => ReadBool(ref reader, path),
        FieldType.Double => ReadDouble(ref reader, path),
        FieldType.Float => (float)ReadDouble(ref reader, path),
        FieldType.Bytes => ReadBytes(ref reader, path),
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => (int)ReadInteger(ref reader, path, int.MinValue, int.MaxValue),
        FieldType.UInt32 or FieldType.Fixed32 => (uint)ReadInteger(ref reader, path, uint.MinValue, uint.MaxValue),
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => (long)ReadInteger(ref reader, path, long.MinValue, long.MaxValue),
        FieldType.UInt64 or FieldType.Fixed64 => (ulong)ReadInteger(ref reader, path, ulong.MinValue, ulong.MaxValue),
        _ => throw new NotSupportedException($"Field '{path}' has type {field.Type}, which no message of this API uses."),
    };

    /// <summary>Keys of maps are strings in JSON whatever their type.</summary>
    internal static object ParseKey(string text, FieldTable key, MessagePath path)
    {
        switch (key.Type)
        {
            case FieldType.String:
                return text;
            case FieldType.Int32 when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number):
                return number;
            case FieldType.Int64 when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number):
                return number;
            case FieldType.UInt32 when uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number):
                return number;
            case FieldType.UInt64 when ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number):
                return number;
            case FieldType.Bool when text is "true" or "false":
                return text == "true";
            default:
                throw new MessageFormatException($"Field '{path}': this is no key of type {key.Type}");
        }
    }

    private static string ReadText(ref Utf8JsonReader reader, MessagePath path, string wanted)
    {
        JsonMessageReader.Expect(reader.TokenType == JsonTokenType.String, path, wanted, reader.TokenType);
        return reader.GetString()!;
    }

    private static int? ReadEnum(ref Utf8JsonReader reader, FieldTable field, MessagePath path)
    {
        var name = ReadText(ref reader, path, "the name of an enum value");
        if (field.Enum!.TryGetNumber(name, out var number))
        {
            return number;
        }

        if (field.IsRequired)
        {
            throw new MessageFormatException($"Field '{path}': '{name}' is no value of this enum");
        }

        return null;
    }

    private static object ReadBool(ref Utf8JsonReader reader, MessagePath path)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.True:
                return s_true;
            case JsonTokenType.False:
                return s_false;
            case JsonTokenType.String when reader.ValueTextEquals("true"u8):
                return s_true;
            case JsonTokenType.String when reader.ValueTextEquals("false"u8):
                return s_false;
            default:
                throw JsonMessageReader.Mismatch(path, "true or false", reader.TokenType);
        }
    }

    private static ByteString ReadBytes(ref Utf8JsonReader reader, MessagePath path)
    {
        JsonMessageReader.Expect(reader.TokenType == JsonTokenType.String, path, "base64 text", reader.TokenType);
        return reader.TryGetBytesFromBase64(out var bytes)
            ? UnsafeByteOperations.UnsafeWrap(bytes)
            : throw new MessageFormatException($"Field '{path}': the text is no base64");
    }

    private static double ReadDouble(ref Utf8JsonReader reader, MessagePath path)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            return reader.GetDouble();
        }

        var text = ReadText(ref reader, path, "a number");
        return text switch
        {
            "Infinity" or "inf" => double.PositiveInfinity,
            "-Infinity" or "-inf" => double.NegativeInfinity,
            "NaN" or "nan" => double.NaN,
            _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => number,
            _ => throw new MessageFormatException($"Field '{path}': '{text}' is no number"),
        };
    }

    /// <summary>Whole numbers, also written with a point or exponent (<c>5050.0</c>) or as a string.</summary>
    private static Int128 ReadInteger(ref Utf8JsonReader reader, MessagePath path, Int128 least, Int128 most)
    {
        Int128 number;
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var small))
        {
            number = small;
        }
        else if (reader.TokenType == JsonTokenType.Number && reader.TryGetUInt64(out var large))
        {
            number = large;
        }
        else if (reader.TokenType != JsonTokenType.String || !Int128.TryParse(reader.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number))
        {
            var real = ReadDouble(ref reader, path);
            if (real != Math.Truncate(real) || Math.Abs(real) > 1e19)
            {
                throw new MessageFormatException(string.Create(CultureInfo.InvariantCulture, $"Field '{path}': expecting a whole number from {least} to {most}, found {real}"));
            }

            number = (Int128)real;
        }

        return number >= least && number <= most
            ? number
            : throw new MessageFormatException(string.Create(CultureInfo.InvariantCulture, $"Field '{path}': expecting a whole number from {least} to {most}, found {number}"));
    }
}
