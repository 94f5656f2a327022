using Bunit;
using Microsoft.AspNetCore.Components;
using Orchestrator.Core.Marathon;
using Orchestrator.Core.Master;
using Orchestrator.Core.Primitives;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Console.Feeds;
using Orchestrator.Web.Console.Pages;
using TasksPage = Orchestrator.Web.Console.Pages.Tasks;

namespace Orchestrator.Tests.Unit.Console.Pages;

public sealed class TaskPagesTests : IAsyncLifetime
{
    // The framework m-0000 of the busy cluster is that of the services; m-0001 is another one.
    private readonly ConsoleContext _console = new(Services.Snapshot());

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await _console.DisposeAsync();

    [Fact]
    public void Selected_tasks_are_in_the_address_and_killed_after_a_question()
    {
        var page = _console.Open<TasksPage>("ui/tasks");
        page.Find("tbody input[type=checkbox]").Change(true);
        Assert.Equal("ui/tasks?selected=m-0000%2Ft1", _console.Address);
        page.FindAll(".toolbar button").Single(button => button.TextContent.Trim() == "Kill").Click();
        Confirm(page);

        var kill = Assert.IsType<MarathonCommand.KillTasks>(Assert.Single(_console.Engine.Commands));
        Assert.Equal("t1", Assert.Single(kill.TaskIds!));
        Assert.Equal("ui/tasks", _console.Address);
    }

    [Fact]
    public async Task Selected_tasks_of_apps_and_of_other_frameworks_are_killed_together()
    {
        var page = _console.Open<TasksPage>("ui/tasks?selected=m-0000%2Ft1&selected=m-0001%2Fx1&selected=m-0001%2Fx2");
        page.FindAll(".toolbar button").Single(button => button.TextContent.Trim() == "Kill").Click();
        Assert.Contains("Kill 3 tasks?", page.Find("dialog").TextContent, StringComparison.Ordinal);
        Assert.Equal(["1 of apps:", "2 of other frameworks:"], page.FindAll(".confirm-text strong").Select(part => part.TextContent));
        Confirm(page);

        Assert.Equal("t1", Assert.Single(Assert.IsType<MarathonCommand.KillTasks>(Assert.Single(_console.Engine.Commands)).TaskIds!));
        Assert.Equal(new MasterCommand.KillTask(Key("m-0001", "x1")), await _console.Master.NextAsync());
        Assert.Equal(new MasterCommand.KillTask(Key("m-0001", "x2")), await _console.Master.NextAsync());
        Assert.Empty(page.FindAll("dialog"));
        Assert.Equal("ui/tasks", _console.Address);
    }

    [Fact]
    public void Selected_tasks_that_are_not_killed_say_why_and_stay_selected()
    {
        _console.Master.Answer = command => command is MasterCommand.KillTask { Task.TaskId.Value: "x2" } ? new MasterReply(404, "gone") : MasterReply.Accepted;
        var page = _console.Open<TasksPage>("ui/tasks?selected=m-0000%2Ft1&selected=m-0001%2Fx1&selected=m-0001%2Fx2");
        page.FindAll(".toolbar button").Single(button => button.TextContent.Trim() == "Kill").Click();
        Confirm(page);

        var error = page.Find("[role=alert]").TextContent;
        Assert.Contains("1 of 3 tasks was not killed.", error, StringComparison.Ordinal);
        Assert.Contains("m-0001/x2: It has ended", error, StringComparison.Ordinal);
        Assert.Equal("ui/tasks?selected=m-0001%2Fx2", _console.Address);
    }

    [Theory]
    [InlineData("m-0000", true)]
    [InlineData("m-0009", false)]
    public async Task Task_is_killed_on_its_page_by_whom_it_belongs_to(string services, bool isOfServices)
    {
        _console.Engine.Current = Services.Snapshot() with { FrameworkId = services };
        var page = OpenTask("m-0000", "t1");
        page.FindAll("button").Single(button => button.TextContent.Trim() == "Kill").Click();
        Confirm(page);

        Assert.Equal(isOfServices ? 1 : 0, _console.Engine.Commands.Count);
        Assert.Equal(isOfServices ? 0 : 1, _console.Master.Count);
        if (!isOfServices)
        {
            Assert.Equal(new MasterCommand.KillTask(Key("m-0000", "t1")), await _console.Master.NextAsync());
        }
    }

    [Fact]
    public void Tasks_of_a_state_that_is_chosen_are_shown_at_once()
    {
        var page = _console.Open<TasksPage>("ui/tasks");
        page.FindAll(".choice").Single(choice => choice.TextContent.Trim() == "Completed").Click();
        Assert.Equal("ui/tasks?state=completed", _console.Address);
        Assert.Equal(["done", "t-old"], page.FindAll("tbody a.mono").Select(link => link.TextContent).Order());
    }

    [Fact]
    public void Tasks_that_ended_cannot_be_selected()
    {
        var page = _console.Open<TasksPage>("ui/tasks?state=completed");
        Assert.Equal(2, page.FindAll("tbody input[type=checkbox]:disabled").Count);
    }

