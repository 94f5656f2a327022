using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Orchestrator.Core.Primitives;

namespace Orchestrator.Tests.Support;

/// <summary>
/// Fills a message of any type with random values from a seed: required fields always, others by chance, lists and maps
/// with up to three entries, nested no deeper than <paramref name="maxDepth"/> unless required.
/// </summary>
internal sealed class MessageGenerator(ulong seed, int maxDepth = 6)
{
    private static readonly string[] s_texts = ["", "a", "agent-1", "Zürich", "quote\" and \\ and \n", "emoji 🚀", "<tag>&'+", "\u2028", "a/b/../c"];
    private readonly SeededRandom _random = new(seed);

    public IMessage Create(MessageDescriptor type) => Create(type, 0);

    private IMessage Create(MessageDescriptor type, int depth)
    {
        var message = (IMessage)Activator.CreateInstance(type.ClrType)!;
        foreach (var field in type.Fields.InDeclarationOrder())
        {
            if (!field.IsRequired && (depth >= maxDepth || _random.NextInt32(2) == 0))
            {
                continue;
            }

            if (field.IsMap)
            {
                FillMap((IDictionary)field.Accessor.GetValue(message), field, depth);
            }
            else if (field.IsRepeated)
            {
                FillList((IList)field.Accessor.GetValue(message), field, depth);
            }
            else
            {
                field.Accessor.SetValue(message, Value(field, depth));
            }
        }

        return message;
    }

    private void FillMap(IDictionary map, FieldDescriptor field, int depth)
    {
        var key = field.MessageType.FindFieldByNumber(1);
        var value = field.MessageType.FindFieldByNumber(2);
        for (var i = _random.NextInt32(3); i > 0; i--)
        {
            map[Value(key, depth)] = Value(value, depth);
        }
    }

    private void FillList(IList list, FieldDescriptor field, int depth)
    {
        for (var i = _random.NextInt32(4); i > 0; i--)
        {
            list.Add(Value(field, depth));
        }
    }

    private object Value(FieldDescriptor field, int depth) => field.FieldType switch
    {
        FieldType.Message => Create(field.MessageType, depth + 1),
        FieldType.String => s_texts[_random.NextInt32(s_texts.Length)],
        FieldType.Bytes => ByteString.CopyFrom(BitConverter.GetBytes(_random.NextUInt64())[.._random.NextInt32(9)]),
        FieldType.Bool => _random.NextInt32(2) == 0,
        FieldType.Enum => field.EnumType.Values[_random.NextInt32(field.EnumType.Values.Count)].Number,
        FieldType.Double => Real(),
        FieldType.Float => (float)_random.NextInt32(1000) / 8,
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => (int)_random.NextUInt64(),
        FieldType.UInt32 or FieldType.Fixed32 => (uint)_random.NextUInt64(),
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => (long)_random.NextUInt64(),
        FieldType.UInt64 or FieldType.Fixed64 => _random.NextUInt64(),
        _ => throw new NotSupportedException(field.FullName),
    };

    private double Real() => _random.NextInt32(6) switch
    {
        0 => 0,
        1 => double.PositiveInfinity,
        2 => _random.NextInt32(1000),
        3 => -_random.NextDouble(),
        4 => _random.NextDouble() * 1e300,
        _ => 1795343406.971721,
    };
}
