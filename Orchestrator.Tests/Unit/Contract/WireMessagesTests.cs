using System.Globalization;
using Google.Protobuf.Reflection;
using Orchestrator.Tests.Support;
using Orchestrator.Tests.Tidy;

namespace Orchestrator.Tests.Unit.Contract;

/// <summary>
/// The generated messages against a table of what stands on the wire: names, numbers, labels, types and defaults. A number
/// that slips is a client that misreads everything, and no other test would see it, because both ends would slip together.
/// </summary>
public sealed class WireMessagesTests
{
    private static readonly Dictionary<string, string[]> s_table = File.ReadLines(Path.Combine(Repository.Root, "Orchestrator.Tests/Unit/Contract/wire-messages.txt"))
        .Where(line => !line.StartsWith('#'))
        .Select(line => line.Split(' '))
        .ToDictionary(parts => parts[0], parts => parts[2..]);

    private static readonly Dictionary<string, string[]> s_ours = Ours();

    [Fact]
    public void Messages_and_enums_of_the_wire_are_all_there()
    {
        Assert.True(s_table.Count > 380, $"the table has {s_table.Count} rows");
        Assert.Empty(s_table.Keys.Except(s_ours.Keys));
        Assert.Empty(s_ours.Keys.Except(s_table.Keys));
    }

    [Fact]
    public void Fields_and_values_of_the_wire_are_as_the_table_says()
    {
        var differences = s_table.Where(row => s_ours.ContainsKey(row.Key)).SelectMany(row => Differences(row.Key, row.Value, s_ours[row.Key])).ToList();
        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    [Theory]
    [InlineData("value=2!string")]
    [InlineData("value=1?string")]
    [InlineData("value=1!bytes")]
    [InlineData("id=1!string")]
    public void Field_that_differs_in_number_label_type_or_name_is_found(string slipped) =>
        Assert.NotEmpty(Differences("mesos.v1.TaskID", s_table["mesos.v1.TaskID"], [slipped]));

    private static IEnumerable<string> Differences(string name, string[] wanted, string[] found)
    {
        foreach (var missing in wanted.Where(field => !found.Any(ours => IsSame(field, ours))))
        {
            yield return $"{name}: the wire has {missing}; we have {found.FirstOrDefault(ours => ours.Split('=')[0] == missing.Split('=')[0]) ?? "no such field"}";
        }

        foreach (var extra in found.Where(ours => !wanted.Any(field => field.Split('=')[0] == ours.Split('=')[0])))
        {
            yield return $"{name}: {extra} is not on the wire";
        }
    }

    /// <summary>Types in the table are named as far as their scope needs: Scalar is mesos.v1.Value.Scalar.</summary>
    private static bool IsSame(string wanted, string ours)
    {
        if (wanted == ours)
        {
            return true;
        }

        var (head, type, tail) = Parts(wanted);
        var (ourHead, ourType, ourTail) = Parts(ours);
        return head == ourHead && tail == ourTail && (ourType == type || ourType.EndsWith("." + type, StringComparison.Ordinal) || IsSameMap(type, ourType));
    }

    private static bool IsSameMap(string type, string ours) =>
        type.StartsWith("map<", StringComparison.Ordinal) && ours.StartsWith("map<", StringComparison.Ordinal)
        && ours.EndsWith("." + type.Split(',')[^1], StringComparison.Ordinal) && type.Split(',')[0] == ours.Split(',')[0];

    private static (string Head, string Type, string Tail) Parts(string field)
    {
        var mark = field.IndexOfAny(['!', '?', '*', '%', '|']);
        var end = field.IndexOfAny(['~', ':'], mark + 1);
        return mark < 0 ? (field, "", "") : (field[..(mark + 1)], end < 0 ? field[(mark + 1)..] : field[(mark + 1)..end], end < 0 ? "" : field[end..]);
    }

    private static Dictionary<string, string[]> Ours()
    {
        var rows = new Dictionary<string, string[]>();
        foreach (var message in ContractMessages.All.Where(message => message.FullName.StartsWith("mesos.v1.", StringComparison.Ordinal)))
        {
            rows[message.FullName] = [.. message.Fields.InDeclarationOrder().Select(Text)];
            foreach (var declared in message.EnumTypes.Concat(message.File.EnumTypes))
            {
                rows[declared.FullName] = [.. declared.Values.Select(value => string.Create(CultureInfo.InvariantCulture, $"{value.Name}={value.Number}"))];
            }
        }

        return rows;
    }

    private static string Text(FieldDescriptor field)
    {
        var mark = field.IsMap ? '%' : field.RealContainingOneof is not null ? '|' : field.IsRequired ? '!' : field.IsRepeated ? '*' : '?';
        var proto = field.ToProto();
        var deprecated = proto.Options?.Deprecated == true ? "~" : "";
        var value = proto.HasDefaultValue ? ":" + Default(field, proto.DefaultValue) : "";
        return string.Create(CultureInfo.InvariantCulture, $"{field.Name}={field.FieldNumber}{mark}{TypeOf(field)}{deprecated}{value}");
    }

    private static string TypeOf(FieldDescriptor field)
    {
        if (field.IsMap)
        {
            return $"map<{TypeOf(field.MessageType.FindFieldByNumber(1))},{TypeOf(field.MessageType.FindFieldByNumber(2))}>";
        }

        return field.FieldType switch
        {
            FieldType.Message => field.MessageType.FullName,
            FieldType.Enum => field.EnumType.FullName,
            _ => field.FieldType.ToString().ToLowerInvariant(),
        };
    }

    /// <summary>The compiler writes 10 where the declaration says 10.0.</summary>
    private static string Default(FieldDescriptor field, string text) =>
        field.FieldType == FieldType.Double && !text.Contains('.', StringComparison.Ordinal) ? text + ".0" : text;
}