    [Fact]
    public void Task_shows_its_states_newest_first_with_where_they_came_from()
    {
        var page = OpenTask("m-0000", "t1");
        Assert.Equal(["Running", "Starting", "Launched"], page.FindAll(".timeline strong").Select(state => state.TextContent));
        Assert.Contains("healthy", page.Find(".timeline li").TextContent, StringComparison.Ordinal);
        Assert.Contains("localhost:31000", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Task_that_the_master_does_not_know_says_so() =>
        Assert.Contains("does not know this task", OpenTask("m-0000", "gone").Markup, StringComparison.Ordinal);

    [Fact]
    public void Output_of_a_task_goes_to_the_browser_as_plain_lines()
    {
        _console.Logs.Text = "<script>alert(1)</script>\n\e[31mred\e[0m\nopen";
        OpenTask("m-0000", "t1", "?view=log");

        var call = Assert.Single(_console.JSInterop.Invocations["append"]);
        Assert.Equal(["<script>alert(1)</script>", "red"], Assert.IsAssignableFrom<IEnumerable<string>>(call.Arguments[1]));
        Assert.Equal("open", call.Arguments[2]);
    }

    [Theory]
    [InlineData(SandboxFailure.AgentAway, "The agent is away")]
    [InlineData(SandboxFailure.NotFound, "No output yet")]
    [InlineData(SandboxFailure.Refused, "The agent refuses")]
    public void Output_that_cannot_be_read_says_why_and_is_tried_again(SandboxFailure failure, string title)
    {
        _console.Logs.Failure = new SandboxException(failure, "because");
        var page = OpenTask("m-0000", "t1", "?view=log");
        Assert.Contains(title, page.Markup, StringComparison.Ordinal);

        _console.Logs.Failure = null;
        _console.Logs.Text = "back\n";
        _console.Time.Advance(TimeSpan.FromSeconds(3));
        page.WaitForAssertion(() => Assert.DoesNotContain(title, page.Markup, StringComparison.Ordinal), Until.Patience);
    }

    [Fact]
    public void Pause_of_the_output_stops_reading_and_follow_begins_at_the_end()
    {
        var page = OpenTask("m-0000", "t1", "?view=log&file=stderr");
        page.FindAll("button").Single(button => button.TextContent.Trim() == "Pause").Click();
        Assert.Contains("Paused", page.Find(".foot").TextContent, StringComparison.Ordinal);
        page.FindAll("button").Single(button => button.TextContent.Trim() == "Follow").Click();

        page.WaitForAssertion(() => Assert.Equal([$"read stderr {-SandboxLimits.TailBytes}", $"read stderr {-SandboxLimits.TailBytes}"], _console.Logs.Asked), Until.Patience);
    }

    [Fact]
    public void Files_of_a_task_lead_into_folders_texts_and_downloads()
    {
        _console.Logs.Entries = [Entry("logs", "drwxr-xr-x"), Entry("a <b>.txt", "-rw-r--r--"), Entry("socket", "srwxr-xr-x")];
        var page = OpenTask("m-0000", "t1", "?view=files&path=run");
        Assert.Equal("browse run", Assert.Single(_console.Logs.Asked));
        Assert.Contains("path=run%2Flogs", page.FindAll("tbody a")[0].GetAttribute("href"), StringComparison.Ordinal);
        Assert.Contains("open=run%2Fa%20%3Cb%3E.txt", page.FindAll("tbody a")[1].GetAttribute("href"), StringComparison.Ordinal);
        Assert.Equal("ui/download/m-0000/t1?path=run%2Fa%20%3Cb%3E.txt", page.FindAll("tbody a")[2].GetAttribute("href"));
        Assert.Equal(3, page.FindAll("tbody a").Count);
    }

    [Theory]
    [InlineData("?view=log", "?view=files")]
    [InlineData("?view=files", "?view=log")]
    [InlineData("?view=log&find=x", "")]
    public void Parts_of_a_task_follow_the_address(string first, string second)
    {
        var page = OpenTask("m-0000", "t1", first);
        _console.Navigation.NavigateTo("ui/tasks/m-0000/t1" + second);
        page.WaitForAssertion(() => Assert.Equal(second.Length == 0 ? "Details" : second == "?view=log" ? "Output" : "Files", page.Find(".tab.on").TextContent.Trim()), Until.Patience);
    }

    [Fact]
    public void Text_of_a_file_is_shown_as_text()
    {
        _console.Logs.Text = "<img src=x onerror=alert(1)>";
        var page = OpenTask("m-0000", "t1", "?view=files&open=x.html");
        Assert.Equal("<img src=x onerror=alert(1)>", page.Find("pre").TextContent);
        Assert.Empty(page.FindAll("img"));
    }

    [Fact]
    public void Files_that_cannot_be_read_say_why()
    {
        _console.Logs.Failure = new SandboxException(SandboxFailure.AgentAway, "The agent on h1 does not answer.");
        Assert.Contains("h1 does not answer", OpenTask("m-0000", "t1", "?view=files").Markup, StringComparison.Ordinal);
    }

    private static TaskKey Key(string framework, string task) => new(new FrameworkId(framework), new TaskId(task));

    private static void Confirm<TPage>(IRenderedComponent<TPage> page)
        where TPage : IComponent =>
        page.FindAll(".modal-foot button").Single(button => button.TextContent.Trim() == "Kill").Click();

    private static SandboxEntry Entry(string name, string mode) => new(name, "run/" + name, mode, 1, "root", "root", 5, Services.Now);

    private IRenderedComponent<TaskPage> OpenTask(string framework, string task, string query = "") =>
        _console.Open<TaskPage>($"ui/tasks/{framework}/{task}{query}", parameters => parameters.Add(page => page.FrameworkId, framework).Add(page => page.TaskId, task));
}
