using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.Core.Agent;

/// <summary>
/// Turns the outcomes of single checks into what is told: failures before the first success and within the grace period
/// count for nothing; each other failure is told, the last allowed one ends the task; a success is told when it is the
/// first, or the first after a failure.
/// </summary>
internal sealed class HealthJudge(HealthCheck check, DateTimeOffset startedAt)
{
    private uint _failures;
    private bool _succeeded;

    internal enum Verdict
    {
        Nothing,
        Healthy,
        Unhealthy,

        /// <summary>Unhealthy, and to be killed.</summary>
        Hopeless,
    }

    internal Verdict Judge(bool healthy, DateTimeOffset now)
    {
        if (healthy)
        {
            var news = !_succeeded || _failures > 0;
            _succeeded = true;
            _failures = 0;
            return news ? Verdict.Healthy : Verdict.Nothing;
        }

        if (!_succeeded && now - startedAt <= TimeSpan.FromSeconds(check.GracePeriodSeconds))
        {
            return Verdict.Nothing;
        }

        _failures++;
        return check.ConsecutiveFailures > 0 && _failures >= check.ConsecutiveFailures ? Verdict.Hopeless : Verdict.Unhealthy;
    }
}
