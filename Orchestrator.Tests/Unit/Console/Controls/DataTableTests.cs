using Bunit;
using Microsoft.AspNetCore.Components;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Console.Controls;

namespace Orchestrator.Tests.Unit.Console.Controls;

public sealed class DataTableTests : IDisposable
{
    private readonly ConsolePageContext _context = new();

    public void Dispose() => _context.Dispose();

    [Fact]
    public void Table_shows_heads_and_tells_its_order()
    {
        var table = Render([1, 2], "-size");

        Assert.Equal(["Name", "Size"], table.FindAll("th").Select(head => head.TextContent.Trim()));
        Assert.Equal([null, "descending"], table.FindAll("th").Select(head => head.GetAttribute("aria-sort")));
        Assert.Equal("3", table.Find("table").GetAttribute("aria-rowcount"));
    }

    [Fact]
    public void Column_that_is_clicked_sorts_by_it_and_turns_round_when_clicked_again()
    {
        var table = Render([1], "name");

        table.FindAll("button.sort")[0].Click();
        Assert.Equal("/ui/things?q=x&sort=-name", _context.Address);

        table.FindAll("button.sort")[1].Click();
        Assert.Equal("/ui/things?q=x&sort=-size", _context.Address);
    }

    [Fact]
    public void Table_without_rows_says_why()
    {
        var table = Render([], "name");

        Assert.Equal("Nothing there", table.Find("h2").TextContent);
    }

    private IRenderedComponent<DataTable<int>> Render(int[] rows, string sort) => _context.Open<DataTable<int>>("ui/things?q=x", table => table
        .Add(t => t.Label, "Things")
        .Add(t => t.Items, rows)
        .Add(t => t.Key, row => row)
        .Add(t => t.Sort, sort)
        .Add(t => t.Columns, builder =>
        {
            Column(builder, "Name", "name", false);
            Column(builder, "Size", "size", true);
        })
        .Add(t => t.Empty, builder =>
        {
            builder.OpenComponent<EmptyState>(0);
            builder.AddComponentParameter(1, nameof(EmptyState.Title), "Nothing there");
            builder.CloseComponent();
        }));

    private static void Column(Microsoft.AspNetCore.Components.Rendering.RenderTreeBuilder builder, string title, string key, bool descendingFirst)
    {
        builder.OpenComponent<DataColumn<int>>(0);
        builder.AddComponentParameter(1, nameof(DataColumn<int>.Title), title);
        builder.AddComponentParameter(2, nameof(DataColumn<int>.SortKey), key);
        builder.AddComponentParameter(3, nameof(DataColumn<int>.DescendingFirst), descendingFirst);
        builder.AddComponentParameter(4, nameof(DataColumn<int>.ChildContent), (RenderFragment<int>)(row => cell => cell.AddContent(0, row)));
        builder.CloseComponent();
    }
}
