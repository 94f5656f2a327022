using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.AgentService.Sandbox;
using Orchestrator.Core.Agent;
using Orchestrator.Core.Contract.Checkpoint;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Sandbox;

public sealed class CheckpointStoreTests : IDisposable
{
    private static readonly TaskLocation s_task = new("c-S1", "fw-1", "t1", "0b0c8a5e-0000-4000-8000-000000000001", "t1");
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private CheckpointStore Open() => CheckpointStore.Open(_directory.Path, NullLogger.Instance);

    private string Updates => Path.Combine(_directory.Path, "meta/slaves/c-S1/frameworks/fw-1/executors/t1/runs", s_task.ContainerId, "tasks/t1/task.updates");

    private static AgentCheckpoint[] Admission() =>
    [
        new AgentCheckpoint.AgentRegistered(new AgentInfo { Hostname = "h", Id = new AgentID { Value = "c-S1" } }),
        new AgentCheckpoint.FrameworkStored("c-S1", AgentEngineHarness.Framework().With(info => info.Id.Value = "fw-1")),
        new AgentCheckpoint.TaskAccepted(s_task, AgentEngineHarness.Task()),
    ];

    private static TaskStatus Status(TaskState state, string uuid) =>
        new() { TaskId = new TaskID { Value = "t1" }, State = state, Uuid = ByteString.CopyFromUtf8(uuid), Message = new string('x', 40) };

    private static AgentCheckpoint.UpdateMade Made(TaskState state, string uuid) => new(s_task, Status(state, uuid));

    private static AgentCheckpoint.UpdateAcknowledged Acknowledged(string uuid) => new(s_task, ByteString.CopyFromUtf8(uuid));

    [Fact]
    public void State_written_by_one_run_is_read_by_the_next()
    {
        using (var store = Open())
        {
            store.Write([.. Admission(), Made(TaskState.TaskStarting, "a")]);
            store.Write([Acknowledged("a"), new AgentCheckpoint.KillStarted(s_task, UpdateRecord.Types.KillCause.Unhealthy)]);
        }

        using var next = Open();
        var state = next.Load();
        Assert.Equal("c-S1", state.Info!.Id.Value);
        Assert.Equal("fw-1", Assert.Single(state.Frameworks).Id.Value);
        var task = Assert.Single(state.Tasks);
        Assert.Equal(s_task, task.Location);
        Assert.Equal(AgentEngineHarness.Task(), task.Info);
        Assert.Equal([UpdateRecord.Types.Type.Update, UpdateRecord.Types.Type.Ack, UpdateRecord.Types.Type.Kill], task.Records.Select(record => record.Type));
        Assert.Equal(UpdateRecord.Types.KillCause.Unhealthy, task.Records[2].Cause);
    }

    [Fact]
    public void Updates_cut_at_any_byte_keep_every_record_before_the_cut()
    {
        using (var store = Open())
        {
            store.Write([.. Admission(), Made(TaskState.TaskStarting, "a"), Acknowledged("a"), Made(TaskState.TaskRunning, "b")]);
        }

        var whole = File.ReadAllBytes(Updates);
        var ends = new List<int> { 0 };
        foreach (var record in CheckpointFile.Parse(whole, UpdateRecord.Parser).Records)
        {
            ends.Add(ends[^1] + 4 + record.CalculateSize());
        }

        for (var cut = 0; cut <= whole.Length; cut++)
        {
            File.WriteAllBytes(Updates, whole[..cut]);
            using var store = Open();
            var records = store.Load().Tasks.Single().Records;
            Assert.Equal(ends.Count(end => end > 0 && end <= cut), records.Count);

            // What is written next is found behind what was good.
            store.Write([Made(TaskState.TaskFinished, "z")]);
            Assert.Equal("z", store.Load().Tasks.Single().Records[^1].Update.Uuid.ToStringUtf8());
        }
    }

    [Fact]
    public void Updates_with_a_damaged_record_keep_those_before_it()
    {
        using (var store = Open())
        {
            store.Write([.. Admission(), Made(TaskState.TaskStarting, "a"), Made(TaskState.TaskRunning, "b")]);
        }

        var bytes = File.ReadAllBytes(Updates);
        bytes[(bytes.Length / 2) + 4] = 0xFF;
        File.WriteAllBytes(Updates, bytes);

        using var next = Open();
        Assert.Equal("a", Assert.Single(next.Load().Tasks.Single().Records).Update.Uuid.ToStringUtf8());
    }

