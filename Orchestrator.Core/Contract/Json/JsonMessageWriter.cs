using System.Collections;
using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Orchestrator.Core.Contract.Binary;

namespace Orchestrator.Core.Contract.Json;

/// <summary>The writing half of <see cref="MesosJson"/>.</summary>
internal static class JsonMessageWriter
{
    private const int LongestDouble = 32;

    internal static void Write(Utf8JsonWriter writer, IMessage message, bool secrets) => WriteMessage(writer, message, MessageTable.Of(message.Descriptor), secrets);

    private static void WriteMessage(Utf8JsonWriter writer, IMessage message, MessageTable table, bool secrets)
    {
        writer.WriteStartObject();
        foreach (var field in table.Fields)
        {
            if (field.IsMap)
            {
                WriteMap(writer, field, (IDictionary)field.Accessor.GetValue(message), secrets);
            }
            else if (field.IsRepeated)
            {
                WriteList(writer, field, (IList)field.Accessor.GetValue(message), secrets);
            }
            else if ((field.Has(message) && (secrets || !field.IsSecret)) || field.EmitsDefault)
            {
                WriteSingle(writer, field, field.Accessor.GetValue(message), secrets);
            }
        }

        writer.WriteEndObject();
    }

    private static void WriteSingle(Utf8JsonWriter writer, FieldTable field, object value, bool secrets)
    {
        // A value of a newer version of the enum has no name that a reader could understand.
        if (field.Type == FieldType.Enum && field.Enum!.Name((int)value) is null)
        {
            return;
        }

        writer.WritePropertyName(field.EncodedName);
        WriteValue(writer, field, value, secrets);
    }

    private static void WriteList(Utf8JsonWriter writer, FieldTable field, IList list, bool secrets)
    {
        if (list.Count == 0)
        {
            return;
        }

        writer.WriteStartArray(field.EncodedName);
        for (var i = 0; i < list.Count; i++)
        {
            if (field.Type != FieldType.Enum || field.Enum!.Name((int)list[i]!) is not null)
            {
                WriteValue(writer, field, list[i]!, secrets);
            }
        }

        writer.WriteEndArray();
    }

    private static void WriteMap(Utf8JsonWriter writer, FieldTable field, IDictionary map, bool secrets)
    {
        if (map.Count == 0)
        {
            return;
        }

        writer.WriteStartObject(field.EncodedName);
        foreach (DictionaryEntry entry in map)
        {
            writer.WritePropertyName(entry.Key is bool flag ? (flag ? "true" : "false") : Convert.ToString(entry.Key, CultureInfo.InvariantCulture)!);
            WriteValue(writer, field.MapValue!, entry.Value!, secrets);
        }

        writer.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter writer, FieldTable field, object value, bool secrets)
    {
        switch (field.Type)
        {
            case FieldType.Message:
                WriteMessage(writer, (IMessage)value, field.Message, secrets);
                break;
            case FieldType.String:
                writer.WriteStringValue((string)value);
                break;
            case FieldType.Enum:
                writer.WriteStringValue(field.Enum!.Name((int)value)!.Value);
                break;
            case FieldType.Bool:
                writer.WriteBooleanValue((bool)value);
                break;
            case FieldType.Double:
                WriteDouble(writer, (double)value);
                break;
            case FieldType.Float:
                WriteFloat(writer, (float)value);
                break;
            case FieldType.Bytes:
                writer.WriteBase64StringValue(((ByteString)value).Span);
                break;
            case FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32:
                writer.WriteNumberValue((int)value);
                break;
            case FieldType.UInt32 or FieldType.Fixed32:
                writer.WriteNumberValue((uint)value);
                break;
            case FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64:
                writer.WriteNumberValue((long)value);
                break;
            case FieldType.UInt64 or FieldType.Fixed64:
                writer.WriteNumberValue((ulong)value);
                break;
            default:
                throw new NotSupportedException($"Field '{field.Name}' has type {field.Type}, which no message of this API uses.");
        }
    }

    internal static void WriteDouble(Utf8JsonWriter writer, double value)
    {
        if (!double.IsFinite(value))
        {
            WriteNotFinite(writer, value);
            return;
        }

        Span<byte> text = stackalloc byte[LongestDouble];
        value.TryFormat(text, out var length, default, CultureInfo.InvariantCulture);
        WriteWithPoint(writer, text, length);
    }

    private static void WriteFloat(Utf8JsonWriter writer, float value)
    {
        if (!float.IsFinite(value))
        {
            WriteNotFinite(writer, value);
            return;
        }

        Span<byte> text = stackalloc byte[LongestDouble];
        value.TryFormat(text, out var length, default, CultureInfo.InvariantCulture);
        WriteWithPoint(writer, text, length);
    }

    private static void WriteWithPoint(Utf8JsonWriter writer, Span<byte> text, int length)
    {
        if (text[..length].IndexOfAny((byte)'.', (byte)'E') < 0)
        {
            ".0"u8.CopyTo(text[length..]);
            length += 2;
        }

        writer.WriteRawValue(text[..length], skipInputValidation: true);
    }

    private static void WriteNotFinite(Utf8JsonWriter writer, double value) =>
        writer.WriteStringValue(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
}
