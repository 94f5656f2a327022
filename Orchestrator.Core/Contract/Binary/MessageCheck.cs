using System.Collections;
using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Orchestrator.Core.Contract.Binary;

/// <summary>Holds a message that was read to its declaration.</summary>
internal sealed class MessageCheck
{
    /// <summary>The most missing fields that are listed by name.</summary>
    private const int MaxListed = 20;

    private readonly MessagePath _path = new();
    private List<string>? _missing;

    /// <summary>Drops enum values without a name, then demands the required fields, of the message and all below it.</summary>
    /// <exception cref="MessageFormatException">Required fields are missing; the text lists them.</exception>
    internal static void Complete(IMessage message)
    {
        var table = MessageTable.Of(message.Descriptor);
        if (!table.NeedsCheck)
        {
            return;
        }

        var check = new MessageCheck();
        check.Visit(message, table);
        if (check._missing is { } missing)
        {
            var listed = string.Join(", ", missing.Count > MaxListed ? missing[..MaxListed] : missing);
            var rest = missing.Count > MaxListed ? string.Create(CultureInfo.InvariantCulture, $" and {missing.Count - MaxListed} more") : "";
            throw new MessageFormatException($"Missing required fields of {table.Name}: {listed}{rest}");
        }
    }

    private void Visit(IMessage message, MessageTable table)
    {
        foreach (var field in table.Fields)
        {
            if (field.IsMap)
            {
                VisitMap(message, field);
            }
            else if (field.IsRepeated)
            {
                VisitList(message, field);
            }
            else
            {
                VisitSingle(message, field);
            }
        }
    }

    private void VisitSingle(IMessage message, FieldTable field)
    {
        var present = field.Has(message);
        if (present && field.Type == FieldType.Enum && field.Enum!.Name((int)field.Accessor.GetValue(message)) is null)
        {
            field.Accessor.Clear(message);
            present = false;
        }

        if (!present && field.IsRequired)
        {
            (_missing ??= []).Add(_path.Of(field.Name));
        }
        else if (present && field.Type == FieldType.Message && field.Message.NeedsCheck)
        {
            _path.Push(field.Name);
            Visit((IMessage)field.Accessor.GetValue(message), field.Message);
            _path.Pop();
        }
    }

    private void VisitList(IMessage message, FieldTable field)
    {
        if (field.Type == FieldType.Message && field.Message.NeedsCheck)
        {
            var list = (IList)field.Accessor.GetValue(message);
            _path.Push(field.Name);
            for (var i = 0; i < list.Count; i++)
            {
                _path.SetIndex(i);
                Visit((IMessage)list[i]!, field.Message);
            }

            _path.Pop();
        }
        else if (field.Type == FieldType.Enum)
        {
            var list = (IList)field.Accessor.GetValue(message);
            for (var i = list.Count - 1; i >= 0; i--)
            {
                if (field.Enum!.Name((int)list[i]!) is null)
                {
                    list.RemoveAt(i);
                }
            }
        }
    }

    private void VisitMap(IMessage message, FieldTable field)
    {
        if (field.MapValue!.Type != FieldType.Message || !field.MapValue.Message.NeedsCheck)
        {
            return;
        }

        _path.Push(field.Name);
        foreach (DictionaryEntry entry in (IDictionary)field.Accessor.GetValue(message))
        {
            _path.Push(Convert.ToString(entry.Key, CultureInfo.InvariantCulture)!);
            Visit((IMessage)entry.Value!, field.MapValue.Message);
            _path.Pop();
        }

        _path.Pop();
    }
}
