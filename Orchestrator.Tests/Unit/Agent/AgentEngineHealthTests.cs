using Orchestrator.Core.Agent;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Tests.Support;
using static Orchestrator.Tests.Support.AgentEngineHarness;
using Reasons = Orchestrator.Core.Contract.Mesos.TaskStatus.Types.Reason;

namespace Orchestrator.Tests.Unit.Agent;

public sealed class AgentEngineHealthTests
{
    private readonly AgentEngineHarness _agent = new AgentEngineHarness().Registered();

    private string RunChecked(uint failures = 3, double grace = 10) => _agent.RunToRunning(
        Task(change: task => task.HealthCheck = new HealthCheck
        {
            Type = HealthCheck.Types.Type.Tcp,
            Tcp = new HealthCheck.Types.TCPCheckInfo { Port = 80 },
            ConsecutiveFailures = failures,
            GracePeriodSeconds = grace,
        }),
        addresses: "172.17.0.9");

    private TaskStatus? Check(string container, bool healthy)
    {
        _agent.Tell(new AgentCommand.HealthChecked(container, healthy, healthy ? "" : "refused"));
        return _agent.Drain().SingleOrDefault();
    }

    [Fact]
    public void Running_task_with_a_check_is_checked_at_its_address()
    {
        var container = RunChecked();
        var start = _agent.Effects.Actions.OfType<AgentAction.StartHealthCheck>().Single();
        Assert.Equal((container, "172.17.0.9"), (start.ContainerId, start.IpAddress));
    }

    [Fact]
    public void First_success_is_told_once()
    {
        var container = RunChecked();
        _agent.Drain();
        var status = Check(container, true)!;
        Assert.True(status.Healthy);
        Assert.Equal(Reasons.TaskHealthCheckStatusUpdated, status.Reason);
        Assert.Null(Check(container, true));
    }

    [Fact]
    public void Failure_in_the_grace_period_before_any_success_is_not_told()
    {
        var container = RunChecked(failures: 1);
        _agent.Drain();
        Assert.Null(Check(container, false));
        _agent.Pass(TimeSpan.FromSeconds(11));
        Assert.False(Check(container, false)!.Healthy);
    }

    [Fact]
    public void Failure_in_the_grace_period_after_a_success_counts()
    {
        var container = RunChecked();
        _agent.Drain();
        Check(container, true);
        Assert.False(Check(container, false)!.Healthy);
        Assert.True(Check(container, true)!.Healthy);
    }

    [Fact]
    public void Failures_in_a_row_kill_the_task_as_unhealthy()
    {
        var container = RunChecked(failures: 2, grace: 0);
        _agent.Drain();
        _agent.Pass(TimeSpan.FromSeconds(1));
        Assert.False(Check(container, false)!.Healthy);
        Assert.True(Check(container, true)!.Healthy);
        Assert.False(Check(container, false)!.Healthy);
        _agent.Tell(new AgentCommand.HealthChecked(container, false, "refused"));
        Assert.Contains(new AgentAction.Stop(container, TimeSpan.FromSeconds(3)), _agent.Effects.Actions);
        Assert.Contains(new AgentAction.StopHealthCheck(container), _agent.Effects.Actions);
        _agent.Drain();
        _agent.Exit(container, 143);

        var status = _agent.Sent.Single();
        Assert.Equal((TaskState.TaskKilled, false), (status.State, status.Healthy));
        Assert.True(status.HasHealthy);
    }

    [Fact]
    public void Result_after_the_kill_changes_nothing()
    {
        var container = RunChecked();
        _agent.Kill();
        _agent.Drain();
        Assert.Null(Check(container, true));
    }
}
