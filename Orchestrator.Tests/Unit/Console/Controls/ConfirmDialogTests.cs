using Bunit;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Console.Controls;

namespace Orchestrator.Tests.Unit.Console.Controls;

public sealed class ConfirmDialogTests : IDisposable
{
    private readonly ConsolePageContext _context = new();
    private readonly TaskCompletionSource<string?> _answer = new();
    private int _closed;

    public void Dispose() => _context.Dispose();

    [Fact]
    public async Task Command_that_succeeds_shows_progress_and_then_closes()
    {
        var dialog = Render();
        Assert.Equal(["Cancel", "Kill"], Buttons(dialog));

        var click = dialog.FindAll(".modal-foot button")[1].ClickAsync(new());
        Assert.Equal(["Cancel", "Killing"], Buttons(dialog));
        Assert.All(dialog.FindAll(".modal-foot button"), button => Assert.True(button.HasAttribute("disabled")));
        Assert.Equal(0, _closed);

        _answer.SetResult(null);
        await click;
        Assert.Equal(1, _closed);
    }

    [Fact]
    public async Task Command_that_is_refused_says_why_and_may_be_tried_again()
    {
        var dialog = Render();
        _answer.SetResult("The queue is full");

        await dialog.FindAll(".modal-foot button")[1].ClickAsync(new());

        Assert.Equal("The queue is full", dialog.Find("[role=alert]").TextContent);
        Assert.Equal(["Cancel", "Kill"], Buttons(dialog));
        Assert.Equal(0, _closed);
    }

    [Fact]
    public async Task Cross_while_the_command_is_under_way_does_not_close()
    {
        var dialog = Render();
        var click = dialog.FindAll(".modal-foot button")[1].ClickAsync(new());

        await dialog.Find(".modal-head button").ClickAsync(new());
        Assert.Equal(0, _closed);

        _answer.SetResult(null);
        await click;
    }

    private static string[] Buttons(IRenderedComponent<ConfirmDialog> dialog) => [.. dialog.FindAll(".modal-foot button").Select(button => button.TextContent.Trim())];

    private IRenderedComponent<ConfirmDialog> Render() => _context.Render<ConfirmDialog>(dialog => dialog
        .Add(d => d.Title, "Kill 3 tasks?")
        .Add(d => d.Action, "Kill")
        .Add(d => d.Progress, "Killing")
        .Add(d => d.OnConfirm, () => _answer.Task)
        .Add(d => d.OnClose, () => _closed++));
}
