using System.Text;
using Orchestrator.Core.Coordination;
using Orchestrator.Core.Primitives;

namespace Orchestrator.Tests.Unit.Coordination;

/// <summary>One suite for both journals.</summary>
public sealed class JournalTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("journal-").FullName;
    private readonly InMemoryJournal _memory = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Load_after_batches_returns_the_newest_values_in_key_order(bool sqlite)
    {
        using (var journal = Open(sqlite))
        {
            journal.Commit([Record("b", "1"), Record("a", "2"), new JournalRecord("y", "a", [9])]);
            journal.Commit([Record("b", "3"), Record("c", "4")]);
            journal.Commit([Record("c", null)]);
        }

        using var again = Open(sqlite);
        Assert.Equal(["a=2", "b=3"], again.Load("x").Select(record => $"{record.Key}={Encoding.UTF8.GetString(record.Value!)}"));
        Assert.Single(again.Load("y"));
        Assert.Empty(again.Load("z"));
    }

    [Fact]
    public void Open_of_a_folder_in_use_says_so()
    {
        using var journal = SqliteJournal.Open(_folder);
        var refused = Assert.Throws<JournalException>(() => SqliteJournal.Open(_folder));
        Assert.Contains("in use by another process", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5000)]
    public void Open_of_a_damaged_file_says_so_and_leaves_it_alone(int at)
    {
        using (var journal = SqliteJournal.Open(_folder))
        {
            journal.Commit([.. Enumerable.Range(0, 500).Select(i => Record($"key-{i}", new string('v', 100)))]);
        }

        var path = Path.Combine(_folder, SqliteJournal.FileName);
        var bytes = File.ReadAllBytes(path);
        bytes.AsSpan(at, 4000).Fill(0xAB);
        File.WriteAllBytes(path, bytes);
        var refused = Assert.Throws<JournalException>(() => SqliteJournal.Open(_folder));
        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
        Assert.Contains("backup", refused.Message, StringComparison.Ordinal);
        Assert.Equal(bytes, File.ReadAllBytes(path));
    }

    [Fact]
    public void File_of_the_journal_is_readable_by_its_owner_only()
    {
        using var journal = SqliteJournal.Open(_folder);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder, SqliteJournal.FileName)));
    }

    public void Dispose()
    {
        _memory.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private IJournal Open(bool sqlite) => sqlite ? SqliteJournal.Open(_folder) : _memory;

    private static JournalRecord Record(string key, string? value) => new("x", key, value is null ? null : Encoding.UTF8.GetBytes(value));
}
