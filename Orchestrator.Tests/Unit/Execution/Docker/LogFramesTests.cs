using System.Text;
using Orchestrator.AgentService.Execution.Docker;

namespace Orchestrator.Tests.Unit.Execution.Docker;

public sealed class LogFramesTests
{
    [Fact]
    public void Stream_cut_anywhere_gives_the_same_frames()
    {
        byte[] stream = [.. Frame(1, "out\n"), .. Frame(2, ""), .. Frame(2, "err\n"), .. Frame(1, new string('x', 300))];
        string[] expected = ["o:out\n", "e:", "e:err\n", "o:" + new string('x', 300)];

        for (var cut = 0; cut <= stream.Length; cut++)
        {
            var frames = new LogFrames();
            var seen = new List<string>();
            Read(frames, stream.AsSpan(0, cut), seen);
            Read(frames, stream.AsSpan(cut), seen);
            Assert.Equal(expected, seen);
        }
    }

    [Fact]
    public void Stream_in_single_bytes_gives_the_same_frames()
    {
        byte[] stream = [.. Frame(1, "first"), .. Frame(2, "second")];
        var frames = new LogFrames();
        var seen = new List<string>();

        foreach (var value in stream)
        {
            Read(frames, [value], seen);
        }

        Assert.Equal(["o:first", "e:second"], seen);
    }

    [Fact]
    public void Frames_larger_than_the_buffer_are_whole()
    {
        var text = new string('y', 200_000);
        var frames = new LogFrames();
        var seen = new List<string>();

        Read(frames, Frame(1, text), seen);

        Assert.Equal("o:" + text, Assert.Single(seen));
    }

    [Theory]
    [InlineData(new byte[] { (byte)'h', (byte)'e', (byte)'l', (byte)'l', (byte)'o', 0, 0, 0 })]
    [InlineData(new byte[] { 1, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff })]
    public void What_is_no_frame_is_refused(byte[] bytes)
    {
        var frames = new LogFrames();
        frames.Append(bytes);

        Assert.Throws<InvalidDataException>(() => frames.TryRead(out _));
    }

    internal static byte[] Frame(byte stream, string text)
    {
        var payload = Encoding.UTF8.GetBytes(text);
        return [stream, 0, 0, 0, (byte)(payload.Length >> 24), (byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, .. payload];
    }

    private static void Read(LogFrames frames, ReadOnlySpan<byte> bytes, List<string> seen)
    {
        frames.Append(bytes);
        while (frames.TryRead(out var frame))
        {
            seen.Add((frame.IsError ? "e:" : "o:") + Encoding.UTF8.GetString(frame.Payload.Span));
        }
    }
}
