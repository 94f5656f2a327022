using Orchestrator.Core.Contract.Apps;

namespace Orchestrator.Core.Marathon.Instances;

/// <summary>
/// Numbers for instances that come, from 0: the lowest that nobody has; while old and new instances run side by side, the
/// lowest that no other of the same configuration has. So a replacement takes the number over that it replaces. Made once for
/// all that come at once: making it looks at every instance of the app.
/// </summary>
internal sealed class OrdinalSource
{
    private readonly HashSet<int> _all = [];
    private readonly HashSet<int> _same = [];
    private readonly int _wanted;
    private int _lowestOfAll;
    private int _lowestOfSame;

    /// <summary>Looks at what is there.</summary>
    /// <param name="app">The app.</param>
    /// <param name="spec">The configuration of those that come.</param>
    /// <param name="colour">Their colour in a blue-green upgrade, whose two colours have the same numbers; null for any.</param>
    public OrdinalSource(AppState app, AppDefinition spec, Colour? colour = null)
    {
        _wanted = spec.Instances;
        foreach (var instance in app.Instances)
        {
            _all.Add(instance.Ordinal);
            if (instance.Counts && (colour ?? instance.Colour) == instance.Colour && instance.Spec.LastConfigChangeAt == spec.LastConfigChangeAt)
            {
                _same.Add(instance.Ordinal);
            }
        }
    }

    /// <summary>The next number.</summary>
    public int Next()
    {
        var free = Lowest(_all, ref _lowestOfAll);
        var next = free < _wanted ? free : Lowest(_same, ref _lowestOfSame);
        _all.Add(next);
        _same.Add(next);
        return next;
    }

    /// <summary>Gives numbers to instances that an older version stored without.</summary>
    public static void Fill(AppState app)
    {
        var taken = app.Instances.Select(instance => instance.Ordinal).ToHashSet();
        var lowest = 0;
        foreach (var instance in app.Instances.Where(instance => instance.Ordinal < 0))
        {
            instance.Ordinal = Lowest(taken, ref lowest);
            taken.Add(instance.Ordinal);
        }
    }

    private static int Lowest(HashSet<int> taken, ref int from)
    {
        while (taken.Contains(from))
        {
            from++;
        }

        return from;
    }
}
