namespace Orchestrator.Core.Allocator;

/// <summary>
/// What a top-level role is guaranteed, is limited to and consumes, by interned name in thousandths. Consumed is what the role
/// and those below it hold or are offered, and all that is reserved to them whether it is used or not; revocable resources
/// count for nothing.
/// </summary>
internal sealed class QuotaRow
{
    /// <summary>Stands for no limit.</summary>
    public const long Unlimited = long.MaxValue / 4;

    private long[] _consumed = [];
    private long[] _guarantees = [];
    private long[] _limits = [];

    /// <summary>Whether there is any guarantee.</summary>
    public bool HasGuarantees => _guarantees.Length > 0;

    /// <summary>Whether there is any limit.</summary>
    public bool HasLimits => _limits.Length > 0;

    /// <summary>Sets both; empty arrays take the quota away. A limit of <see cref="Unlimited"/> is none.</summary>
    public void Set(long[] guarantees, long[] limits)
    {
        _guarantees = guarantees;
        _limits = limits;
    }

    public void Consume(int name, long thousandths)
    {
        if (name >= _consumed.Length)
        {
            Array.Resize(ref _consumed, name + 1);
        }

        _consumed[name] += thousandths;
    }

    public long Consumed(int name) => name < _consumed.Length ? _consumed[name] : 0;

    /// <summary>How much of the guarantee is not consumed yet.</summary>
    public long Unmet(int name) => name < _guarantees.Length ? Math.Max(0, _guarantees[name] - Consumed(name)) : 0;

    /// <summary>How much more it may have.</summary>
    public long Left(int name) => name < _limits.Length && _limits[name] < Unlimited ? Math.Max(0, _limits[name] - Consumed(name)) : Unlimited;
}
