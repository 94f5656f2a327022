using System.Text.RegularExpressions;
using Orchestrator.Tests.Browser.Support;
using Orchestrator.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Orchestrator.Tests.Browser;

/// <summary>The list of all tasks on a simulated cluster with thousands of them.</summary>
[Collection(BrowserCollection.Name)]
[Trait("Category", "Browser")]
public sealed class TaskListTests(ChromiumFixture chromium)
{
    private const int MaxRowsInDocument = 80;

    [Fact]
    public async Task Tasks_by_the_thousand_have_few_rows_in_the_document_and_come_into_view_when_scrolled_to()
    {
        await using var host = await HostFixture.StartAsync("--simulate=400");
        await using var window = await ConsoleWindow.OpenAsync(chromium, host.Address);
        await window.GoAsync("/ui/tasks");
        var page = window.Page;
        await page.WaitForFunctionAsync("() => document.documentElement.scrollHeight > 40 * 1000 && document.querySelectorAll('tbody tr').length >= 10", null, new() { Timeout = 60_000 });
        Assert.InRange(await page.Locator("tbody tr").CountAsync(), 10, MaxRowsInDocument);

        foreach (var part in new[] { 0.5, 0.95, 0.1 })
        {
            await page.EvaluateAsync("part => window.scrollTo(0, document.documentElement.scrollHeight * part)", part);
            await page.WaitForFunctionAsync("() => document.elementFromPoint(700, 450)?.closest('tbody tr')?.querySelector('td a')");
        }

        Assert.InRange(await page.Locator("tbody tr").CountAsync(), 10, MaxRowsInDocument);
        await page.EvaluateAsync("() => window.scrollTo(0, 0)");
        await page.GetByPlaceholder("Search id, name or host").FillAsync("no such task");
        await Expect(page.GetByText("No task matches")).ToBeVisibleAsync();
        await Expect(page).ToHaveURLAsync(new Regex("q=no%20such%20task"));
        Assert.Empty(window.Complaints);
    }
}
