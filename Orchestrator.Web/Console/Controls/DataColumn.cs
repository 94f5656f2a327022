using Microsoft.AspNetCore.Components;

namespace Orchestrator.Web.Console.Controls;

/// <summary>One column of a <see cref="DataTable{TItem}"/>; its content draws the cell of a row.</summary>
/// <typeparam name="TItem">What a row shows.</typeparam>
public sealed class DataColumn<TItem> : ComponentBase, IDisposable
{
    /// <summary>Head of the column.</summary>
    [Parameter]
    public string Title { get; set; } = "";

    /// <summary>Head of the column when text is not enough, for example a check box for all rows.</summary>
    [Parameter]
    public RenderFragment? Head { get; set; }

    /// <summary>Name under which the page sorts by it; null when it cannot be sorted by.</summary>
    [Parameter]
    public string? SortKey { get; set; }

    /// <summary>Whether the first click sorts the largest first.</summary>
    [Parameter]
    public bool DescendingFirst { get; set; }

    /// <summary>Width in CSS units; columns without one share the rest.</summary>
    [Parameter]
    public string? Width { get; set; }

    /// <summary><c>num</c> for figures; <c>wide-only</c> and <c>wider-only</c> for columns that small screens leave out.</summary>
    [Parameter]
    public string Class { get; set; } = "";

    /// <summary>The cell.</summary>
    [Parameter]
    [EditorRequired]
    public RenderFragment<TItem>? ChildContent { get; set; }

    /// <summary>The table.</summary>
    [CascadingParameter]
    public required DataTable<TItem> Table { get; init; }

    internal string? Style => Width is null ? null : $"width:{Width}";

    /// <inheritdoc/>
    public void Dispose() => Table.Remove(this);

    /// <inheritdoc/>
    protected override void OnInitialized() => Table.Add(this);
}
