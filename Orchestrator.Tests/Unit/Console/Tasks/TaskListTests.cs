using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Views;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Console.ViewModels.Tasks;

namespace Orchestrator.Tests.Unit.Console.Tasks;

public sealed class TaskListTests
{
    [Theory]
    [InlineData("", "t1")]
    [InlineData("?state=all", "done,t-old,t1")]
    [InlineData("?state=completed", "done,t-old")]
    [InlineData("?state=failed", "t-old")]
    [InlineData("?state=running&q=LOCALHOST", "t1")]
    [InlineData("?state=all&framework=m-0001", "t-old")]
    [InlineData("?state=all&agent=m-S9", "")]
    [InlineData("?state=all&q=done", "done")]
    [InlineData("?state=unhealthy", "")]
    public void List_of_a_query_has_the_tasks_that_match(string query, string ids)
    {
        var list = TaskList.Make(Snapshots.Busy, TaskListQuery.Parse("/ui/tasks" + query));
        Assert.Equal(ids.Split(',', StringSplitOptions.RemoveEmptyEntries), list.Tasks.Select(task => task.Key.TaskId.Value).Order(StringComparer.Ordinal));
        Assert.Equal(3, list.All);
    }

    [Fact]
    public void List_knows_hosts_and_frameworks_also_of_what_is_gone()
    {
        var list = TaskList.Make(Snapshots.Busy, TaskListQuery.Parse("?state=all&sort=id"));
        Assert.Equal(["localhost", "localhost", "localhost"], list.Tasks.Select(list.HostOf));
        Assert.Equal(["cap fw", "old", "cap fw"], list.Tasks.Select(list.FrameworkOf));
        Assert.Equal("S7", list.HostOf(Snapshots.Task("f", "t", TaskState.TaskLost, 1, "S7")));
    }

    [Theory]
    [InlineData("id", "a,b,c", "c,b,a")]
    [InlineData("cpus", "b,a,c", "c,a,b")]
    [InlineData("updated", "c,b,a", "a,b,c")]
    [InlineData("health", "b,a,c", "c,a,b")]
    public void List_sorted_is_in_order_and_turned_around(string sort, string ascending, string descending)
    {
        TaskView[] tasks =
        [
            Make("a", 1, 2, null),
            Make("b", 2, 1, false),
            Make("c", 3, 3, true),
        ];
        var vector = PagedVector<TaskView?>.Empty.ToBuilder();
        foreach (var task in tasks)
        {
            vector.Add(task);
        }

        var cluster = Snapshots.Empty with { Tasks = vector.ToVector() };
        string Ids(string query) => string.Join(',', TaskList.Make(cluster, TaskListQuery.Parse(query)).Tasks.Select(task => task.Key.TaskId.Value));

        Assert.Equal(ascending, Ids($"?sort={sort}"));
        Assert.Equal(descending, Ids($"?sort=-{sort}"));
    }

    [Fact]
    public void Query_written_to_an_address_reads_back_the_same()
    {
        var query = new TaskListQuery { Text = "ä &", Filter = TaskFilter.Failed, Framework = "f", Agent = "a", Sort = TaskSort.Host, IsDescending = true };
        var uri = query.ToUri("/ui/tasks", ["f/t 1", "f/t&2"]);
        Assert.Equal(query, TaskListQuery.Parse(uri));
        Assert.Equal(["f/t 1", "f/t&2"], TaskListQuery.ParseSelection(uri));
        Assert.Equal("/ui/tasks", new TaskListQuery().ToUri("/ui/tasks", [.. Enumerable.Range(0, 1000).Select(i => $"f/{i}")]));
    }

    private static TaskView Make(string id, int at, double cpus, bool? healthy) =>
        Snapshots.Task("f", id, TaskState.TaskRunning, 1) with { StateSince = Snapshots.Start.AddSeconds(at), Resources = Core.Resources.ResourceList.Parse($"cpus:{cpus}"), Healthy = healthy };
}
