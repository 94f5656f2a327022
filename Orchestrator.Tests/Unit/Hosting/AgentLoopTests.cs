using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.AgentService.Hosting;
using Orchestrator.AgentService.Sandbox;
using Orchestrator.Core.Agent;
using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Hosting;

public sealed class AgentLoopTests
{
    /// <summary>A log that says when an error was written.</summary>
    private sealed class ErrorSignal : ILogger<AgentLoop>
    {
        internal TaskCompletionSource<string> Error { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Error)
            {
                Error.TrySetResult(formatter(state, exception));
            }
        }
    }

    [Fact]
    public async Task Turn_that_the_disk_refuses_lets_nothing_out_until_it_is_durable()
    {
        using var directory = new TemporaryDirectory();
        using var patience = new CancellationTokenSource(Until.Patience);
        using var store = CheckpointStore.Open(directory.Path, NullLogger.Instance);
        var log = new ErrorSignal();
        var time = new ManualTimeProvider();
        var options = new AgentOptions { Info = new AgentInfo { Hostname = "h" }, WorkDirectory = directory.Path, IpAddress = "127.0.0.1" };
        var loop = new AgentLoop(new AgentEngine(options, new SeededRandom(1)), store, time, log);
        var launched = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Act = action => launched.TrySetResult();
        var running = loop.RunAsync(patience.Token);
        await loop.AskAsync(new AgentCommand.Receive(new AgentEvent { Subscribed = new() { AgentId = new AgentID { Value = "S1" }, SilenceTimeoutSeconds = 9 } }), patience.Token);

        // A file where the directory of frameworks must be: nothing can be written below it.
        var obstacle = Path.Combine(directory.Path, "meta/slaves/S1/frameworks");
        await File.WriteAllTextAsync(obstacle, "");
        var reply = loop.AskAsync(
            new AgentCommand.Receive(new AgentEvent { RunTask = new() { FrameworkInfo = AgentEngineHarness.Framework(), Task = AgentEngineHarness.Task() } }), patience.Token).AsTask();
        Assert.Contains("cannot be written", await log.Error.Task.WaitAsync(patience.Token), StringComparison.Ordinal);
        Assert.False(launched.Task.IsCompleted);
        Assert.False(reply.IsCompleted);
        Assert.Empty(loop.Current.Tasks);

        File.Delete(obstacle);
        while (!reply.IsCompleted)
        {
            // The loop may not have begun its pause yet.
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await launched.Task.WaitAsync(patience.Token);
        Assert.Single(store.Load().Tasks);
        await patience.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    [Fact]
    public async Task Snapshot_of_many_tasks_is_shown_a_moment_later_but_at_once_to_who_asks()
    {
        using var directory = new TemporaryDirectory();
        using var patience = new CancellationTokenSource(Until.Patience);
        using var store = CheckpointStore.Open(directory.Path, NullLogger.Instance);
        var time = new ManualTimeProvider();
        var options = new AgentOptions { Info = new AgentInfo { Hostname = "h" }, WorkDirectory = directory.Path, IpAddress = "127.0.0.1" };
        var loop = new AgentLoop(new AgentEngine(options, new SeededRandom(1)), store, time, NullLogger<AgentLoop>.Instance);
        var sent = new SemaphoreSlim(0);
        loop.Send = _ => sent.Release();
        var running = loop.RunAsync(patience.Token);
        await loop.AskAsync(new AgentCommand.Receive(new AgentEvent { Subscribed = new() { AgentId = new AgentID { Value = "S1" }, SilenceTimeoutSeconds = 9 } }), patience.Token);
        AgentCommand Task(int number) => new AgentCommand.Receive(new AgentEvent { RunTask = new() { FrameworkInfo = AgentEngineHarness.Framework(), Task = AgentEngineHarness.ExecutorTask($"t{number}") } });
        for (var i = 0; i < 250; i++)
        {
            await loop.TellAsync(Task(i), patience.Token);
        }

        await loop.AskAsync(Task(250), patience.Token);
        Assert.Equal(251, loop.Current.Tasks.Count());
        await loop.TellAsync(Task(251), patience.Token);
        await loop.TellAsync(new AgentCommand.Receive(new AgentEvent { KillTask = new() { FrameworkId = new FrameworkID { Value = "f" }, TaskId = new TaskID { Value = "nobody" } } }), patience.Token);

        // Its answer leaves after the snapshot would have been shown.
        await sent.WaitAsync(patience.Token);
        Assert.Equal(251, loop.Current.Tasks.Count());
        time.Advance(TimeSpan.FromMilliseconds(20));
        await loop.WaitForAsync(snapshot => snapshot.Tasks.Count() == 252, patience.Token);
        await patience.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    [Fact]
    public async Task Deadline_of_the_engine_wakes_the_loop()
    {
        using var directory = new TemporaryDirectory();
        using var patience = new CancellationTokenSource(Until.Patience);
        using var store = CheckpointStore.Open(directory.Path, NullLogger.Instance);
        var time = new ManualTimeProvider();
        var options = new AgentOptions { Info = new AgentInfo { Hostname = "h" }, WorkDirectory = directory.Path, IpAddress = "127.0.0.1" };
        var loop = new AgentLoop(new AgentEngine(options, new SeededRandom(1)), store, time, NullLogger<AgentLoop>.Instance);
        var container = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var updates = System.Threading.Channels.Channel.CreateUnbounded<TaskStatus>();
        loop.Act = action => container.TrySetResult(((AgentAction.Launch)action).Container.Location.ContainerId);
        loop.Send = call => updates.Writer.TryWrite(call.Update.Status);
        var running = loop.RunAsync(patience.Token);
        await loop.TellAsync(new AgentCommand.Receive(new AgentEvent { Subscribed = new() { AgentId = new AgentID { Value = "S1" }, SilenceTimeoutSeconds = 9 } }), patience.Token);
        await loop.TellAsync(new AgentCommand.Receive(new AgentEvent { RunTask = new() { FrameworkInfo = AgentEngineHarness.Framework(), Task = AgentEngineHarness.Task() } }), patience.Token);
        await loop.TellAsync(new AgentCommand.Launched(await container.Task.WaitAsync(patience.Token), [], 1, null), patience.Token);
        var first = await updates.Reader.ReadAsync(patience.Token);

        TaskStatus? again;
        while (!updates.Reader.TryRead(out again))
        {
            time.Advance(TimeSpan.FromSeconds(5));
            await Task.Yield();
        }

        Assert.Equal(first, again);
        await patience.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }
}
