using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Orchestrator.Core.Contract.Binary;

/// <summary>One field of a <see cref="MessageTable"/>.</summary>
internal sealed class FieldTable
{
    private readonly FieldDescriptor _descriptor;
    private readonly bool _hasPresence;
    private MessageTable? _message;

    internal FieldTable(FieldDescriptor descriptor)
    {
        _descriptor = descriptor;
        var proto = descriptor.ToProto();
        _hasPresence = descriptor.HasPresence;
        Name = descriptor.Name;
        Utf8Name = Encoding.UTF8.GetBytes(Name);
        EncodedName = JsonEncodedText.Encode(Name);
        Type = descriptor.FieldType;
        IsMap = descriptor.IsMap;
        IsRepeated = descriptor.IsRepeated && !IsMap;
        IsRequired = descriptor.IsRequired;
        EmitsDefault = proto.HasDefaultValue && descriptor.ContainingOneof is null && proto.Options is not { Deprecated: true };
        IsSecret = Type == FieldType.Message && !IsMap && descriptor.MessageType.FullName == "mesos.v1.Secret.Value";
        Enum = Type == FieldType.Enum ? EnumTable.Of(descriptor.EnumType) : null;
        MapKey = IsMap ? new FieldTable(descriptor.MessageType.FindFieldByNumber(1)) : null;
        MapValue = IsMap ? new FieldTable(descriptor.MessageType.FindFieldByNumber(2)) : null;
    }

    internal string Name { get; }

    internal byte[] Utf8Name { get; }

    internal JsonEncodedText EncodedName { get; }

    internal FieldType Type { get; }

    /// <summary>Repeated and no map.</summary>
    internal bool IsRepeated { get; }

    internal bool IsMap { get; }

    internal bool IsRequired { get; }

    /// <summary>Has a declared default and is not deprecated: written even when unset.</summary>
    internal bool EmitsDefault { get; }

    /// <summary>Null for the key and value of a map, which are read through the dictionary.</summary>
    internal IFieldAccessor Accessor => _descriptor.Accessor;

    /// <summary>Whether a single field is set. Fields of proto3 (durations) know no presence: they are set when not zero.</summary>
    internal bool Has(IMessage message) =>
        _hasPresence ? Accessor.HasValue(message) : Accessor.GetValue(message) is not (null or 0 or 0L or 0u or 0ul or 0d or 0f or false or "");

    /// <summary>Holds a secret in clear (<c>Secret.value</c>), which only the receiver of the message may see.</summary>
    internal bool IsSecret { get; }

    internal EnumTable? Enum { get; }

    internal FieldTable? MapKey { get; }

    internal FieldTable? MapValue { get; }

    /// <summary>The table of a message field; found late because messages may contain themselves.</summary>
    internal MessageTable Message => _message ??= MessageTable.Of(_descriptor.MessageType);
}
