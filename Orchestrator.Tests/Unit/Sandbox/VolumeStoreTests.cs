using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.AgentService.Sandbox;
using Orchestrator.Core.Agent;
using Orchestrator.Core.Contract.Checkpoint;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Sandbox;

public sealed class VolumeStoreTests : IDisposable
{
    private readonly TemporaryDirectory _work = new();

    private string Directory1 => Path.Combine(_work.Path, "volumes", "roles", "db eu", "v1");

    public void Dispose() => _work.Dispose();

    [Fact]
    public void Volume_has_a_directory_as_long_as_the_record_names_it_and_a_new_one_of_its_name_is_empty()
    {
        using (var store = Open())
        {
            store.Load();
            store.Write([Record(Volume("v1"))]);
            File.WriteAllText(Path.Combine(Directory1, "data"), "old");
            store.Write([Record(Volume("v1"), Volume("v2"))]);
            Assert.True(File.Exists(Path.Combine(Directory1, "data")));

            // Destroyed and created again in one turn: nothing of the old volume may be left.
            store.Write([Record(Volume("v2")), Record(Volume("v1"), Volume("v2"))]);
            Assert.Empty(Directory.EnumerateFileSystemEntries(Directory1));
            store.Write([Record(Volume("v2"))]);
            Assert.False(Directory.Exists(Directory1));
        }

        using var next = Open();
        Assert.Equal("v2", Assert.Single(next.Load().Resources.Resources).Disk.Persistence.Id);
    }

    [Fact]
    public void Change_that_was_cut_off_after_its_record_is_finished_at_the_next_start()
    {
        using (var store = Open())
        {
            store.Load();
            store.Write([Record(Volume("v1"))]);
        }

        File.WriteAllText(Path.Combine(Directory1, "data"), "old");
        CheckpointFile.Replace(Path.Combine(_work.Path, "meta", "resources", "resources.target"), Record(Volume("v2")).Record);
        using var next = Open();
        Assert.Equal("v2", Assert.Single(next.Load().Resources.Resources).Disk.Persistence.Id);
        Assert.False(Directory.Exists(Directory1));
        Assert.True(Directory.Exists(Path.Combine(_work.Path, "volumes", "roles", "db eu", "v2")));
    }

    [Fact]
    public void Damaged_record_stops_the_agent_with_the_remedy()
    {
        using (var store = Open())
        {
            store.Load();
            store.Write([Record(Volume("v1"))]);
        }

        File.WriteAllText(Path.Combine(_work.Path, "meta", "resources", "resources.state"), "junk");
        using var next = Open();
        Assert.Contains("remove it to give them up", Assert.Throws<CheckpointException>(next.Load).Message, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Directory1));
    }

    private CheckpointStore Open() => CheckpointStore.Open(_work.Path, NullLogger.Instance);

    private static Resource Volume(string id) => Operations.Volume(id, 10, "db/eu");

    private static AgentCheckpoint.ResourcesStored Record(params Resource[] resources) => new(new ResourcesRecord { Resources = { resources } });
}
