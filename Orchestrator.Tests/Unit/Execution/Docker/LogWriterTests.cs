using System.Globalization;
using System.Text;
using Orchestrator.AgentService.Execution.Docker;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Execution.Docker;

/// <summary>A daemon's log, read again and again from where the writer asks, ends up in the files once.</summary>
public sealed class LogWriterTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly List<(long Milliseconds, bool IsError, string Text)> _log = [];

    private string Sandbox => _directory.Sub("sandbox");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Readings_that_break_off_anywhere_lose_and_double_nothing()
    {
        for (var i = 0; i < 200; i++)
        {
            _log.Add((i * 100, i % 3 == 0, $"line {i}\n"));
        }

        for (var taken = 0; taken < 200; taken += 7)
        {
            Read(taken);
        }

        Read(int.MaxValue);

        Assert.Equal(Expected(isError: false), Text("stdout"));
        Assert.Equal(Expected(isError: true), Text("stderr"));
    }

    [Fact]
    public void Later_reading_begins_near_the_end_and_not_at_the_beginning()
    {
        for (var i = 0; i < 100; i++)
        {
            _log.Add((i * 1000, false, "x\n"));
        }

        Read(int.MaxValue);

        using var writer = Open();
        Assert.True(string.CompareOrdinal(writer.Since, Stamp(85_000)) > 0, writer.Since);
    }

    [Fact]
    public void Pieces_out_of_the_order_of_their_times_are_not_lost()
    {
        for (var i = 0; i < 100; i++)
        {
            // Both streams are stamped by different threads of the daemon.
            _log.Add(((i * 500) + (i % 2 == 0 ? 30 : 0), i % 2 == 0, $"line {i}\n"));
        }

        foreach (var taken in new[] { 3, 41, 42, 77 })
        {
            Read(taken);
        }

        Read(int.MaxValue);

        Assert.Equal(Expected(isError: false), Text("stdout"));
        Assert.Equal(Expected(isError: true), Text("stderr"));
    }

    [Fact]
    public void Full_file_is_set_aside_and_the_oldest_goes()
    {
        for (var i = 0; i < 10; i++)
        {
            _log.Add((i, false, $"line {i}\n"));
        }

        Read(int.MaxValue, new LogOptions(14, 3));

        Assert.Equal("line 8\nline 9\n", Text("stdout"));
        Assert.Equal("line 6\nline 7\n", Text("stdout.1"));
        Assert.Equal("line 4\nline 5\n", Text("stdout.2"));
        Assert.False(File.Exists(Path.Combine(Sandbox, "stdout.3")));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(50)]
    public void Rotation_between_readings_loses_and_doubles_nothing(int files)
    {
        for (var i = 0; i < 60; i++)
        {
            _log.Add((i * 300, i % 4 == 0, string.Create(CultureInfo.InvariantCulture, $"line {i:00}\n")));
        }

        var options = new LogOptions(40, files);
        for (var taken = 0; taken < 60; taken += 5)
        {
            Read(taken, options);
        }

        Read(int.MaxValue, options);

        var kept = string.Concat(Enumerable.Range(1, files).Reverse().Select(i => Path.Combine(Sandbox, "stdout." + i)).Where(File.Exists).Select(File.ReadAllText)) + Text("stdout");
        Assert.EndsWith(kept, Expected(isError: false), StringComparison.Ordinal);
        Assert.True(files < 50 || kept == Expected(isError: false));
    }

    [Fact]
    public void What_stood_in_the_files_before_stays_and_does_not_count()
    {
        File.WriteAllText(Path.Combine(Sandbox, "stdout"), "fetched something\n");
        _log.Add((0, false, "first\n"));
        _log.Add((1, false, "second\n"));

        Read(1);
        Read(int.MaxValue);

        Assert.Equal("fetched something\nfirst\nsecond\n", Text("stdout"));
    }

    [Fact]
    public void Log_that_the_daemon_cut_at_its_beginning_is_taken_as_new()
    {
        for (var i = 0; i < 10; i++)
        {
            _log.Add((i * 3000, false, $"line {i}\n"));
        }

        Read(int.MaxValue);
        _log.Clear();
        _log.Add((60_000, false, "after\n"));
        Read(int.MaxValue);

        Assert.EndsWith("line 9\nafter\n", Text("stdout"), StringComparison.Ordinal);
    }

    [Fact]
    public void Log_that_the_daemon_cut_somewhere_later_is_taken_from_the_newest_piece_on()
    {
        for (var i = 0; i < 10; i++)
        {
            _log.Add((i * 3000, false, $"line {i}\n"));
        }

        Read(9);
        _log.RemoveRange(0, 8);
        Read(int.MaxValue);

        Assert.EndsWith("line 7\nline 8\nline 9\n", Text("stdout"), StringComparison.Ordinal);
        Assert.Equal(10, Text("stdout").Split('\n').Length - 1);
    }

    [Fact]
    public void Pieces_that_the_daemon_repeats_when_it_rotates_its_log_are_written_once()
    {
        foreach (var i in new[] { 1, 2, 3, 4, 2, 3, 4, 5, 6 })
        {
            _log.Add((i, false, $"line {i}\n"));
        }

        Read(int.MaxValue);

        Assert.Equal("line 1\nline 2\nline 3\nline 4\nline 5\nline 6\n", Text("stdout"));
    }

    [Fact]
    public void Pieces_of_a_long_line_share_their_time_and_are_all_written()
    {
        _log.Add((1, false, "one "));
        _log.Add((1, false, "long "));
        _log.Add((1, false, "line\n"));

        Read(2);
        Read(int.MaxValue);

        Assert.Equal("one long line\n", Text("stdout"));
    }

    [Fact]
    public void Output_of_a_terminal_is_skipped_by_its_length()
    {
        using (var writer = Open())
        {
            writer.BeginReading();
            writer.WriteRaw("abc"u8);
        }

        using (var writer = Open())
        {
            writer.BeginReading();
            writer.WriteRaw("ab"u8);
            writer.WriteRaw("cdef"u8);
        }

        Assert.Equal("abcdef", Text("stdout"));
    }

    [Fact]
    public void Link_in_the_place_of_a_file_is_not_followed()
    {
        var secret = Path.Combine(_directory.Path, "secret");
        File.WriteAllText(secret, "untouched");
        File.CreateSymbolicLink(Path.Combine(Sandbox, "stdout"), secret);

        Assert.Throws<IOException>(() => Open());
        Assert.Equal("untouched", File.ReadAllText(secret));
    }

    /// <summary>One reading, which breaks off after so many pieces of the whole log.</summary>
    private void Read(int upTo, LogOptions? options = null)
    {
        using var writer = Open(options);
        var since = writer.Since;
        writer.BeginReading();
        foreach (var (milliseconds, isError, text) in _log.Take(upTo).Where(piece => since is null || string.CompareOrdinal(Stamp(piece.Milliseconds), since) >= 0))
        {
            var payload = Encoding.UTF8.GetBytes($"{Date(milliseconds)} {text}");
            writer.Write(new LogFrame(isError, payload));
        }
    }

    private LogWriter Open(LogOptions? options = null) => LogWriter.Open(Sandbox, Path.Combine(_directory.Path, "docker", "record.json"), options ?? new LogOptions(0, 1));

    private string Text(string name) => File.ReadAllText(Path.Combine(Sandbox, name));

    private string Expected(bool isError) => string.Concat(_log.Where(piece => piece.IsError == isError).Select(piece => piece.Text));

    private static string Date(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(1_795_557_167_000 + milliseconds).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'000000Z'", CultureInfo.InvariantCulture);

    private static string Stamp(long milliseconds) => LogTime.Write((1_795_557_167_000 + milliseconds) * 1_000_000);
}
