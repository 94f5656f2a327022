using Orchestrator.Core.Contract.SchedulerApi;

namespace Orchestrator.Core.Marathon.Launching;

/// <summary>
/// Says to the master whether offers are wanted. Unlike Marathon, which waits up to 5 s, it asks at once when something can be
/// launched; a crowd of launches within <see cref="MinPause"/> makes one call.
/// </summary>
internal sealed class OfferDemand(ServicesState state)
{
    /// <summary>Shortest time between two calls.</summary>
    public static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(100);

    private bool _suppressed;
    private DateTimeOffset _lastRevive = DateTimeOffset.MinValue;

    /// <summary>When a call is due or a delay ends; null for never.</summary>
    public DateTimeOffset? NextDue { get; private set; }

    /// <summary>A subscription began: the master offers again whatever it has.</summary>
    public void Subscribed()
    {
        _suppressed = false;
        state.WantsOffers = state.Waiting.Count > 0;
        _lastRevive = DateTimeOffset.MinValue;
    }

    /// <summary>A delay was taken back.</summary>
    public void DelayEnded() => state.WantsOffers = true;

    /// <summary>Revives or suppresses if that is due.</summary>
    public void Advance(Turn turn)
    {
        // Reservations that nobody needs any more are given back on the offers that show them.
        var launchable = state.Released.Count > 0;
        DateTimeOffset? nextEnd = null;
        foreach (var app in state.Waiting)
        {
            if (app.Backoff.Until is { } until && until > turn.Now)
            {
                nextEnd = nextEnd is null || until < nextEnd ? until : nextEnd;
                app.IsDelayed = true;
            }
            else
            {
                launchable = true;
                state.WantsOffers |= app.IsDelayed;
                app.IsDelayed = false;
            }
        }

        NextDue = nextEnd;
        if (!state.Connected)
        {
            NextDue = null;
        }
        else if (!launchable)
        {
            state.WantsOffers = false;
            if (!_suppressed)
            {
                _suppressed = true;
                turn.Effects.Send(new Call { Type = Call.Types.Type.Suppress, Suppress = new Call.Types.Suppress() });
            }
        }
        else if (state.WantsOffers || _suppressed)
        {
            Revive(turn);
        }
    }

    private void Revive(Turn turn)
    {
        var at = _lastRevive == DateTimeOffset.MinValue ? turn.Now : _lastRevive + MinPause;
        if (at > turn.Now)
        {
            NextDue = NextDue is { } end && end < at ? end : at;
            return;
        }

        (state.WantsOffers, _suppressed, _lastRevive) = (false, false, turn.Now);
        turn.Effects.Send(new Call { Type = Call.Types.Type.Revive, Revive = new Call.Types.Revive() });
    }
}
