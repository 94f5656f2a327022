namespace Orchestrator.Web.Console.Feeds;

/// <summary>
/// Sorted and filtered lists, made once for each (version, key) and shared by all operators. The least recently used list
/// is dropped when there are too many.
/// </summary>
public sealed class SharedViews
{
    /// <summary>Most lists kept.</summary>
    public const int MaxViews = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = [];
    private long _uses;

    /// <summary>Number of lists kept.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>The list for a key as of a version; callers that come meanwhile wait for the one who makes it.</summary>
    /// <param name="key">Names list, filter and order, for example <c>agents|cpus|desc|rack1</c>.</param>
    /// <param name="version">Version of the snapshot that <paramref name="make"/> reads.</param>
    /// <param name="make">Makes the list; must depend on the key and the snapshot only.</param>
    public T Get<T>(string key, long version, Func<T> make)
        where T : class
    {
        Entry entry;
        lock (_gate)
        {
            if (!_entries.TryGetValue(key, out entry!))
            {
                if (_entries.Count >= MaxViews)
                {
                    _entries.Remove(_entries.MinBy(pair => pair.Value.LastUse).Key);
                }

                _entries[key] = entry = new Entry();
            }

            entry.LastUse = ++_uses;
        }

        lock (entry.Making)
        {
            // A slower circuit may still ask for an older version: it gets the newer list, as it soon would anyway.
            if (entry.Value is not T value || entry.Version < version)
            {
                var made = make();
                entry.Value = value = entry.Value is T old && AreSame(old, made) ? old : made;
                entry.Version = version;
            }

            return value;
        }
    }

    /// <summary>Arrays with equal entries stay the same object from version to version, so that pages see that nothing they show changed.</summary>
    private static bool AreSame(object old, object made)
    {
        if (old is not object[] before || made is not object[] after || before.Length != after.Length)
        {
            return false;
        }

        for (var i = 0; i < before.Length; i++)
        {
            if (!Equals(before[i], after[i]))
            {
                return false;
            }
        }

        return true;
    }

    private sealed class Entry
    {
        public Lock Making { get; } = new();

        public long LastUse { get; set; }

        public long Version { get; set; }

        public object? Value { get; set; }
    }
}
