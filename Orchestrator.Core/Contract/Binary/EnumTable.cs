using System.Collections.Concurrent;
using System.Text.Json;
using Google.Protobuf.Reflection;

namespace Orchestrator.Core.Contract.Binary;

/// <summary>Names and numbers of one enum.</summary>
internal sealed class EnumTable
{
    // Bounded by the number of enums in the contract.
    private static readonly ConcurrentDictionary<EnumDescriptor, EnumTable> s_tables = new();

    private readonly Dictionary<int, JsonEncodedText> _names = [];
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    private EnumTable(EnumDescriptor descriptor)
    {
        foreach (var value in descriptor.Values)
        {
            _names.TryAdd(value.Number, JsonEncodedText.Encode(value.Name));
            _numbers[value.Name] = value.Number;
        }
    }

    internal static EnumTable Of(EnumDescriptor descriptor) => s_tables.GetOrAdd(descriptor, static d => new EnumTable(d));

    /// <summary>The name; null for a number that this version does not know.</summary>
    internal JsonEncodedText? Name(int number) => _names.TryGetValue(number, out var name) ? name : null;

    internal bool TryGetNumber(string name, out int number) => _numbers.TryGetValue(name, out number);
}
