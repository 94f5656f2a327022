using Google.Protobuf.Reflection;
using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.Tests.Support;

/// <summary>Every message type of the contract, nested ones included, map entries not.</summary>
internal static class ContractMessages
{
    public static IReadOnlyList<MessageDescriptor> All { get; } = Collect();

    private static List<MessageDescriptor> Collect()
    {
        var all = new List<MessageDescriptor>();
        var files = typeof(FrameworkInfo).Assembly.GetTypes()
            .Where(type => type.Name.EndsWith("Reflection", StringComparison.Ordinal) && type.Namespace?.StartsWith("Orchestrator.Core.Contract", StringComparison.Ordinal) == true)
            .Select(type => type.GetProperty("Descriptor")?.GetValue(null))
            .OfType<FileDescriptor>();
        foreach (var file in files)
        {
            foreach (var message in file.MessageTypes)
            {
                Add(all, message);
            }
        }

        return all;
    }

    private static void Add(List<MessageDescriptor> all, MessageDescriptor message)
    {
        if (message.ClrType is null)
        {
            return;
        }

        all.Add(message);
        foreach (var nested in message.NestedTypes)
        {
            Add(all, nested);
        }
    }
}
