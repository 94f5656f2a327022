using System.Buffers.Binary;

namespace Orchestrator.AgentService.Execution.Docker;

/// <summary>
/// Takes a multiplexed stream of the Engine apart, wherever it is cut. A frame is <c>[1|2] 0 0 0</c>, four bytes of length,
/// most significant first, and the payload.
/// </summary>
internal sealed class LogFrames
{
    /// <summary>A longer frame is no frame; daemons cut lines at 16 KiB.</summary>
    internal const int MaxFrameBytes = 16 * 1024 * 1024;

    private const int HeaderBytes = 8;
    private byte[] _buffer = new byte[4 * 1024];
    private int _start;
    private int _end;

    /// <summary>Adds what arrived.</summary>
    internal void Append(ReadOnlySpan<byte> bytes)
    {
        if (_buffer.Length - _end < bytes.Length)
        {
            MakeRoom(bytes.Length);
        }

        bytes.CopyTo(_buffer.AsSpan(_end));
        _end += bytes.Length;
    }

    /// <summary>Takes the next whole frame.</summary>
    /// <exception cref="InvalidDataException">This is no multiplexed stream.</exception>
    internal bool TryRead(out LogFrame frame)
    {
        frame = default;
        var available = _buffer.AsSpan(_start, _end - _start);
        if (available.Length < HeaderBytes)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(available[4..]);
        if (available[0] > 3 || available[1] != 0 || available[2] != 0 || available[3] != 0 || length > MaxFrameBytes)
        {
            throw new InvalidDataException("The daemon's log stream is not in frames");
        }

        if (available.Length - HeaderBytes < length)
        {
            return false;
        }

        // 3 is an error of the daemon itself about the stream.
        frame = new LogFrame(available[0] >= 2, _buffer.AsMemory(_start + HeaderBytes, (int)length));
        _start += HeaderBytes + (int)length;
        return true;
    }

    private void MakeRoom(int bytes)
    {
        var kept = _end - _start;
        var target = kept + bytes > _buffer.Length ? new byte[Math.Max(_buffer.Length * 2, kept + bytes)] : _buffer;
        _buffer.AsSpan(_start, kept).CopyTo(target);
        _buffer = target;
        _start = 0;
        _end = kept;
    }
}
