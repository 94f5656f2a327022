using Orchestrator.Core.Views;

namespace Orchestrator.Web.Streaming.Hub;

/// <summary>One message of the stream of events.</summary>
/// <param name="Missed">Whether events between the last message and this one were already forgotten.</param>
/// <param name="Events">Oldest first; each has <c>sequence</c>, <c>at</c>, <c>kind</c>, <c>subject</c> and <c>text</c>.</param>
public sealed record EventBatch(bool Missed, IReadOnlyList<ClusterEvent> Events)
{
    /// <summary>
    /// The events behind a number; null when there are none. Without a number all that are kept, also when these are none,
    /// so that a stream answers at once.
    /// </summary>
    internal static EventBatch? After(IReadOnlyList<ClusterEvent> kept, long? after)
    {
        if (after is not { } last)
        {
            return new EventBatch(false, kept);
        }

        // A number beyond the newest is of a master before its restart: start over.
        if (kept.Count > 0 && kept[^1].Sequence < last)
        {
            return new EventBatch(true, kept);
        }

        var events = kept.Where(happened => happened.Sequence > last).ToList();
        return events.Count == 0 ? null : new EventBatch(events[0].Sequence > last + 1, events);
    }
}
