using Microsoft.Extensions.Logging;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Hosting;

namespace Orchestrator.Tests.Unit.Web.Hosting;

public sealed class LogLevelsTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly LogLevels _levels;

    public LogLevelsTests() => _levels = new LogLevels(LogLevel.Information, _time);

    [Fact]
    public void Logger_has_its_own_level_or_that_of_the_nearest_name_above()
    {
        Assert.True(_levels.Set("A.B", LogLevel.Debug, null));
        Assert.True(_levels.Set("A.B.C", LogLevel.Error, null));
        Assert.True(_levels.IsEnabled("A.B", LogLevel.Debug));
        Assert.True(_levels.IsEnabled("A.B.D", LogLevel.Debug));
        Assert.False(_levels.IsEnabled("A.B.C.D", LogLevel.Warning));
        Assert.False(_levels.IsEnabled("A", LogLevel.Debug));
        Assert.False(_levels.IsEnabled("A.BC", LogLevel.Debug));
        Assert.False(_levels.IsEnabled(null, LogLevel.Debug));
        Assert.True(_levels.IsEnabled("Z", LogLevel.Information));
    }

    [Fact]
    public void Level_for_a_while_is_again_as_before_it()
    {
        _levels.Set("A", LogLevel.Warning, null);
        _levels.Set("A", LogLevel.Trace, TimeSpan.FromSeconds(10));
        _levels.Set("B", LogLevel.Trace, TimeSpan.FromSeconds(10));
        _levels.Set(LogLevels.Root, LogLevel.Error, TimeSpan.FromSeconds(10));
        Assert.True(_levels.IsEnabled("A", LogLevel.Trace));
        Assert.False(_levels.IsEnabled("Z", LogLevel.Warning));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(new Dictionary<string, LogLevel> { ["A"] = LogLevel.Warning, [LogLevels.Root] = LogLevel.Information }, _levels.All);
    }

    [Fact]
    public void Level_for_a_while_that_is_changed_meanwhile_keeps_what_was_before_both()
    {
        _levels.Set("A", LogLevel.Trace, TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(5));
        _levels.Set("A", LogLevel.Debug, TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(LogLevel.Debug, _levels.All["A"]);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.False(_levels.All.ContainsKey("A"));
        _levels.Set("A", LogLevel.Debug, TimeSpan.FromSeconds(10));
        _levels.Set("A", LogLevel.Error, null);
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(LogLevel.Error, _levels.All["A"]);
    }

    [Fact]
    public void Loggers_beyond_their_bound_get_no_level_of_their_own()
    {
        for (var i = 1; i < LogLevels.MaxLoggers; i++)
        {
            Assert.True(_levels.Set($"L{i}", LogLevel.Debug, null));
        }

        Assert.False(_levels.Set("more", LogLevel.Debug, null));
        Assert.True(_levels.Set("L1", LogLevel.Error, null));
    }
}
