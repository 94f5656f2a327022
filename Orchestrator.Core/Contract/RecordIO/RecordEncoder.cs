using System.Buffers;
using System.Buffers.Text;

namespace Orchestrator.Core.Contract.RecordIO;

/// <summary>
/// Frames records: the length in ASCII decimal, one LF, the bytes, for example <c>5\nhello</c>. Source: Mesos RecordIO.
/// </summary>
public static class RecordEncoder
{
    /// <summary>The longest header: ten digits and LF.</summary>
    public const int MaxHeaderBytes = 11;

    /// <summary>Writes the header of a record whose bytes the caller writes next.</summary>
    public static void WriteHeader(IBufferWriter<byte> output, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        var span = output.GetSpan(MaxHeaderBytes);
        Utf8Formatter.TryFormat(length, span, out var written);
        span[written] = (byte)'\n';
        output.Advance(written + 1);
    }

    /// <summary>Writes a whole record.</summary>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> record)
    {
        WriteHeader(output, record.Length);
        output.Write(record);
    }
}
