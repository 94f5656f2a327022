using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Views.Services;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Hosting.Probing;

namespace Orchestrator.Tests.Unit.Web.Hosting.Probing;

public sealed class HealthProberTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedMarathon _engine = new(ServiceSnapshots.Empty);
    private readonly FakeProbe _probe = new();
    private readonly HealthProber _prober;

    public HealthProberTests() => _prober = new HealthProber(_engine, _probe, _time, NullLogger<HealthProber>.Instance);

    public async ValueTask InitializeAsync() => await _prober.StartAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _prober.StopAsync(CancellationToken.None);
        _prober.Dispose();
    }

    [Fact]
    public async Task Prober_asks_again_and_again_and_tells_what_was_found()
    {
        _probe.Answer = _ => Task.FromResult(new ProbeResult(true, null));
        _engine.Publish(Running(1));
        Assert.Equal(("a.instance-0._app.1", 0, true, null), Told(await AdvanceUntilAsync(_engine.NextAsync<MarathonCommand.HealthChecked>())));

        _probe.Answer = _ => Task.FromResult(new ProbeResult(false, "500 Broken"));
        Assert.Equal(("a.instance-0._app.1", 0, false, "500 Broken"), Told(await AdvanceUntilAsync(_engine.NextAsync<MarathonCommand.HealthChecked>())));
    }

    [Fact]
    public async Task Prober_says_nothing_of_a_check_without_a_result_and_goes_on()
    {
        var asked = 0;
        _probe.Answer = _ => Task.FromResult(Interlocked.Increment(ref asked) < 3 ? new ProbeResult(null, null) : new ProbeResult(true, null));
        _engine.Publish(Running(1));
        await AdvanceUntilAsync(_engine.NextAsync<MarathonCommand.HealthChecked>());
        Assert.True(asked >= 3);
    }

    [Fact]
    public async Task Prober_with_many_tasks_has_a_bounded_number_of_checks_under_way()
    {
        var underWay = new ConcurrentQueue<TaskCompletionSource<ProbeResult>>();
        var full = new TaskCompletionSource();
        _probe.Answer = _ =>
        {
            var answer = new TaskCompletionSource<ProbeResult>(TaskCreationOptions.RunContinuationsAsynchronously);
            underWay.Enqueue(answer);
            if (underWay.Count == HealthProber.MaxUnderWay)
            {
                full.TrySetResult();
            }

            return answer.Task;
        };
        _engine.Publish(Running(1000));
        await AdvanceUntilAsync(full.Task.ContinueWith(static _ => true));
        for (var i = 0; i < 20; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(HealthProber.MaxUnderWay, underWay.Count);
        Assert.True(underWay.TryDequeue(out var first));
        first.SetResult(new ProbeResult(true, null));
        await _engine.NextAsync<MarathonCommand.HealthChecked>();
        await AdvanceUntilAsync(Task.Run(async () =>
        {
            while (underWay.Count < HealthProber.MaxUnderWay)
            {
                await Task.Yield();
            }

            return true;
        }));
    }

    [Fact]
    public async Task Prober_does_not_tell_of_a_task_that_went_while_it_was_asked()
    {
        var asked = new TaskCompletionSource();
        var answer = new TaskCompletionSource<ProbeResult>();
        _probe.Answer = target =>
        {
            if (target.TaskId.StartsWith("a.instance-0.", StringComparison.Ordinal))
            {
                asked.TrySetResult();
                return answer.Task;
            }

            return Task.FromResult(new ProbeResult(true, null));
        };
        _engine.Publish(Running(1));
        await AdvanceUntilAsync(asked.Task.ContinueWith(static _ => true));
        _engine.Publish(Running(1, first: 1) with { Version = 7 });
        var told = await AdvanceUntilAsync(_engine.NextAsync<MarathonCommand.HealthChecked>());
        Assert.StartsWith("a.instance-1.", told.TaskId, StringComparison.Ordinal);
        answer.SetResult(new ProbeResult(false, "gone"));
        Assert.StartsWith("a.instance-1.", (await AdvanceUntilAsync(_engine.NextAsync<MarathonCommand.HealthChecked>())).TaskId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prober_whose_engine_is_overloaded_or_whose_probe_fails_goes_on()
    {
        var asked = 0;
        _probe.Answer = _ => Interlocked.Increment(ref asked) == 1 ? throw new InvalidOperationException("a fault") : Task.FromResult(new ProbeResult(true, null));
        var refused = 0;
        _engine.Answer = _ => Interlocked.Increment(ref refused) == 1 ? throw new EngineOverloadedException() : new MarathonReply(200, default);
        _engine.Publish(Running(1));
        await AdvanceUntilAsync(_engine.NextAsync<MarathonCommand.HealthChecked>());
        Assert.True(asked >= 3);
    }

    [Fact]
    public async Task Prober_asks_an_instance_that_a_deployment_waits_for_and_no_other()
    {
        var app = new AppDefinition
        {
            Id = "/a",
            PortDefinitions = [new PortDefinition(0, "tcp", "http", new Dictionary<string, string>())],
            ReadinessChecks = [new ReadinessCheckDefinition { PortName = "http", IntervalSeconds = 5 }],
        };
        var instances = Enumerable.Range(0, 3).Select(i => ServiceSnapshots.Running(app, $"{i}", "one", 31000 + i) with { StartedAt = _time.GetUtcNow(), AwaitsReadiness = i == 1 }).ToArray();
        _probe.Answer = target => Task.FromResult(target.Port == 31001 && target.Readiness is not null ? new ProbeResult(true, null) { Response = new ReadinessResponse(200, "", "") } : new ProbeResult(false, "no"));
        _engine.Publish(ServiceSnapshots.Empty with { Version = 2, Apps = [ServiceSnapshots.App(app, instances)] });

        for (var i = 0; i < 3; i++)
        {
            var told = await AdvanceUntilAsync(_engine.NextAsync<MarathonCommand.ReadinessChecked>());
            Assert.Equal(("a.instance-1._app.1", 0, 200), (told.TaskId, told.CheckIndex, told.Response.Status));
        }
    }

    [Fact]
    public async Task Prober_tells_that_nobody_answered_as_504()
    {
        var app = new AppDefinition { Id = "/a", PortDefinitions = [new PortDefinition(0, "tcp", "http", new Dictionary<string, string>())], ReadinessChecks = [new ReadinessCheckDefinition { PortName = "http" }] };
        _probe.Answer = _ => Task.FromResult(new ProbeResult(false, "refused"));
        _engine.Publish(ServiceSnapshots.Empty with { Version = 2, Apps = [ServiceSnapshots.App(app, ServiceSnapshots.Running(app, "0", "one", 31000) with { AwaitsReadiness = true })] });

        var told = await AdvanceUntilAsync(_engine.NextAsync<MarathonCommand.ReadinessChecked>());

        Assert.Equal(new ReadinessResponse(504, "text/plain", "refused"), told.Response);
    }

    private static (string, int, bool?, string?) Told(MarathonCommand.HealthChecked told) => (told.TaskId, told.CheckIndex, told.Alive, told.Cause);

    private ServicesSnapshot Running(int count, int first = 0)
    {
        var app = new AppDefinition
        {
            Id = "/a",
            PortDefinitions = [new PortDefinition(0, "tcp", null, new Dictionary<string, string>())],
            HealthChecks = [new HealthCheckDefinition { Protocol = "HTTP", PortIndex = 0, IntervalSeconds = 1 }],
        };
        return ServiceSnapshots.Empty with
        {
            Version = 2,
            Apps = [ServiceSnapshots.App(app, [.. Enumerable.Range(first, count).Select(i => ServiceSnapshots.Running(app, $"{i}", "one", 31000) with { StartedAt = _time.GetUtcNow() })])],
        };
    }

    /// <summary>Lets time pass until something has happened.</summary>
    private async Task<T> AdvanceUntilAsync<T>(Task<T> happened)
    {
        while (!happened.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        return await happened;
    }

    private sealed class FakeProbe : IProbe
    {
        public Func<ProbeTarget, Task<ProbeResult>> Answer { get; set; } = static _ => Task.FromResult(new ProbeResult(true, null));

        public Task<ProbeResult> AskAsync(ProbeTarget target, CancellationToken cancellationToken) => Answer(target).WaitAsync(cancellationToken);
    }
}
