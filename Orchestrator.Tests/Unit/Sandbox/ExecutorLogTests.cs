using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.AgentService.Sandbox;
using Orchestrator.Core.Agent;
using Orchestrator.Core.Agent.Executors;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Tests.Support;
using static Orchestrator.Tests.Support.AgentEngineHarness;
using RecordType = Orchestrator.Core.Contract.Checkpoint.UpdateRecord.Types.Type;

namespace Orchestrator.Tests.Unit.Sandbox;

/// <summary>Executors and their tasks on disk: one log for all tasks of a run.</summary>
public sealed class ExecutorLogTests : IDisposable
{
    private static readonly ExecutorLocation s_executor = new("c-S1", FrameworkName, ExecutorName, "0b0c8a5e-0000-4000-8000-000000000001");
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private string Run => Path.Combine(_directory.Path, "meta/slaves/c-S1/frameworks", FrameworkName, "executors", ExecutorName, "runs", s_executor.ContainerId);

    private CheckpointStore Open() => CheckpointStore.Open(_directory.Path, NullLogger.Instance);

    private static AgentCheckpoint[] Admission() =>
    [
        new AgentCheckpoint.AgentRegistered(new AgentInfo { Hostname = "h", Id = new AgentID { Value = "c-S1" } }),
        new AgentCheckpoint.FrameworkStored("c-S1", Framework()),
        new AgentCheckpoint.ExecutorAccepted(s_executor, ExecutorTask().Executor),
    ];

    private static AgentCheckpoint Accepted(string id) => new AgentCheckpoint.TaskAccepted(s_executor.TaskAt(id), ExecutorTask(id));

    private static AgentCheckpoint Made(string id, TaskState state, string uuid) =>
        new AgentCheckpoint.UpdateMade(s_executor.TaskAt(id), new TaskStatus { TaskId = new TaskID { Value = id }, State = state, Uuid = ByteString.CopyFromUtf8(uuid), Message = new string('x', 40) });

    private static AgentCheckpoint Acknowledged(string id, string uuid) => new AgentCheckpoint.UpdateAcknowledged(s_executor.TaskAt(id), ByteString.CopyFromUtf8(uuid));

    private static AgentCheckpoint Forgotten(string id) => new AgentCheckpoint.TaskForgotten(s_executor.TaskAt(id));

    [Fact]
    public void Executor_and_its_tasks_are_read_in_the_order_in_which_they_were_written()
    {
        using (var store = Open())
        {
            store.Write([.. Admission(), Accepted("a"), Accepted("b"), Made("a", TaskState.TaskRunning, "1")]);
            store.Write([Acknowledged("a", "1"), Forgotten("b")]);
        }

        using var next = Open();
        var state = next.Load();
        Assert.Empty(state.Tasks);
        var executor = Assert.Single(state.Executors);
        Assert.Equal((s_executor, ExecutorTask().Executor), (executor.Location, executor.Info));
        Assert.Equal(
            [(RecordType.Task, "a"), (RecordType.Task, "b"), (RecordType.Update, "a"), (RecordType.Ack, "a"), (RecordType.Forgotten, "b")],
            executor.Records.Select(record => (record.Type, record.TaskId)));
        Assert.Equal(ExecutorTask("a"), executor.Records[0].Task);
    }

    [Fact]
    public void Task_of_an_executor_that_is_forgotten_leaves_the_others_and_the_executor_leaves_nothing()
    {
        using var store = Open();
        store.Write([.. Admission(), Accepted("a"), Accepted("b"), Forgotten("a")]);
        Assert.True(File.Exists(Path.Combine(Run, "executor.log")));
        store.Write([Forgotten("b"), new AgentCheckpoint.ExecutorEnded(s_executor), new AgentCheckpoint.ExecutorForgotten(s_executor)]);

        Assert.False(Directory.Exists(Run));
        Assert.Empty(store.Load().Executors);
    }

    [Fact]
    public void Log_that_grows_long_is_rewritten_with_what_still_matters_of_each_task()
    {
        using var store = Open();
        store.Write([.. Admission(), Accepted("stays"), Made("stays", TaskState.TaskRunning, "s1")]);
        for (var i = 0; i < 3000; i += 100)
        {
            var batch = new List<AgentCheckpoint>();
            for (var j = i; j < i + 100; j++)
            {
                batch.AddRange([Accepted($"t{j}"), Made($"t{j}", TaskState.TaskFinished, $"f{j}"), Acknowledged($"t{j}", $"f{j}"), Forgotten($"t{j}")]);
            }

            store.Write(batch);
        }

        var log = new System.IO.FileInfo(Path.Combine(Run, "executor.log"));
        Assert.InRange(log.Length, 1, CheckpointStore.CompactionBytes + 100_000);
        var records = store.Load().Executors.Single().Records;
        Assert.Equal(["stays"], records.Where(record => record.Type is RecordType.Task or RecordType.Update && record.TaskId == "stays").Select(record => record.TaskId).Distinct());
        Assert.Contains(records, record => record is { Type: RecordType.Forgotten, TaskId: "t2999" });
        Assert.Equal("s1", records.Last(record => record.TaskId == "stays").Update.Uuid.ToStringUtf8());
    }

    [Fact]
    public void Log_cut_in_its_last_record_keeps_those_before_it()
    {
        using (var store = Open())
        {
            store.Write([.. Admission(), Accepted("a"), Made("a", TaskState.TaskRunning, "1")]);
        }

        var path = Path.Combine(Run, "executor.log");
        using (var file = new FileStream(path, FileMode.Open))
        {
            file.SetLength(file.Length - 3);
        }

        using var next = Open();
        Assert.Equal([RecordType.Task], next.Load().Executors.Single().Records.Select(record => record.Type));
        next.Write([Made("a", TaskState.TaskFinished, "2")]);
        Assert.Equal([RecordType.Task, RecordType.Update], next.Load().Executors.Single().Records.Select(record => record.Type));
    }
}
