using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Orchestrator.Core.Contract.Json;
using Orchestrator.Core.Views;

namespace Orchestrator.Web.Api.Operator;

/// <summary>
/// Documents by name and version of the snapshot: however many ask for the same one, it is written once, by the first of
/// them, on its own thread. Documents of older versions are forgotten; large ones are kept only while memory lasts.
/// </summary>
public sealed class DocumentCache
{
    /// <summary>Most documents kept; beyond it the cache starts over.</summary>
    public const int MaxDocuments = 128;

    /// <summary>From this size on, in bytes, a document may be collected although it is current.</summary>
    private const int LargeBytes = 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private long _version = -1;
    private long _hits;

    /// <summary>How often an answer was there already.</summary>
    public long Hits => Volatile.Read(ref _hits);

    /// <summary>The document of a snapshot, written now if need be.</summary>
    /// <param name="snapshot">What it shows.</param>
    /// <param name="key">Names the document and its parameters.</param>
    /// <param name="write">Writes it, from the snapshot alone.</param>
    public Document Get(ClusterSnapshot snapshot, string key, Action<Utf8JsonWriter, ClusterSnapshot> write) => Get(snapshot.Version, key, () => Write(snapshot, write));

    /// <summary>The document of a version, written now if need be.</summary>
    /// <param name="version">Of the snapshot that it shows.</param>
    /// <param name="key">Names the document and its parameters.</param>
    /// <param name="write">Writes it, from that snapshot alone.</param>
    public Document Get(long version, string key, Func<Document> write)
    {
        Entry entry;
        lock (_gate)
        {
            if (version > _version || _entries.Count >= MaxDocuments)
            {
                _entries.Clear();
                _version = Math.Max(_version, version);
            }

            if (version < _version)
            {
                // A reader that was slow: its snapshot is old, and the answer is for it alone.
                entry = new Entry();
            }
            else if (!_entries.TryGetValue(key, out entry!))
            {
                _entries[key] = entry = new Entry();
            }
        }

        lock (entry)
        {
            if (entry.Get() is { } document)
            {
                Interlocked.Increment(ref _hits);
                return document;
            }

            return entry.Set(write());
        }
    }

    private static Document Write(ClusterSnapshot snapshot, Action<Utf8JsonWriter, ClusterSnapshot> write)
    {
        var output = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(output, MesosJson.WriterOptions))
        {
            write(writer, snapshot);
        }

        return new Document(output.WrittenMemory, string.Create(CultureInfo.InvariantCulture, $"W/\"{snapshot.Master.Id}-{snapshot.Version}\""));
    }

    private sealed class Entry
    {
        private Document? _kept;
        private WeakReference<Document>? _large;

        public Document? Get() => _kept ?? (_large is not null && _large.TryGetTarget(out var document) ? document : null);

        public Document Set(Document document)
        {
            if (document.Json.Length < LargeBytes)
            {
                _kept = document;
            }
            else
            {
                _large = new WeakReference<Document>(document);
            }

            return document;
        }
    }
}
