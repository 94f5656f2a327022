using Orchestrator.Core.Contract.Apps;

namespace Orchestrator.Core.Marathon.Launching;

/// <summary>
/// The launch delay of an app after failures: b seconds after the first, longer by factor f with each further one, at most M.
/// </summary>
internal sealed class Backoff
{
    private double _delay;
    private DateTimeOffset _reference;

    /// <summary>No launch before this; null without a delay.</summary>
    public DateTimeOffset? Until => _delay > 0 ? _reference.AddSeconds(_delay) : null;

    /// <summary>Whether a launch must wait now.</summary>
    public bool IsDelaying(DateTimeOffset now) => Until > now;

    /// <summary>A task failed.</summary>
    public void Failed(AppDefinition app, DateTimeOffset now)
    {
        Forget(app, now);
        _delay = Math.Min(_delay > 0 ? _delay * app.BackoffFactor : app.BackoffSeconds, app.MaxLaunchDelaySeconds);
        _reference = now;
    }

    /// <summary>A task made progress: the time counts from now, the factor stays.</summary>
    public void Progressed(DateTimeOffset now)
    {
        if (_delay > 0 && now > _reference)
        {
            _reference = now;
        }
    }

    /// <summary>Starts anew: another configuration, or somebody asked for it.</summary>
    public void Reset() => _delay = 0;

    /// <summary>What is older than the longest delay does not count any more.</summary>
    private void Forget(AppDefinition app, DateTimeOffset now)
    {
        if (_delay > 0 && now > _reference.AddSeconds(app.MaxLaunchDelaySeconds))
        {
            _delay = 0;
        }
    }
}
