using System.Globalization;
using Google.Protobuf;
using Orchestrator.Core.Contract.Store;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Core.Marathon.Groups;

/// <summary>Groups and the history of their tree as records of the journal; <see cref="Storage"/> names the keys.</summary>
internal static class TreeStorage
{
    public static void Store(Turn turn, GroupView group) => turn.Effects.Store(Storage.GroupPrefix + group.Id, Write(group).ToByteArray());

    public static void Forget(Turn turn, string groupId) => turn.Effects.Store(Storage.GroupPrefix + groupId, null);

    public static void Store(Turn turn, TreeChangeView change)
    {
        var stored = new StoredTreeChange { Version = Storage.Milliseconds(change.Version) };
        foreach (var (id, before) in change.Apps)
        {
            var row = new StoredTreeChange.Types.App { Id = id };
            if (before is not null)
            {
                row.Before = ByteString.CopyFrom(AppJson.ToBytes(before));
            }

            stored.Apps.Add(row);
        }

        foreach (var (id, before) in change.Groups)
        {
            stored.Groups.Add(new StoredTreeChange.Types.Group { Id = id, Before = before is null ? null : Write(before) });
        }

        turn.Effects.Store(KeyOf(change.Version), stored.ToByteArray());
    }

    public static void Forget(Turn turn, TreeChangeView change) => turn.Effects.Store(KeyOf(change.Version), null);

    /// <summary>Reads a group back.</summary>
    public static GroupView ReadGroup(byte[] value) => Read(StoredGroup.Parser.ParseFrom(value));

    /// <summary>Reads a change back.</summary>
    public static TreeChangeView ReadChange(byte[] value)
    {
        var stored = StoredTreeChange.Parser.ParseFrom(value);
        return new TreeChangeView(
            Storage.Time(stored.Version),
            stored.Apps.ToDictionary(row => row.Id, row => row.HasBefore ? Storage.ReadDefinition(row.Id, row.Before.ToByteArray()) : null),
            stored.Groups.ToDictionary(row => row.Id, row => row.Before is null ? null : Read(row.Before)));
    }

    private static StoredGroup Write(GroupView group)
    {
        var stored = new StoredGroup { Id = group.Id, Version = Storage.Milliseconds(group.Version) };
        stored.Dependencies.Add(group.Dependencies);
        if (group.EnforceRole)
        {
            stored.EnforceRole = true;
        }

        return stored;
    }

    private static GroupView Read(StoredGroup stored) => new(stored.Id, [.. stored.Dependencies], stored.EnforceRole, Storage.Time(stored.Version));

    private static string KeyOf(DateTimeOffset version) => string.Create(CultureInfo.InvariantCulture, $"{Storage.TreePrefix}{Storage.Milliseconds(version)}");
}
