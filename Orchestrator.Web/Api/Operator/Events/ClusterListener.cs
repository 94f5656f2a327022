using System.Threading.Channels;

namespace Orchestrator.Web.Api.Operator.Events;

/// <summary>One subscriber of <see cref="ClusterFeed"/>: the changes that wait for it.</summary>
internal sealed class ClusterListener(ClusterFeed owner) : IDisposable
{
    private readonly Channel<ClusterFrame> _frames = Channel.CreateBounded<ClusterFrame>(new BoundedChannelOptions(ClusterFeed.MaxOutstanding) { SingleReader = true });

    /// <summary>Whether changes were lost, or a newer subscriber took its place: the stream must be broken off.</summary>
    public bool IsCutOff { get; private set; }

    /// <summary>Changes in order.</summary>
    public ChannelReader<ClusterFrame> Frames => _frames.Reader;

    /// <summary>Leaves.</summary>
    public void Dispose()
    {
        _frames.Writer.TryComplete();
        owner.Leave(this);
    }

    internal void Deliver(ClusterFrame frame)
    {
        if (!IsCutOff && !_frames.Writer.TryWrite(frame))
        {
            CutOff();
        }
    }

    internal void CutOff()
    {
        IsCutOff = true;
        _frames.Writer.TryComplete();
    }
}
