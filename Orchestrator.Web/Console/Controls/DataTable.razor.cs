using Microsoft.AspNetCore.Components;

namespace Orchestrator.Web.Console.Controls;

/// <summary>
/// A table of any length: only the rows in view are in the document. The order is kept in the address (<c>sort</c>, with a
/// leading minus for descending) and made by the page.
/// </summary>
/// <typeparam name="TItem">What a row shows.</typeparam>
[CascadingTypeParameter(nameof(TItem))]
public sealed partial class DataTable<TItem>
{
    private readonly List<DataColumn<TItem>> _columns = [];

    /// <summary>For readers of the screen.</summary>
    [Parameter]
    [EditorRequired]
    public string Label { get; set; } = "";

    /// <summary>All rows in their order.</summary>
    [Parameter]
    [EditorRequired]
    public ICollection<TItem> Items { get; set; } = [];

    /// <summary>What tells rows apart.</summary>
    [Parameter]
    [EditorRequired]
    public Func<TItem, object> Key { get; set; } = null!;

    /// <summary>The columns: <see cref="DataColumn{TItem}"/> elements.</summary>
    [Parameter]
    [EditorRequired]
    public RenderFragment Columns { get; set; } = null!;

    /// <summary>The order in the address: a sort key, descending with a leading minus.</summary>
    [Parameter]
    public string? Sort { get; set; }

    /// <summary>Name of the parameter for the order; tables that share a page need different ones.</summary>
    [Parameter]
    public string SortParameter { get; set; } = "sort";

    /// <summary>Further classes of a row.</summary>
    [Parameter]
    public Func<TItem, string?>? RowClass { get; set; }

    /// <summary>Height of every row in pixels.</summary>
    [Parameter]
    public float RowHeight { get; set; } = 40;

    /// <summary>Without a frame of its own, for tables inside a card.</summary>
    [Parameter]
    public bool Flush { get; set; }

    /// <summary>What stands there without rows.</summary>
    [Parameter]
    public RenderFragment? Empty { get; set; }

    /// <summary>Where the address is changed.</summary>
    [Inject]
    public required NavigationManager Navigation { get; init; }

    internal void Add(DataColumn<TItem> column)
    {
        _columns.Add(column);
        StateHasChanged();
    }

    internal void Remove(DataColumn<TItem> column) => _columns.Remove(column);

    private bool IsSorted(string key) => Sort == key || Sort == "-" + key;

    private bool IsAscending(string key) => Sort == key;

    private string? AriaSort(DataColumn<TItem> column) =>
        column.SortKey is not { } key || !IsSorted(key) ? null : IsAscending(key) ? "ascending" : "descending";

    private void SortBy(DataColumn<TItem> column)
    {
        var key = column.SortKey!;
        var first = column.DescendingFirst ? "-" + key : key;
        var second = column.DescendingFirst ? key : "-" + key;
        Navigation.Set(SortParameter, Sort == first ? second : first);
    }
}
