namespace Orchestrator.Core.Master;

/// <summary>Rows by a small number that is used again after its row is gone; knows which changed since the last look.</summary>
/// <typeparam name="T">The row.</typeparam>
internal sealed class SlotTable<T>
    where T : class
{
    private readonly List<T?> _rows = [];
    private readonly Stack<int> _free = new();
    private readonly List<int> _changed = [];
    private readonly List<bool> _isChanged = [];

    /// <summary>The row of a slot; null when the slot is free.</summary>
    public T? this[int slot] => _rows[slot];

    /// <summary>Number of slots, free ones included.</summary>
    public int Slots => _rows.Count;

    /// <summary>Slots whose row changed, came or went since <see cref="ForgetChanges"/>.</summary>
    public List<int> Changed => _changed;

    /// <summary>Takes a slot for a row.</summary>
    public int Add(T row)
    {
        if (!_free.TryPop(out var slot))
        {
            slot = _rows.Count;
            _rows.Add(null);
            _isChanged.Add(false);
        }

        _rows[slot] = row;
        Touch(slot);
        return slot;
    }

    /// <summary>Frees a slot.</summary>
    public void Remove(int slot)
    {
        _rows[slot] = null;
        _free.Push(slot);
        Touch(slot);
    }

    /// <summary>Marks a row as changed.</summary>
    public void Touch(int slot)
    {
        if (!_isChanged[slot])
        {
            _isChanged[slot] = true;
            _changed.Add(slot);
        }
    }

    /// <summary>The changes were taken note of.</summary>
    public void ForgetChanges()
    {
        foreach (var slot in _changed)
        {
            _isChanged[slot] = false;
        }

        _changed.Clear();
    }
}
