using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Views.Services;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Hosting.Probing;

namespace Orchestrator.Tests.Unit.Web.Hosting.Probing;

public sealed class ProbeScheduleTests
{
    private static readonly DateTimeOffset s_start = ServiceSnapshots.Start;
    private double _random;
    private readonly ProbeSchedule _schedule;

    public ProbeScheduleTests() => _schedule = new ProbeSchedule(() => _random);

    [Theory]
    [InlineData(60, 0, 5)]
    [InlineData(60, 1, 4)]
    [InlineData(2, 0, 2)]
    [InlineData(0, 0, 0.1)]
    public void First_check_of_a_new_task_comes_after_its_interval_or_five_seconds(double interval, double random, double expected)
    {
        _random = random;
        var app = App(interval);
        _schedule.Update(Snapshot(ServiceSnapshots.App(app, Started(app, "1", s_start))), s_start);
        Assert.Equal(s_start.AddSeconds(expected), _schedule.NextDue);
        Assert.Null(_schedule.Take(s_start.AddSeconds(expected - 0.01)));
        Assert.Equal("a.instance-1._app.1", _schedule.Take(s_start.AddSeconds(expected))!.Target.TaskId);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.5, 2.5)]
    public void First_check_of_a_task_from_before_a_restart_comes_at_a_moment_of_the_next_five_seconds(double random, double expected)
    {
        _random = random;
        var app = App(60);
        _schedule.Update(Snapshot(ServiceSnapshots.App(app, Started(app, "1", s_start.AddDays(-1)))), s_start);
        Assert.Equal(s_start.AddSeconds(expected), _schedule.NextDue);
    }

    [Fact]
    public void Next_check_comes_after_the_interval_from_the_end_of_the_one_before()
    {
        var app = App(60);
        _schedule.Update(Snapshot(ServiceSnapshots.App(app, Started(app, "1", s_start))), s_start);
        var probe = _schedule.Take(s_start.AddSeconds(5))!;
        Assert.Null(_schedule.NextDue);
        _schedule.Done(probe, s_start.AddSeconds(12));
        Assert.Equal(s_start.AddSeconds(72), _schedule.NextDue);
    }

    [Fact]
    public void Tasks_that_do_not_run_and_checks_of_the_agent_are_not_followed()
    {
        var app = App(60) with { HealthChecks = [new HealthCheckDefinition { Protocol = "MESOS_TCP", PortIndex = 0 }, new HealthCheckDefinition { Protocol = "COMMAND", Command = "true" }] };
        var waiting = App(60) with { Id = "/b" };
        _schedule.Update(Snapshot(ServiceSnapshots.App(app, Started(app, "1", s_start)), ServiceSnapshots.App(waiting, Started(waiting, "1", s_start) with { Condition = "Staging" })), s_start);
        Assert.Equal(0, _schedule.Count);
        Assert.Null(_schedule.NextDue);
    }

    [Fact]
    public void Task_that_goes_while_it_waits_or_is_asked_is_asked_no_more()
    {
        var app = App(60);
        var both = ServiceSnapshots.App(app, Started(app, "1", s_start), Started(app, "2", s_start));
        _schedule.Update(Snapshot(both), s_start);
        var asked = _schedule.Take(s_start.AddSeconds(5))!;
        _schedule.Update(Snapshot(ServiceSnapshots.App(app, Started(app, "3", s_start.AddSeconds(5)))), s_start.AddSeconds(5));
        Assert.True(asked.IsGone);
        _schedule.Done(asked, s_start.AddSeconds(6));
        Assert.Equal(1, _schedule.Count);
        Assert.Equal("a.instance-3._app.1", _schedule.Take(s_start.AddMinutes(5))!.Target.TaskId);
        Assert.Null(_schedule.Take(s_start.AddMinutes(5)));
        _schedule.Update(Snapshot(), s_start.AddMinutes(5));
        Assert.Equal(0, _schedule.Count);
    }

    [Fact]
    public void Task_of_an_old_version_is_asked_as_that_version_says()
    {
        var old = App(60) with { Version = s_start.AddDays(-1), HealthChecks = [new HealthCheckDefinition { Protocol = "TCP", Port = 7 }] };
        var app = App(60) with { Version = s_start };
        _schedule.Update(Snapshot(ServiceSnapshots.App(app, Started(old, "1", s_start)) with { Definitions = new Dictionary<DateTimeOffset, AppDefinition> { [old.Version] = old, [app.Version] = app } }), s_start);
        Assert.Equal(7, _schedule.Take(s_start.AddSeconds(5))!.Target.Port);
    }

    [Fact]
    public void Task_whose_address_comes_later_is_followed_then()
    {
        var app = App(60) with
        {
            Networks = [new NetworkDefinition(NetworkMode.Container, "overlay", new Dictionary<string, string>())],
            Container = new ContainerDefinition { IsDocker = true, PortMappings = [new PortMapping(80, null, 0, "tcp", null, new Dictionary<string, string>(), [])] },
        };
        var instance = Started(app, "1", s_start);
        _schedule.Update(Snapshot(ServiceSnapshots.App(app, instance with { IpAddresses = [] })), s_start);
        Assert.Equal(0, _schedule.Count);
        _schedule.Update(Snapshot(ServiceSnapshots.App(app, instance)), s_start);
        Assert.Equal("172.17.0.2", _schedule.Take(s_start.AddSeconds(5))!.Target.Host);
    }

    [Fact]
    public void App_that_did_not_change_is_not_looked_at_again()
    {
        var app = App(60);
        var instances = new CountedList([Started(app, "1", s_start)]);
        var view = ServiceSnapshots.App(app) with { Instances = instances };
        _schedule.Update(Snapshot(view), s_start);
        var enumerations = instances.Enumerations;
        _schedule.Update(Snapshot(view), s_start);
        Assert.Equal(enumerations, instances.Enumerations);
        Assert.Equal(1, _schedule.Count);
    }

    [Fact]
    public void Hundred_thousand_tasks_that_are_replaced_leave_a_queue_of_their_number()
    {
        var app = App(60);
        for (var round = 0; round < 5; round++)
        {
            var number = round;
            _schedule.Update(Snapshot(ServiceSnapshots.App(app, [.. Enumerable.Range(0, 20_000).Select(i => Started(app, $"{number}-{i}", s_start))])), s_start);
        }

        Assert.Equal(20_000, _schedule.Count);
        var taken = 0;
        while (_schedule.Take(s_start.AddSeconds(5)) is { } probe)
        {
            Assert.False(probe.IsGone);
            taken++;
        }

        Assert.Equal(20_000, taken);
    }

    private static AppDefinition App(double interval) => new()
    {
        Id = "/a",
        PortDefinitions = [new PortDefinition(0, "tcp", null, new Dictionary<string, string>())],
        HealthChecks = [new HealthCheckDefinition { Protocol = "HTTP", PortIndex = 0, IntervalSeconds = interval }],
    };

    private static InstanceView Started(AppDefinition app, string number, DateTimeOffset at) => ServiceSnapshots.Running(app, number, "one", 31000) with { StartedAt = at };

    private static ServicesSnapshot Snapshot(params AppView[] apps) => ServiceSnapshots.Empty with { Apps = apps };

    private sealed class CountedList(IReadOnlyList<InstanceView> inner) : IReadOnlyList<InstanceView>
    {
        public int Enumerations { get; private set; }

        public int Count => inner.Count;

        public InstanceView this[int index] => inner[index];

        public IEnumerator<InstanceView> GetEnumerator()
        {
            Enumerations++;
            return inner.GetEnumerator();
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
