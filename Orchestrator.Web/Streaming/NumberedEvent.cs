using Orchestrator.Core.Marathon;

namespace Orchestrator.Web.Streaming;

/// <summary>An event with its number, and its bytes, which are made when somebody first wants them.</summary>
internal sealed class NumberedEvent(long number, MarathonEvent happened)
{
    private ReadOnlyMemory<byte> _plain;
    private ReadOnlyMemory<byte> _withIds;

    public long Number => number;

    public MarathonEvent Happened => happened;

    /// <summary>The bytes of the stream.</summary>
    /// <param name="withIds">With the ids of its apps and its deployment in the data.</param>
    public ReadOnlyMemory<byte> Frame(bool withIds)
    {
        ref var frame = ref withIds ? ref _withIds : ref _plain;
        return frame.IsEmpty ? frame = EventFrame.Of(happened, number, withIds) : frame;
    }
}
