using System.Globalization;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;
using Attribute = Orchestrator.Core.Contract.Mesos.Attribute;

namespace Orchestrator.Core.Resources;

/// <summary>The attributes of an agent. Source: Mesos' <c>--attributes</c>.</summary>
public static class AttributeList
{
    /// <summary>Parses <c>rack:r1;level:10;cores:[1-4]</c>: text, scalar or ranges.</summary>
    /// <exception cref="ResourceException">A part is malformed; the message names it.</exception>
    public static IReadOnlyList<Attribute> Parse(string text)
    {
        var attributes = new List<Attribute>();
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var colon = part.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || colon == part.Length - 1)
            {
                throw new ResourceException($"'{part}' is not an attribute; write name:value, for example rack:r1.");
            }

            attributes.Add(Of(part[..colon].Trim(), part[(colon + 1)..].Trim()));
        }

        return attributes;
    }

    /// <summary>The value as text: scalars with at most three decimals, ranges as <c>[a-b,c-d]</c>, sets as <c>{x,y}</c>.</summary>
    public static string ValueText(Attribute attribute) => attribute.Type switch
    {
        Value.Types.Type.Scalar => Quantity.FromDouble(attribute.Scalar.Value).ToString(),
        Value.Types.Type.Ranges => $"[{string.Join(",", RangeArithmetic.Normalise(attribute.Ranges.Range.Select(range => new ValueRange((long)range.Begin, (long)range.End))))}]",
        Value.Types.Type.Set => $"{{{string.Join(",", attribute.Set.Item.Order(StringComparer.Ordinal))}}}",
        _ => attribute.Text.Value,
    };

    private static Attribute Of(string name, string value)
    {
        if (value.StartsWith('['))
        {
            var ranges = new Value.Types.Ranges();
            ranges.Range.AddRange(ResourceList.ParseRanges(name, value).Select(range => new Value.Types.Range { Begin = (ulong)range.Begin, End = (ulong)range.End }));
            return new Attribute { Name = name, Type = Value.Types.Type.Ranges, Ranges = ranges };
        }

        return double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? new Attribute { Name = name, Type = Value.Types.Type.Scalar, Scalar = new Value.Types.Scalar { Value = number } }
            : new Attribute { Name = name, Type = Value.Types.Type.Text, Text = new Value.Types.Text { Value = value } };
    }
}