    [Fact]
    public void Agent_record_that_is_damaged_is_fatal_and_names_the_remedy()
    {
        using (var store = Open())
        {
            store.Write(Admission());
        }

        File.WriteAllText(Path.Combine(_directory.Path, "meta/slaves/c-S1/slave.info"), "garbage");
        using var next = Open();
        var error = Assert.Throws<CheckpointException>(next.Load);
        Assert.Contains("latest", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Task_without_its_own_record_is_left_out()
    {
        using (var store = Open())
        {
            store.Write(Admission());
        }

        File.Delete(Path.Combine(Path.GetDirectoryName(Updates)!, "task.info"));
        using var next = Open();
        Assert.Empty(next.Load().Tasks);
    }

    [Fact]
    public void Work_directory_in_use_is_refused()
    {
        using var store = Open();
        var error = Assert.Throws<CheckpointException>(Open);
        Assert.Contains("another agent", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Forgotten_task_and_framework_leave_nothing()
    {
        using var store = Open();
        store.Write([.. Admission(), Made(TaskState.TaskFinished, "a")]);
        store.Write([new AgentCheckpoint.TaskForgotten(s_task), new AgentCheckpoint.FrameworkForgotten("c-S1", "fw-1")]);

        var state = store.Load();
        Assert.Empty(state.Tasks);
        Assert.Empty(state.Frameworks);
        Assert.False(Directory.Exists(Path.Combine(_directory.Path, "meta/slaves/c-S1/frameworks/fw-1")));
        Assert.Equal("c-S1", state.Info!.Id.Value);
    }

    [Fact]
    public void Forgotten_agent_registers_anew()
    {
        using var store = Open();
        store.Write(Admission());
        store.ForgetAgent();

        Assert.Null(store.Load().Info);
    }

    [Fact]
    public void Batch_that_failed_is_not_written_twice_when_handed_in_again()
    {
        using var store = Open();
        store.Write(Admission());
        store.Write([Made(TaskState.TaskStarting, "a")]);

        // A directory in the place of a second task's file makes the batch fail after the first append.
        var other = s_task with { TaskId = "t2", ExecutorId = "t2", ContainerId = "0b0c8a5e-0000-4000-8000-000000000002" };
        var blocked = Updates.Replace("/t1/", "/t2/", StringComparison.Ordinal).Replace(s_task.ContainerId, other.ContainerId, StringComparison.Ordinal);
        Directory.CreateDirectory(blocked);
        AgentCheckpoint[] batch = [Made(TaskState.TaskRunning, "b"), new AgentCheckpoint.UpdateMade(other, Status(TaskState.TaskRunning, "c"))];
        Assert.Throws<CheckpointException>(() => store.Write(batch));
        Directory.Delete(blocked);
        store.Write(batch);

        Assert.Equal(["a", "b"], CheckpointFile.Parse(File.ReadAllBytes(Updates), UpdateRecord.Parser).Records.Select(record => record.Update.Uuid.ToStringUtf8()));
    }

    [Fact]
    public void Updates_that_grow_long_are_rewritten_without_what_was_replaced()
    {
        using var store = Open();
        store.Write([.. Admission(), Made(TaskState.TaskStarting, "start")]);
        var batch = new List<AgentCheckpoint>();
        for (var i = 0; i < 12_000; i++)
        {
            batch.Add(Made(TaskState.TaskRunning, $"health-{i}"));
            batch.Add(Acknowledged($"health-{i}"));
        }

        store.Write(batch);
        store.Write([Made(TaskState.TaskRunning, "last")]);

        Assert.True(new System.IO.FileInfo(Updates).Length < 10_000);
        Assert.Equal(["start", "health-11999", "last"], store.Load().Tasks.Single().Records.Where(record => record.Type == UpdateRecord.Types.Type.Update).Select(record => record.Update.Uuid.ToStringUtf8()));
    }
}
