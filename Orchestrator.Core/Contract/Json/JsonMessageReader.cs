using System.Collections;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Orchestrator.Core.Contract.Binary;

namespace Orchestrator.Core.Contract.Json;

/// <summary>
/// The reading half of <see cref="MesosJson"/>. Unknown keys and nulls are passed over; of a key given twice the later
/// one counts.
/// </summary>
internal static class JsonMessageReader
{
    internal static void ReadRoot(Utf8JsonReader reader, IMessage message)
    {
        var path = new MessagePath();
        try
        {
            reader.Read();
            Expect(reader.TokenType == JsonTokenType.StartObject, path, "a JSON object", reader.TokenType);
            ReadMessage(ref reader, message, MessageTable.Of(message.Descriptor), path);

            // Anything but white space behind the object is a syntax error.
            reader.Read();
        }
        catch (JsonException e)
        {
            throw new MessageFormatException($"The body is no valid JSON: {e.Message}", e);
        }
        catch (InvalidOperationException e)
        {
            throw new MessageFormatException($"The body is no valid JSON: field '{path}' holds text that is not UTF-8", e);
        }

        MessageCheck.Complete(message);
    }

    private static void ReadMessage(ref Utf8JsonReader reader, IMessage message, MessageTable table, MessagePath path)
    {
        var hint = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var field = Find(ref reader, table.Fields, ref hint);
            reader.Read();
            if (field is null)
            {
                reader.Skip();
                continue;
            }

            if (reader.TokenType == JsonTokenType.Null)
            {
                continue;
            }

            path.Push(field.Name);
            if (field.IsMap)
            {
                ReadMap(ref reader, message, field, path);
            }
            else if (field.IsRepeated)
            {
                ReadList(ref reader, message, field, path);
            }
            else if (ReadValue(ref reader, field, path) is { } value)
            {
                field.Accessor.SetValue(message, value);
            }

            path.Pop();
        }
    }

    /// <summary>Clients mostly send fields in declared order, so the search begins behind the field found last.</summary>
    private static FieldTable? Find(ref Utf8JsonReader reader, FieldTable[] fields, ref int hint)
    {
        for (var i = 0; i < fields.Length; i++)
        {
            var at = hint + i < fields.Length ? hint + i : hint + i - fields.Length;
            if (reader.ValueTextEquals(fields[at].Utf8Name))
            {
                hint = at + 1 < fields.Length ? at + 1 : 0;
                return fields[at];
            }
        }

        return null;
    }

    private static void ReadList(ref Utf8JsonReader reader, IMessage message, FieldTable field, MessagePath path)
    {
        Expect(reader.TokenType == JsonTokenType.StartArray, path, "a JSON array", reader.TokenType);
        var list = (IList)field.Accessor.GetValue(message);
        list.Clear();
        for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
        {
            path.SetIndex(i);
            if (reader.TokenType != JsonTokenType.Null && ReadValue(ref reader, field, path) is { } value)
            {
                list.Add(value);
            }
        }
    }

    private static void ReadMap(ref Utf8JsonReader reader, IMessage message, FieldTable field, MessagePath path)
    {
        Expect(reader.TokenType == JsonTokenType.StartObject, path, "a JSON object", reader.TokenType);
        var map = (IDictionary)field.Accessor.GetValue(message);
        map.Clear();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            path.Push(name);
            var key = JsonScalars.ParseKey(name, field.MapKey!, path);
            reader.Read();
            if (reader.TokenType != JsonTokenType.Null && ReadValue(ref reader, field.MapValue!, path) is { } value)
            {
                map[key] = value;
            }

            path.Pop();
        }
    }

    /// <summary>The value of the token; null for the unknown name of an enum value, which counts as absent.</summary>
    private static object? ReadValue(ref Utf8JsonReader reader, FieldTable field, MessagePath path)
    {
        if (field.Type != FieldType.Message)
        {
            return JsonScalars.Read(ref reader, field, path);
        }

        Expect(reader.TokenType == JsonTokenType.StartObject, path, "a JSON object", reader.TokenType);
        var message = field.Message.Create();
        ReadMessage(ref reader, message, field.Message, path);
        return message;
    }

    internal static void Expect(bool condition, MessagePath path, string wanted, JsonTokenType found)
    {
        if (!condition)
        {
            throw Mismatch(path, wanted, found);
        }
    }

    internal static MessageFormatException Mismatch(MessagePath path, string wanted, JsonTokenType found)
    {
        var place = path.ToString();
        return new MessageFormatException($"{(place.Length == 0 ? "The body" : $"Field '{place}'")}: expecting {wanted}, found {Describe(found)}");
    }

    private static string Describe(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        JsonTokenType.Null => "null",
        _ => "something else",
    };
}
