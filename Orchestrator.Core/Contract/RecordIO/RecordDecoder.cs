using System.Buffers;

namespace Orchestrator.Core.Contract.RecordIO;

/// <summary>
/// Takes records off the front of a byte stream that may be cut anywhere, header included. One decoder reads one stream;
/// after a malformed header it refuses everything that follows, because nothing says where the next record begins.
/// </summary>
/// <param name="maxRecordBytes">Longest record accepted, in bytes.</param>
public sealed class RecordDecoder(int maxRecordBytes = RecordDecoder.DefaultMaxRecordBytes)
{
    /// <summary>4 MiB: what clients of the reference accept.</summary>
    public const int DefaultMaxRecordBytes = 4 * 1024 * 1024;

    private const int HeaderUnread = -1;
    private int _length = HeaderUnread;
    private string? _failure;

    /// <summary>Whether the stream was found malformed; then every further call throws.</summary>
    public bool HasFailed => _failure is not null;

    /// <summary>Whether a record has begun and not ended: a stream that stops now was cut off.</summary>
    public bool IsInsideRecord => _length != HeaderUnread;

    /// <summary>
    /// Takes the next whole record. What was consumed is sliced off <paramref name="buffer"/>, a header also when its
    /// record is not yet whole; the rest must be handed in again with more behind it.
    /// </summary>
    /// <returns>False when more bytes are needed.</returns>
    /// <exception cref="MessageFormatException">The stream is malformed or a record is too long.</exception>
    public bool TryRead(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> record)
    {
        record = default;
        if (_failure is not null)
        {
            throw new MessageFormatException(_failure);
        }

        if (_length == HeaderUnread && !TryReadHeader(ref buffer))
        {
            return false;
        }

        if (buffer.Length < _length)
        {
            return false;
        }

        record = buffer.Slice(0, _length);
        buffer = buffer.Slice(_length);
        _length = HeaderUnread;
        return true;
    }

    private bool TryReadHeader(ref ReadOnlySequence<byte> buffer)
    {
        var reader = new SequenceReader<byte>(buffer);
        long length = 0;
        var digits = 0;
        while (reader.TryRead(out var next))
        {
            if (next == (byte)'\n' && digits > 0)
            {
                _length = (int)length;
                buffer = buffer.Slice(reader.Position);
                return true;
            }

            if (next is < (byte)'0' or > (byte)'9')
            {
                throw Fail($"Malformed record: expecting its length as decimal digits and a line feed, found byte 0x{next:x2}");
            }

            digits++;
            length = (length * 10) + (next - '0');
            if (length > maxRecordBytes || digits >= RecordEncoder.MaxHeaderBytes)
            {
                throw Fail($"A record announces more than the {maxRecordBytes} bytes that one may have; send smaller records");
            }
        }

        return false;
    }

    private MessageFormatException Fail(string text)
    {
        _failure = text;
        return new MessageFormatException(text);
    }
}
