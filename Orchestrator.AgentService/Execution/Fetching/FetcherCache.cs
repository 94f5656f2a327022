namespace Orchestrator.AgentService.Execution.Fetching;

/// <summary>
/// Files that tasks fetched with <c>cache</c>, by user and URI. Tasks that want the same at the same time share one
/// download. Files that nobody is using go, the longest unused first, when space is needed. Source: Mesos' fetcher cache.
/// </summary>
internal sealed class FetcherCache
{
    private readonly string _directory;
    private readonly long _maxBytes;
    private readonly Lock _lock = new();
    private readonly Dictionary<(string User, string Uri), Entry> _entries = [];
    private long _bytes;
    private long _clock;

    /// <summary>Empties the directory and begins.</summary>
    /// <exception cref="IOException">The directory cannot be had.</exception>
    internal FetcherCache(string directory, long maxBytes)
    {
        _directory = directory;
        _maxBytes = maxBytes;
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }

        Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private sealed class Entry(string path)
    {
        internal string Path => path;

        internal required Task Download { get; set; }

        internal long Bytes { get; set; }

        internal int Users { get; set; }

        internal long LastUse { get; set; }
    }

    /// <summary>A file in use; it stays until this is disposed.</summary>
    internal sealed class Lease(string path, Action release) : IDisposable
    {
        /// <summary>The file.</summary>
        internal string Path => path;

        /// <inheritdoc/>
        public void Dispose() => release();
    }

    /// <summary>The space does not suffice, even once everything unused has gone.</summary>
    internal sealed class FullException : Exception;

    /// <summary>Bytes taken.</summary>
    internal long Bytes
    {
        get
        {
            lock (_lock)
            {
                return _bytes;
            }
        }
    }

    /// <summary>The file of a URI, downloaded unless it is there.</summary>
    /// <param name="key">Whose, and which.</param>
    /// <param name="download">Writes it; is told a function to ask for space with the file's size so far.</param>
    /// <param name="cancellationToken">Ends the wait, not the download, which others may wait for too.</param>
    /// <exception cref="FullException">It does not fit.</exception>
    internal async Task<Lease> GetAsync((string User, string Uri) key, Func<FileStream, Action<long>, Task> download, CancellationToken cancellationToken)
    {
        Entry? entry;
        lock (_lock)
        {
            if (!_entries.TryGetValue(key, out entry))
            {
                entry = new Entry(Path.Combine(_directory, $"{++_clock}")) { Download = Task.CompletedTask };
                _entries.Add(key, entry);
                var made = entry;
                entry.Download = Task.Run(() => DownloadAsync(key, made, download), CancellationToken.None);
            }

            entry.Users++;
            entry.LastUse = ++_clock;
        }

        try
        {
            await entry.Download.WaitAsync(cancellationToken);
            return new Lease(entry.Path, () => Release(entry));
        }
        catch
        {
            Release(entry);
            throw;
        }
    }

    private async Task DownloadAsync((string User, string Uri) key, Entry entry, Func<FileStream, Action<long>, Task> download)
    {
        try
        {
            await using var file = new FileStream(entry.Path, FileMode.CreateNew, FileAccess.ReadWrite);
            await download(file, size => Reserve(entry, size));
            await file.FlushAsync();
            Reserve(entry, RandomAccess.GetLength(file.SafeFileHandle));
        }
        catch
        {
            // The next who asks tries again.
            lock (_lock)
            {
                _entries.Remove(key);
                _bytes -= entry.Bytes;
                entry.Bytes = 0;
            }

            File.Delete(entry.Path);
            throw;
        }
    }

    /// <summary>Takes space for a file of this size.</summary>
    private void Reserve(Entry entry, long size)
    {
        lock (_lock)
        {
            var more = size - entry.Bytes;
            while (more > 0 && _bytes + more > _maxBytes)
            {
                var (key, oldest) = _entries.Where(pair => pair.Value.Users == 0 && pair.Value.Download.IsCompleted).OrderBy(pair => pair.Value.LastUse).FirstOrDefault();
                if (oldest is null)
                {
                    throw new FullException();
                }

                _entries.Remove(key);
                _bytes -= oldest.Bytes;
                File.Delete(oldest.Path);
            }

            if (more > 0)
            {
                _bytes += more;
                entry.Bytes = size;
            }
        }
    }

    private void Release(Entry entry)
    {
        lock (_lock)
        {
            entry.Users--;
        }
    }
}
