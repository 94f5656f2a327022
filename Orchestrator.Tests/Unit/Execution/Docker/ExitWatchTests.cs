using Orchestrator.AgentService.Execution.Docker;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Execution.Docker;

public sealed class ExitWatchTests : IAsyncDisposable
{
    private readonly FakeDockerEngine _engine = new();
    private readonly ListLogger _log = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ExitWatch _watch;
    private Task _run = Task.CompletedTask;

    public ExitWatchTests()
    {
        _watch = new ExitWatch(_engine, "l=v", TimeProvider.System, _log);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _engine.CutAsync();
        await _run;
        _stop.Dispose();
    }

    [Fact]
    public async Task End_is_told_to_those_who_expect_it_only()
    {
        await MakeAsync("a", "b");
        Run();
        await _watch.WhenConnectedAsync(CancellationToken.None);
        var (a, b) = (_watch.Expect("a"), _watch.Expect("b"));

        await _engine.EndAsync("a", 0);

        await a.WaitAsync(Until.Patience);
        Assert.False(b.IsCompleted);
    }

    [Fact]
    public async Task End_while_the_daemon_was_away_is_found_when_it_is_back()
    {
        await MakeAsync("a", "b");
        Run();
        await _watch.WhenConnectedAsync(CancellationToken.None);
        var (a, b) = (_watch.Expect("a"), _watch.Expect("b"));

        _engine.IsAway = true;
        await _engine.CutAsync();
        await Until.TrueAsync("it says so", () => _log.Messages.Any(message => message.StartsWith("Docker is away", StringComparison.Ordinal)));
        ((FakeDockerEngine.Container)_engine.Containers["a"]).Status = "exited";
        _engine.IsAway = false;

        await a.WaitAsync(Until.Patience);
        Assert.False(b.IsCompleted);
        await Until.TrueAsync("it says so", () => _log.Messages.Contains("Docker is back"));
        Assert.Equal(2, _log.Messages.Count);
    }

    [Fact]
    public async Task Container_that_is_gone_counts_as_ended()
    {
        var gone = _watch.Expect("gone");
        Run();

        await gone.WaitAsync(Until.Patience);
    }

    [Fact]
    public async Task Container_that_is_made_but_not_started_has_not_ended()
    {
        await _engine.CreateAsync("new", [], CancellationToken.None);
        var expected = _watch.Expect("new");
        Run();

        await _watch.WhenConnectedAsync(CancellationToken.None);
        Assert.False(expected.IsCompleted);
    }

    private void Run() => _run = _watch.RunAsync(_stop.Token);

    private async Task MakeAsync(params string[] names)
    {
        foreach (var name in names)
        {
            await _engine.CreateAsync(name, [], CancellationToken.None);
            await _engine.StartAsync(name, CancellationToken.None);
        }
    }
}
