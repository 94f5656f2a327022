using System.Buffers;

namespace Orchestrator.Tests.Support;

/// <summary>Byte sequences in pieces, as a network hands them over.</summary>
internal static class Segments
{
    /// <summary>The bytes cut in two at <paramref name="cut"/>.</summary>
    public static ReadOnlySequence<byte> Of(byte[] bytes, int cut) => Of(bytes.AsMemory(0, cut), bytes.AsMemory(cut));

    public static ReadOnlySequence<byte> Of(params ReadOnlyMemory<byte>[] parts)
    {
        var first = new Segment(parts[0], 0);
        var last = first;
        foreach (var part in parts.AsSpan(1))
        {
            last = last.Append(part);
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long index)
        {
            Memory = memory;
            RunningIndex = index;
        }

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
