namespace Orchestrator.Core.Agent.Executors;

/// <summary>Remembers the newest things that it was told, so many and no more.</summary>
internal sealed class RecentSet<T>(int capacity)
    where T : notnull
{
    private readonly HashSet<T> _members = [];
    private readonly Queue<T> _order = new();

    internal bool Contains(T item) => _members.Contains(item);

    internal void Add(T item)
    {
        if (!_members.Add(item))
        {
            return;
        }

        _order.Enqueue(item);
        if (_order.Count > capacity)
        {
            _members.Remove(_order.Dequeue());
        }
    }
}
