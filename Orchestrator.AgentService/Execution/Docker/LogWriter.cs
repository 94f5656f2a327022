using System.Text.Json;
using Orchestrator.AgentService.Sandbox;

namespace Orchestrator.AgentService.Execution.Docker;

/// <summary>
/// Writes a container's output into its sandbox so that, however often the agent or the daemon is restarted, no byte is
/// missing and none is there twice.
/// </summary>
/// <remarks>
/// The daemon keeps the output with a time before each piece and gives it again from a time on. Here the number of bytes of
/// each stream before such a time, the anchor, is remembered; the files say how many bytes were written. What is read again
/// from the anchor on is skipped by the difference. Pieces of the two streams may lie in the log slightly out of order of
/// their times, so an anchor is used only once output five seconds younger was seen. When a daemon rotates its log while it
/// is followed, it goes back and repeats some of it (observed with 20.10); within a stream times never go back, so such
/// pieces are known.
/// </remarks>
internal sealed class LogWriter : IDisposable
{
    private const long AnchorAge = 5_000_000_000;
    private readonly string _record;
    private readonly OutputFile[] _logs;

    /// <summary>Bytes of each stream that were read, those written by an earlier reading included.</summary>
    private readonly long[] _positions = new long[2];
    private readonly long[] _beforeAnchor = new long[2];
    private readonly long[] _beforeCandidate = new long[2];
    private readonly long[] _newest = new long[2];

    /// <summary>The newest time of each stream in this reading.</summary>
    private readonly long[] _read = new long[2];
    private readonly bool[] _repeats = new bool[2];
    private long _anchor;
    private long _candidate;
    private bool _isFirst;

    /// <summary>Whether the daemon has thrown the anchor away.</summary>
    private bool _isCut;

    private LogWriter(string record, OutputFile[] logs, LogProgress? progress)
    {
        _record = record;
        _logs = logs;
        _anchor = progress?.Anchor ?? 0;
        _beforeAnchor[0] = progress?.Output.BeforeAnchor ?? 0;
        _beforeAnchor[1] = progress?.Error.BeforeAnchor ?? 0;
        _newest[0] = progress?.Output.Newest ?? 0;
        _newest[1] = progress?.Error.Newest ?? 0;
    }

    /// <summary>From when on to read; null for the beginning.</summary>
    internal string? Since => _anchor == 0 ? null : LogTime.Write(_anchor);

    /// <summary>Opens both files of a sandbox.</summary>
    /// <param name="sandbox">Its directory.</param>
    /// <param name="record">Where progress is remembered; not in the sandbox.</param>
    /// <param name="options">How large files become.</param>
    /// <exception cref="IOException">Something cannot be written.</exception>
    internal static LogWriter Open(string sandbox, string record, LogOptions options)
    {
        var progress = Read(record);
        var output = OutputFile.Open(Path.Combine(sandbox, "stdout"), options, progress?.Output);
        OutputFile? error = null;
        try
        {
            error = OutputFile.Open(Path.Combine(sandbox, "stderr"), options, progress?.Error);
            var writer = new LogWriter(record, [output, error], progress);
            if (progress is null)
            {
                writer.Save();
            }

            return writer;
        }
        catch
        {
            output.Dispose();
            error?.Dispose();
            throw;
        }
    }

    /// <summary>A reading from <see cref="Since"/> on begins.</summary>
    internal void BeginReading()
    {
        _beforeAnchor.CopyTo(_positions, 0);
        _candidate = 0;
        _isFirst = true;
        _isCut = false;
        Array.Clear(_read);
    }

    /// <summary>Takes one piece with its time in front.</summary>
    internal void Write(in LogFrame frame)
    {
        if (LogTime.Split(frame.Payload) is not var (time, text))
        {
            // What the daemon itself has to say about the log is no output.
            return;
        }

        var stream = frame.IsError ? 1 : 0;
        if (_isFirst)
        {
            _isFirst = false;
            _isCut = _anchor != 0 && time > _anchor;
            if (_isCut)
            {
                _positions[0] = _logs[0].Total;
                _positions[1] = _logs[1].Total;
            }
        }

        // The pieces of one long line share their time.
        _repeats[stream] = time < _read[stream] || (_repeats[stream] && time == _read[stream]);
        if (_repeats[stream] || (_isCut && time <= _newest[stream] && _read[stream] == 0))
        {
            return;
        }

        _read[stream] = time;
        MoveAnchors(stream, time, text.Length);
        Write(stream, text.Span);
        _newest[stream] = Math.Max(_newest[stream], time);
    }

    /// <summary>Takes output of a terminal, which has no frames and no times.</summary>
    internal void WriteRaw(ReadOnlySpan<byte> bytes) => Write(0, bytes);

    /// <summary>Hands what was written to the system.</summary>
    internal void Flush()
    {
        _logs[0].Flush();
        _logs[1].Flush();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Save();
        }
        catch (IOException)
        {
            // A full disk: the last record and the files still say all that matters.
        }

        _logs[0].Dispose();
        _logs[1].Dispose();
    }

    private void MoveAnchors(int stream, long time, int bytes)
    {
        if (_candidate == 0 || time >= _candidate + AnchorAge)
        {
            if (_candidate != 0 || _anchor == 0)
            {
                _anchor = _candidate == 0 ? time : _candidate;
                (_candidate == 0 ? _positions : _beforeCandidate).CopyTo(_beforeAnchor, 0);
                Save();
            }

            _candidate = time;
            _positions.CopyTo(_beforeCandidate, 0);
            return;
        }

        // Older than an anchor but later in the log: a reading from the anchor on will not see it.
        if (time < _candidate)
        {
            _beforeCandidate[stream] += bytes;
        }

        if (time < _anchor)
        {
            _beforeAnchor[stream] += bytes;
        }
    }

    private void Write(int stream, ReadOnlySpan<byte> bytes)
    {
        var log = _logs[stream];
        var known = (int)Math.Clamp(log.Total - _positions[stream], 0, bytes.Length);
        _positions[stream] += bytes.Length;
        if (known == bytes.Length)
        {
            return;
        }

        if (log.IsFull)
        {
            log.Flush();
            Save();
            log.Rotate();
        }

        log.Write(bytes[known..]);
    }

    private void Save()
    {
        Flush();
        var progress = new LogProgress { Anchor = _anchor, Output = _logs[0].Remember(_beforeAnchor[0], _newest[0]), Error = _logs[1].Remember(_beforeAnchor[1], _newest[1]) };
        Directory.CreateDirectory(Path.GetDirectoryName(_record)!);
        var temporary = _record + ".new";
        File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(progress));
        Posix.Rename(temporary, _record);
    }

    private static LogProgress? Read(string record)
    {
        try
        {
            return JsonSerializer.Deserialize<LogProgress>(File.ReadAllBytes(record));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }
}
