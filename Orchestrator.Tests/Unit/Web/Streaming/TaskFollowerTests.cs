using Microsoft.AspNetCore.SignalR;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Views;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Streaming.Hub;

namespace Orchestrator.Tests.Unit.Web.Streaming;

public sealed class TaskFollowerTests
{
    private static readonly TaskView s_task = Snapshots.Task("m-0000", "t1", TaskState.TaskRunning, 1795343400);

    [Fact]
    public void First_message_is_a_snapshot_even_of_nothing()
    {
        var first = new TaskFollower(new TaskFilter()).Next(Snapshots.Empty);

        Assert.Equal((true, 0, 0), (first!.IsSnapshot, first.Tasks.Count, first.Removed.Count));
    }

    [Fact]
    public void Task_tells_what_it_is_by_its_wire_names()
    {
        var task = Assert.Single(new TaskFollower(new TaskFilter()).Next(Of(s_task))!.Tasks);

        Assert.Equal(("m-0000", "t1", "m-S0", "TASK_RUNNING"), (task.FrameworkId, task.TaskId, task.AgentId, task.State));
        Assert.Equal(new ResourceMessage(0.1, 32, 0, 0), task.Resources);
        Assert.Equal([31000L, 31001L], task.Ports);
    }

    [Fact]
    public void Snapshot_with_the_same_tasks_tells_nothing()
    {
        var follower = new TaskFollower(new TaskFilter());
        follower.Next(Of(s_task));

        Assert.Null(follower.Next(Of(s_task) with { Version = 9 }));
    }

    [Fact]
    public void Only_the_task_that_changed_is_told()
    {
        var other = Snapshots.Task("m-0000", "t2", TaskState.TaskRunning, 1);
        var follower = new TaskFollower(new TaskFilter());
        follower.Next(Of(s_task, other));

        var changes = follower.Next(Of(s_task with { State = TaskState.TaskKilling }, other))!;

        Assert.False(changes.IsSnapshot);
        Assert.Equal(("t1", "TASK_KILLING"), (Assert.Single(changes.Tasks).TaskId, changes.Tasks[0].State));
    }

    [Fact]
    public void Task_that_ended_is_removed_with_the_state_in_which_it_ended()
    {
        var follower = new TaskFollower(new TaskFilter());
        follower.Next(Of(s_task));
        var frameworks = Snapshots.Busy.Frameworks.ToBuilder();
        frameworks[0] = frameworks[0]! with { CompletedTasks = [s_task with { State = TaskState.TaskFailed, Statuses = [new TaskStatus { Message = "exit 1" }] }] };

        var changes = follower.Next(Snapshots.Empty with { Frameworks = frameworks.ToVector() })!;

        Assert.Equal(new RemovedTask("m-0000", "t1", "TASK_FAILED", "exit 1"), Assert.Single(changes.Removed));
    }

    [Fact]
    public void Filter_lets_only_its_tasks_through_and_one_that_leaves_its_states_is_removed()
    {
        var follower = new TaskFollower(new TaskFilter { FrameworkId = "m-0000", AgentId = "m-S0", States = ["TASK_RUNNING"] });
        var first = follower.Next(Of(s_task, Snapshots.Task("m-0001", "t2", TaskState.TaskRunning, 1), Snapshots.Task("m-0000", "t3", TaskState.TaskRunning, 1, "m-S1"), Snapshots.Task("m-0000", "t4", TaskState.TaskStaging, 1)))!;
        Assert.Equal("t1", Assert.Single(first.Tasks).TaskId);

        var second = follower.Next(Of(s_task with { State = TaskState.TaskKilling }))!;

        Assert.Equal(("t1", "TASK_KILLING"), (Assert.Single(second.Removed).TaskId, second.Removed[0].State));
    }

    [Fact]
    public void Filter_with_an_unknown_state_is_refused_by_name()
    {
        var error = Assert.Throws<HubException>(() => new TaskFollower(new TaskFilter { States = ["RUNNING"] }));

        Assert.Contains("'RUNNING'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_many_tasks_are_refused_with_a_remedy()
    {
        var many = Enumerable.Range(0, ClusterHub.MaxTasks + 1).Select(i => s_task with { Key = new TaskKey(s_task.Key.FrameworkId, new TaskId($"t{i}")) }).ToArray();

        var error = Assert.Throws<HubException>(() => new TaskFollower(new TaskFilter()).Next(Of(many)));

        Assert.Contains("frameworkId", error.Message, StringComparison.Ordinal);
    }

    private static ClusterSnapshot Of(params TaskView[] tasks)
    {
        var vector = PagedVector<TaskView?>.Empty.ToBuilder();
        foreach (var task in tasks)
        {
            vector.Add(task);
        }

        return Snapshots.Empty with { Tasks = vector.ToVector() };
    }
}
