using System.Globalization;
using Orchestrator.AgentService.Sandbox;

namespace Orchestrator.AgentService.Execution.Docker;

/// <summary>
/// One of a sandbox's files <c>stdout</c> and <c>stderr</c>, appended to. A full file becomes <c>stdout.1</c>, that one
/// <c>stdout.2</c>, and the oldest goes. The task can do what it likes with these names, so links are not followed and
/// nothing but an ordinary file is written to.
/// </summary>
internal sealed class OutputFile : IDisposable
{
    /// <summary>rw-r--r--</summary>
    private const int FileMode = 0x1A4;

    private const int BufferBytes = 16 * 1024;
    private readonly string _path;
    private readonly LogOptions _options;
    private FileStream _file;
    private long _length;
    private long _base;

    private OutputFile(string path, LogOptions options)
    {
        _path = path;
        _options = options;
        (_file, _length, Inode) = Open(path);
    }

    /// <summary>Bytes of the stream that were written, those in files set aside or deleted included.</summary>
    internal long Total => _base + _length;

    /// <summary>Which file is the current one.</summary>
    internal long Inode { get; private set; }

    /// <summary>Whether the current file is as large as it may become.</summary>
    internal bool IsFull => _options.MaxBytes > 0 && _length >= _options.MaxBytes;

    /// <summary>Opens it where an earlier run stopped; without one, what is in it already does not count.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    internal static OutputFile Open(string path, LogOptions options, LogProgress.StreamProgress? progress)
    {
        var log = new OutputFile(path, options);
        log._base = progress is null ? -log._length : progress.Inode == log.Inode ? progress.Base : progress.NextBase;
        return log;
    }

    /// <summary>What to remember of it.</summary>
    internal LogProgress.StreamProgress Remember(long beforeAnchor, long newest) =>
        new() { BeforeAnchor = beforeAnchor, Newest = newest, Inode = Inode, Base = _base, NextBase = Total };

    /// <summary>Appends. Rotate it when it is full.</summary>
    internal void Write(ReadOnlySpan<byte> bytes)
    {
        _file.Write(bytes);
        _length += bytes.Length;
    }

    /// <summary>Hands what was written to the system.</summary>
    internal void Flush() => _file.Flush();

    /// <summary>Sets the current file aside and begins a new one. What <see cref="Remember"/> said must be on disk before.</summary>
    internal void Rotate()
    {
        Flush();
        _base += _length;
        for (var i = _options.MaxFiles - 1; i > 1; i--)
        {
            if (File.Exists(Aside(i - 1)))
            {
                Posix.Rename(Aside(i - 1), Aside(i));
            }
        }

        // The old file keeps its inode until the new one has its own, so that the two cannot be taken for each other.
        Posix.Rename(_path, Aside(1));
        var old = _file;
        (_file, _length, Inode) = Open(_path);
        _base -= _length;
        old.Dispose();
        if (_options.MaxFiles < 2)
        {
            File.Delete(Aside(1));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private string Aside(int number) => string.Create(CultureInfo.InvariantCulture, $"{_path}.{number}");

    private static (FileStream File, long Length, long Inode) Open(string path)
    {
        var handle = Posix.OpenToAppend(path, FileMode);
        try
        {
            if (Posix.Inspect(handle) is not { IsRegular: true } facts)
            {
                throw new IOException($"{path} is no ordinary file");
            }

            return (new FileStream(handle, FileAccess.Write, BufferBytes), facts.Size, facts.Inode);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }
}
