using System.Collections;

namespace Orchestrator.Core.Primitives;

/// <summary>
/// An immutable list in pages of 256 whose next version shares every page that did not change. Reading is an index;
/// changing k entries copies the pages they stand on, so a snapshot of 100,000 tasks costs what changed, not what is.
/// </summary>
/// <typeparam name="T">What it holds.</typeparam>
public sealed class PagedVector<T> : IReadOnlyList<T>
{
    private const int PageBits = 8;
    private const int PageSize = 1 << PageBits;
    private readonly T[][] _pages;

    private PagedVector(T[][] pages, int count)
    {
        _pages = pages;
        Count = count;
    }

    /// <summary>The vector without entries.</summary>
    public static PagedVector<T> Empty { get; } = new([], 0);

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public T this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return _pages[index >> PageBits][index & (PageSize - 1)];
        }
    }

    /// <summary>Starts the next version.</summary>
    public Builder ToBuilder() => new(this);

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return _pages[i >> PageBits][i & (PageSize - 1)];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Collects changes to one vector; used by one thread, once.</summary>
    public sealed class Builder
    {
        private T[][] _pages;
        private readonly HashSet<int> _owned = [];
        private bool _pagesOwned;

        internal Builder(PagedVector<T> source)
        {
            _pages = source._pages;
            Count = source.Count;
        }

        /// <summary>Number of entries so far.</summary>
        public int Count { get; private set; }

        /// <summary>Reads or replaces an entry; setting index <see cref="Count"/> appends.</summary>
        public T this[int index]
        {
            get
            {
                ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
                return _pages[index >> PageBits][index & (PageSize - 1)];
            }

            set
            {
                ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)index, (uint)Count, nameof(index));
                OwnPage(index >> PageBits)[index & (PageSize - 1)] = value;
                Count = Math.Max(Count, index + 1);
            }
        }

        /// <summary>Appends an entry.</summary>
        public void Add(T value) => this[Count] = value;

        /// <summary>The finished version. The builder must not be used after.</summary>
        public PagedVector<T> ToVector() => new(_pages, Count);

        private T[] OwnPage(int page)
        {
            if (!_pagesOwned || page >= _pages.Length)
            {
                var pages = new T[Math.Max(_pages.Length, page + 1)][];
                _pages.CopyTo(pages, 0);
                _pages = pages;
                _pagesOwned = true;
            }

            if (_owned.Add(page))
            {
                var copy = new T[PageSize];
                _pages[page]?.CopyTo(copy, 0);
                _pages[page] = copy;
            }

            return _pages[page];
        }
    }
}
