using System.IO.Pipelines;
using System.Text;
using System.Threading.Channels;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Streaming;

namespace Orchestrator.Tests.Unit.Web.Streaming;

public sealed class EventWriterTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly Channel<ReadOnlyMemory<byte>> _frames = Channel.CreateUnbounded<ReadOnlyMemory<byte>>();

    [Fact]
    public async Task Writer_in_quiet_times_sends_an_empty_line_every_ten_seconds()
    {
        var pipe = new Pipe();
        var running = new EventWriter(_time).RunAsync([], _frames.Reader, pipe.Writer, CancellationToken.None);
        _frames.Writer.TryWrite("first"u8.ToArray());
        Assert.Equal("first", await ReadAsync(pipe));
        _time.Advance(EventWriter.KeepAliveInterval);
        Assert.Equal("\r\n", await ReadAsync(pipe));
        _frames.Writer.TryWrite("second"u8.ToArray());
        Assert.Equal("second", await ReadAsync(pipe));
        _frames.Writer.Complete();
        await running;
    }

    [Fact]
    public async Task Writer_whose_reader_takes_nothing_gives_up_after_its_patience()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 4, resumeWriterThreshold: 2));
        _frames.Writer.TryWrite("longer than the pipe"u8.ToArray());
        var running = new EventWriter(_time).RunAsync([], _frames.Reader, pipe.Writer, CancellationToken.None);
        _time.Advance(EventWriter.MaxStall);
        await Assert.ThrowsAsync<TimeoutException>(() => running);
    }

    [Fact]
    public async Task Writer_whose_reader_has_left_ends()
    {
        var pipe = new Pipe();
        await pipe.Reader.CompleteAsync();
        _frames.Writer.TryWrite("x"u8.ToArray());
        await new EventWriter(_time).RunAsync([], _frames.Reader, pipe.Writer, CancellationToken.None);
    }

    private static async Task<string> ReadAsync(Pipe pipe)
    {
        var read = await pipe.Reader.ReadAsync(new CancellationTokenSource(Until.Patience).Token);
        var text = Encoding.UTF8.GetString(read.Buffer);
        pipe.Reader.AdvanceTo(read.Buffer.End);
        return text;
    }
}
