using System.Text;
using Orchestrator.Web.Console.ViewModels.Logs;

namespace Orchestrator.Tests.Unit.Console.Logs;

public sealed class LogLinesTests
{
    [Fact]
    public void Lines_cut_anywhere_come_out_whole()
    {
        var bytes = Encoding.UTF8.GetBytes("erste Zeile: größer\nzweite 🚀\nohne Ende");
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var log = new LogLines();
            var lines = log.Add(bytes.AsSpan(0, cut)).Concat(log.Add(bytes.AsSpan(cut))).ToList();
            Assert.Equal(["erste Zeile: größer", "zweite 🚀"], lines);
            Assert.Equal("ohne Ende", log.Open);
        }
    }

    [Theory]
    [InlineData("\e[31mred\e[0m and \e[1;42mbold\e[m", "red and bold")]
    [InlineData("\e]0;title\aafter", "after")]
    [InlineData("\e]8;;http://x\e\\link\e]8;;\e\\", "link")]
    [InlineData("10%\r20%\r100%", "100%")]
    [InlineData("windows\r", "windows")]
    [InlineData("bell\a and back\b", "bell and back")]
    [InlineData("tab\tstays", "tab\tstays")]
    [InlineData("<script>alert(1)</script>", "<script>alert(1)</script>")]
    [InlineData("\e", "")]
    public void Line_with_what_terminals_obey_is_plain_text(string printed, string shown) => Assert.Equal(shown, LogLines.Clean(printed));

    [Fact]
    public void Line_without_end_is_broken_at_the_limit()
    {
        var log = new LogLines();
        var lines = log.Add(new byte[(LogLines.MaxLineLength * 3) + 1].Select(_ => (byte)'x').ToArray());
        Assert.All(lines, line => Assert.Equal(LogLines.MaxLineLength, line.Length));
        Assert.Equal(3, lines.Count);
        Assert.Equal("x", log.Open);
    }

    [Fact]
    public void Bytes_that_are_no_text_become_replacement_characters() =>
        Assert.Equal("a\ufffdb", Assert.Single(new LogLines().Add([(byte)'a', 0xff, (byte)'b', (byte)'\n'])));

    [Fact]
    public void Reset_log_forgets_the_open_line()
    {
        var log = new LogLines();
        log.Add("half"u8);
        log.Reset();
        Assert.Equal("new", Assert.Single(log.Add("new\n"u8)));
    }
}
