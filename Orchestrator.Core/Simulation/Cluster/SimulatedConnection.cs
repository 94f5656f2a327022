using Orchestrator.Core.Primitives;

namespace Orchestrator.Core.Simulation.Cluster;

/// <summary>
/// One connection between a client and the host. In each direction messages arrive in order; when it is cut, some of those
/// under way still arrive and the rest is lost; each end learns of it at a time of its own, or not at all.
/// </summary>
internal sealed class SimulatedConnection(SimulationQueue queue, SeededRandom random, TimeSpan maxLatency, StreamId id)
{
    private readonly Direction _up = new();
    private readonly Direction _down = new();
    private bool _isCut;

    public StreamId Id => id;

    /// <summary>What the client does when it learns that the connection is gone; called once at most.</summary>
    public Action? ClientClosed { get; set; }

    /// <summary>The same for the host.</summary>
    public Action? HostClosed { get; set; }

    /// <summary>Sends to the host.</summary>
    public void Up(Action deliver) => Send(_up, deliver);

    /// <summary>Sends to the client.</summary>
    public void Down(Action deliver) => Send(_down, deliver);

    /// <summary>The network loses the connection; each end learns of it after a while, or never.</summary>
    public void Cut(TimeSpan? clientNotices, TimeSpan? hostNotices)
    {
        if (_isCut)
        {
            return;
        }

        _isCut = true;
        Drop(_up);
        Drop(_down);
        if (clientNotices is { } client)
        {
            queue.After(client, CloseClient);
        }

        if (hostNotices is { } host)
        {
            queue.After(host, CloseHost);
        }
    }

    /// <summary>The client ends it, or its process died.</summary>
    public void EndByClient()
    {
        ClientClosed = null;
        _down.Drop(0);
        Cut(null, TimeSpan.FromSeconds(2 * random.NextDouble()));
    }

    /// <summary>The host ends it after what was sent, or its process died.</summary>
    public void EndByHost(bool afterDelivery)
    {
        HostClosed = null;
        if (afterDelivery)
        {
            Down(CloseClient);
            return;
        }

        _up.Drop(0);
        Cut(TimeSpan.FromSeconds(2 * random.NextDouble()), null);
    }

    private void CloseClient()
    {
        var closed = ClientClosed;
        ClientClosed = null;
        Cut(null, null);
        closed?.Invoke();
    }

    private void CloseHost()
    {
        var closed = HostClosed;
        HostClosed = null;
        Cut(null, null);
        closed?.Invoke();
    }

    private void Drop(Direction direction) => direction.Drop(random.NextInt32(direction.UnderWay + 1));

    private void Send(Direction direction, Action deliver)
    {
        if (_isCut)
        {
            return;
        }

        var arrival = queue.Now + (maxLatency * random.NextDouble());
        direction.LastArrival = arrival > direction.LastArrival ? arrival : direction.LastArrival;
        var number = direction.Sent++;
        queue.At(direction.LastArrival, () =>
        {
            if (number < direction.Lost)
            {
                direction.Arrived++;
                deliver();
            }
        });
    }

    private sealed class Direction
    {
        public DateTimeOffset LastArrival { get; set; }

        public long Sent { get; set; }

        public long Arrived { get; set; }

        /// <summary>The first message that does not arrive.</summary>
        public long Lost { get; private set; } = long.MaxValue;

        public int UnderWay => (int)(Math.Min(Sent, Lost) - Arrived);

        /// <summary>Lets only so many of those under way arrive.</summary>
        public void Drop(int kept) => Lost = Math.Min(Lost, Arrived + kept);
    }
}
