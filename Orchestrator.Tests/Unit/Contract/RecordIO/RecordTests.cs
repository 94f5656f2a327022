using System.Buffers;
using System.Text;
using Orchestrator.Core.Contract;
using Orchestrator.Core.Contract.RecordIO;
using Orchestrator.Core.Primitives;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Contract.RecordIO;

public sealed class RecordTests
{
    [Fact]
    public void Encoder_writes_length_line_feed_and_bytes()
    {
        var output = new ArrayBufferWriter<byte>();
        RecordEncoder.Write(output, "hello"u8);
        RecordEncoder.Write(output, default);
        Assert.Equal("5\nhello0\n", Encoding.ASCII.GetString(output.WrittenSpan));
    }

    [Fact]
    public void Decoder_reads_records_cut_anywhere()
    {
        byte[][] records = ["hello"u8.ToArray(), [], Enumerable.Repeat((byte)'\n', 137).ToArray(), "0123456789"u8.ToArray()];
        var output = new ArrayBufferWriter<byte>();
        foreach (var record in records)
        {
            RecordEncoder.Write(output, record);
        }

        var stream = output.WrittenSpan.ToArray();
        for (var first = 0; first <= stream.Length; first++)
        {
            Assert.Equal(records, Decode(stream, [first, stream.Length - first]));
        }

        Assert.Equal(records, Decode(stream, Enumerable.Repeat(1, stream.Length)));
    }

    [Fact]
    public void Decoder_reads_what_the_encoder_wrote_for_any_records_and_cuts()
    {
        for (ulong seed = 1; seed <= 200; seed++)
        {
            var random = new SeededRandom(seed);
            var output = new ArrayBufferWriter<byte>();
            var records = new List<byte[]>();
            for (var i = random.NextInt32(8); i >= 0; i--)
            {
                var record = new byte[random.NextInt32(300)];
                for (var j = 0; j < record.Length; j++)
                {
                    record[j] = (byte)random.NextInt32(256);
                }

                records.Add(record);
                RecordEncoder.Write(output, record);
            }

            var cuts = new List<int>();
            for (var left = output.WrittenCount; left > 0; left -= cuts[^1])
            {
                cuts.Add(1 + random.NextInt32(Math.Min(left, 97)));
            }

            Assert.Equal(records, Decode(output.WrittenSpan.ToArray(), cuts));
        }
    }

    [Theory]
    [InlineData("x")]
    [InlineData("\n")]
    [InlineData("5 \nhello")]
    [InlineData("-1\n")]
    [InlineData("+5\nhello")]
    [InlineData("1.5\n")]
    [InlineData("5\r\nhello")]
    public void Decoder_refuses_a_malformed_length_for_good(string stream)
    {
        var decoder = new RecordDecoder();
        var buffer = new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes(stream));
        Assert.Throws<MessageFormatException>(() => decoder.TryRead(ref buffer, out _));
        Assert.True(decoder.HasFailed);
        var sound = new ReadOnlySequence<byte>("5\nhello"u8.ToArray());
        Assert.Throws<MessageFormatException>(() => decoder.TryRead(ref sound, out _));
    }

    [Theory]
    [InlineData("11\n", false)]
    [InlineData("10\n0123456789", true)]
    [InlineData("00000000000000000001\n0", false)]
    [InlineData("99999999999999999999999999\n", false)]
    public void Decoder_refuses_a_record_beyond_its_limit_before_reading_it(string stream, bool accepted)
    {
        var decoder = new RecordDecoder(maxRecordBytes: 10);
        var buffer = new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes(stream));
        var error = Record.Exception(() => Assert.True(decoder.TryRead(ref buffer, out _)));
        Assert.Equal(accepted, error is null);
        Assert.True(error is null or MessageFormatException);
    }

    [Fact]
    public void Decoder_says_whether_a_record_was_cut_off()
    {
        var decoder = new RecordDecoder();
        var buffer = new ReadOnlySequence<byte>("3\nab"u8.ToArray());
        Assert.False(decoder.TryRead(ref buffer, out _));
        Assert.True(decoder.IsInsideRecord);
        Assert.Equal("ab", Encoding.ASCII.GetString(buffer.ToArray()));
        buffer = new ReadOnlySequence<byte>("abc"u8.ToArray());
        Assert.True(decoder.TryRead(ref buffer, out _));
        Assert.False(decoder.IsInsideRecord);
    }

    private static List<byte[]> Decode(byte[] stream, IEnumerable<int> pieces)
    {
        var decoder = new RecordDecoder();
        var records = new List<byte[]>();
        var at = 0;
        var left = ReadOnlySequence<byte>.Empty;
        foreach (var piece in pieces)
        {
            left = Segments.Of(left.ToArray(), stream.AsMemory(at, piece));
            at += piece;
            while (decoder.TryRead(ref left, out var record))
            {
                records.Add(record.ToArray());
            }
        }

        Assert.True(left.IsEmpty);
        Assert.False(decoder.IsInsideRecord);
        return records;
    }
}
