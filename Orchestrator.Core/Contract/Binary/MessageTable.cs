using System.Collections.Concurrent;
using System.Linq.Expressions;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Orchestrator.Core.Contract.Binary;

/// <summary>What reading, writing and checking a message need of its descriptor, worked out once per message type.</summary>
internal sealed class MessageTable
{
    // Bounded by the number of message types in the contract.
    private static readonly ConcurrentDictionary<MessageDescriptor, MessageTable> s_tables = new();

    private readonly Func<IMessage> _create;
    private readonly Lazy<bool> _needsCheck;

    private MessageTable(MessageDescriptor descriptor)
    {
        Name = descriptor.Name;
        _create = Expression.Lambda<Func<IMessage>>(Expression.Convert(Expression.New(descriptor.ClrType), typeof(IMessage))).Compile();
        var fields = descriptor.Fields.InDeclarationOrder();
        Fields = new FieldTable[fields.Count];
        for (var i = 0; i < Fields.Length; i++)
        {
            Fields[i] = new FieldTable(fields[i]);
        }

        _needsCheck = new Lazy<bool>(() => FindNeedsCheck(this, []));
    }

    /// <summary>The message's name, for example <c>FrameworkInfo</c>.</summary>
    internal string Name { get; }

    /// <summary>Its fields in declared order, which is the order they are written in.</summary>
    internal FieldTable[] Fields { get; }

    /// <summary>Whether it or anything below it has a required field or an enum: whether a parsed one must be looked at.</summary>
    internal bool NeedsCheck => _needsCheck.Value;

    internal static MessageTable Of(MessageDescriptor descriptor) => s_tables.GetOrAdd(descriptor, static d => new MessageTable(d));

    internal IMessage Create() => _create();

    private static bool FindNeedsCheck(MessageTable table, HashSet<MessageTable> seen)
    {
        if (!seen.Add(table))
        {
            return false;
        }

        foreach (var field in table.Fields)
        {
            var value = field.IsMap ? field.MapValue! : field;
            if (field.IsRequired || value.Type == FieldType.Enum || (value.Type == FieldType.Message && FindNeedsCheck(value.Message, seen)))
            {
                return true;
            }
        }

        return false;
    }
}
