namespace Orchestrator.Core.Resources;

/// <summary>Arithmetic on sorted, disjoint, non-adjacent ranges.</summary>
public static class RangeArithmetic
{
    /// <summary>Sorts and merges overlapping and adjacent ranges.</summary>
    public static ValueRange[] Normalise(IEnumerable<ValueRange> ranges)
    {
        var sorted = ranges.ToArray();
        if (IsNormal(sorted))
        {
            return sorted;
        }

        Array.Sort(sorted, static (a, b) => a.Begin.CompareTo(b.Begin));
        var merged = new List<ValueRange>(sorted.Length) { sorted[0] };
        foreach (var range in sorted.AsSpan(1))
        {
            var last = merged[^1];
            if (range.Begin <= last.End + 1)
            {
                merged[^1] = last with { End = Math.Max(last.End, range.End) };
            }
            else
            {
                merged.Add(range);
            }
        }

        return [.. merged];
    }

    /// <summary>The union of two normalised lists.</summary>
    public static ValueRange[] Add(ValueRange[] a, ValueRange[] b)
    {
        if (a.Length == 0 || b.Length == 0)
        {
            return a.Length == 0 ? b : a;
        }

        // Both are sorted: one walk is enough. A cluster's sums of ports have thousands of ranges, and grow by one at a time.
        var merged = new ValueRange[a.Length + b.Length];
        var (count, i, j) = (0, 0, 0);
        while (i < a.Length || j < b.Length)
        {
            var next = j == b.Length || (i < a.Length && a[i].Begin <= b[j].Begin) ? a[i++] : b[j++];
            if (count > 0 && next.Begin <= merged[count - 1].End + 1)
            {
                merged[count - 1] = merged[count - 1] with { End = Math.Max(merged[count - 1].End, next.End) };
            }
            else
            {
                merged[count++] = next;
            }
        }

        return merged.AsSpan(0, count).ToArray();
    }

    /// <summary>What of <paramref name="a"/> is not in <paramref name="b"/>; both normalised.</summary>
    public static ValueRange[] Subtract(ValueRange[] a, ValueRange[] b)
    {
        if (a.Length == 0 || b.Length == 0)
        {
            return a;
        }

        var rest = new List<ValueRange>(a.Length + b.Length);
        var next = 0;
        foreach (var range in a)
        {
            var begin = range.Begin;
            while (next < b.Length && b[next].End < begin)
            {
                next++;
            }

            for (var i = next; i < b.Length && b[i].Begin <= range.End && begin <= range.End; i++)
            {
                if (b[i].Begin > begin)
                {
                    rest.Add(new ValueRange(begin, b[i].Begin - 1));
                }

                begin = Math.Max(begin, b[i].End + 1);
            }

            if (begin <= range.End)
            {
                rest.Add(new ValueRange(begin, range.End));
            }
        }

        return [.. rest];
    }

    /// <summary>Whether every number of <paramref name="part"/> is in <paramref name="whole"/>; both normalised.</summary>
    public static bool Contains(ValueRange[] whole, ValueRange[] part)
    {
        var i = 0;
        foreach (var range in part)
        {
            while (i < whole.Length && whole[i].End < range.Begin)
            {
                i++;
            }

            if (i == whole.Length || whole[i].Begin > range.Begin || whole[i].End < range.End)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>What comes over the wire mostly is in order already.</summary>
    private static bool IsNormal(ValueRange[] ranges)
    {
        for (var i = 1; i < ranges.Length; i++)
        {
            if (ranges[i].Begin <= ranges[i - 1].End + 1)
            {
                return false;
            }
        }

        return true;
    }
}
