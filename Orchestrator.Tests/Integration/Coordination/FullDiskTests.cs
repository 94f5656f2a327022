using Orchestrator.Core.Coordination;
using Orchestrator.Core.Primitives;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Integration.Coordination;

/// <summary>The journal on a disk that really is full.</summary>
[Trait("Category", "Integration")]
public sealed class FullDiskTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("small-disk-").FullName;

    public async ValueTask InitializeAsync() => await Shell.RunAsync($"mount -t tmpfs -o size=1m tmpfs {_folder}");

    [Fact]
    public void Commit_on_a_full_disk_says_so_and_stores_nothing_of_the_batch()
    {
        var stored = 0;
        using (var journal = SqliteJournal.Open(_folder))
        {
            var refused = Assert.Throws<JournalException>(() =>
            {
                for (; stored < 1000; stored++)
                {
                    journal.Commit([Record($"{stored}/a"), Record($"{stored}/b")]);
                }
            });
            Assert.Contains("full", refused.Message, StringComparison.Ordinal);
        }

        File.WriteAllBytes(Path.Combine(_folder, "unrelated"), []);
        using var again = SqliteJournal.Open(_folder);
        var keys = again.Load("x").Select(record => record.Key).ToHashSet();
        Assert.Equal(stored * 2, keys.Count);
        Assert.DoesNotContain($"{stored}/a", keys);
    }

    public async ValueTask DisposeAsync() => await Shell.RunAsync($"umount {_folder} && rmdir {_folder}");

    private static JournalRecord Record(string key) => new("x", key, new byte[8000]);
}
