using System.Text;
using Orchestrator.AgentService.Execution.Docker;

namespace Orchestrator.Tests.Unit.Execution.Docker;

public sealed class LogTimeTests
{
    [Theory]
    [InlineData("2026-11-24T21:52:47.123456789Z hello world\n", "1795557167.123456789", "hello world\n")]
    [InlineData("2026-11-24T21:52:47.000000001Z \n", "1795557167.000000001", "\n")]
    [InlineData("2026-11-24T21:52:47.5Z x", "1795557167.500000000", "x")]
    public void Time_before_the_text_is_split_off(string payload, string time, string text)
    {
        var split = LogTime.Split(Encoding.UTF8.GetBytes(payload))!.Value;

        Assert.Equal(time, LogTime.Write(split.Time));
        Assert.Equal(text, Encoding.UTF8.GetString(split.Text.Span));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no time at all, but blanks")]
    [InlineData("2026-11-24T21:52:47Z_________ x")]
    [InlineData("2026-13-24T21:52:47.123456789Z x")]
    public void Text_without_a_time_is_told_apart(string payload) => Assert.Null(LogTime.Split(Encoding.UTF8.GetBytes(payload)));
}
