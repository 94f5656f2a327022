using System.Buffers;
using System.Text.Json;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Web.Api.Marathon.Json;

/// <summary>Writes some fields of apps only: the whole app into a buffer, then what is wanted out of it.</summary>
internal sealed class FieldFilter : IDisposable
{
    private readonly byte[][] _fields;
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly Utf8JsonWriter _whole;

    public FieldFilter(IReadOnlySet<string> fields)
    {
        _fields = [.. fields.Select(System.Text.Encoding.UTF8.GetBytes)];
        _whole = new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true });
    }

    public void Write(Utf8JsonWriter json, AppView app, AppEmbeds embeds, DateTimeOffset now)
    {
        _buffer.Clear();
        _whole.Reset();
        AppDocuments.Write(_whole, app, embeds, now);
        _whole.Flush();
        json.WriteStartObject();
        var reader = new Utf8JsonReader(_buffer.WrittenSpan);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            var isWanted = IsWanted(name);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (isWanted)
            {
                json.WritePropertyName(name);
                json.WriteRawValue(_buffer.WrittenSpan[start..(int)reader.BytesConsumed], skipInputValidation: true);
            }
        }

        json.WriteEndObject();
    }

    public void Dispose() => _whole.Dispose();

    private bool IsWanted(ReadOnlySpan<byte> name)
    {
        foreach (var field in _fields)
        {
            if (name.SequenceEqual(field))
            {
                return true;
            }
        }

        return false;
    }
}
