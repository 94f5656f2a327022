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

    /// <summary>Places of damage, in thousandths of the file, and how much of it is overwritten; a negative length cuts the file there.</summary>
    public static TheoryData<int, int> Damages
    {
        get
        {
            var damages = new TheoryData<int, int>();
            foreach (var at in new[] { 0, 1, 20, 150, 333, 500, 777, 950, 999 })
            {
                damages.Add(at, 16);
                damages.Add(at, 700);
                damages.Add(at, -1);
            }

            return damages;
        }
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public void Open_after_any_damage_holds_all_or_says_what_to_do_and_changes_nothing(int thousandths, int length)
    {
        var records = Enumerable.Range(0, 300).Select(i => Record($"key-{i:D4}", $"value-{i}-{new string('v', 100)}")).ToList();
        using (var journal = SqliteJournal.Open(_folder))
        {
            journal.Commit(records);
        }

        var path = Path.Combine(_folder, SqliteJournal.FileName);
        var bytes = File.ReadAllBytes(path);
        var at = (int)((long)bytes.Length * thousandths / 1000);
        var damaged = length < 0 ? bytes[..at] : bytes;
        if (length > 0)
        {
            damaged.AsSpan(at, Math.Min(length, damaged.Length - at)).Fill(0xA5);
        }

        File.WriteAllBytes(path, damaged);
        try
        {
            // An empty file is a journal that nothing was written to; garbage in unused space does no harm.
            using var journal = SqliteJournal.Open(_folder);
            var loaded = journal.Load("x");
            Assert.True(damaged.Length == 0 ? loaded.Count == 0 : loaded.Count == records.Count, $"{loaded.Count} records of a damaged file");
            Assert.All(loaded.Zip(records), pair => Assert.Equal(pair.Second.Key, pair.First.Key));
        }
        catch (JournalException refused)
        {
            Assert.Contains(path, refused.Message, StringComparison.Ordinal);
            Assert.Contains("backup", refused.Message, StringComparison.Ordinal);
            Assert.Equal(damaged, File.ReadAllBytes(path));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    [InlineData(3000)]
    [InlineData(-1)]
    public void Batch_whose_log_was_cut_off_is_not_there_and_those_before_it_are(int kept)
    {
        // As after kill -9 or a power cut: the log that the batch was being written to ends in its midst.
        var crashed = Directory.CreateTempSubdirectory("journal-").FullName;
        using (var journal = SqliteJournal.Open(_folder))
        {
            journal.Commit([Record("a", "1")]);
            var before = new FileInfo(Path.Combine(_folder, SqliteJournal.FileName + "-wal")).Length;
            journal.Commit([.. Enumerable.Range(0, 100).Select(i => Record($"b{i}", new string('v', 200)))]);
            foreach (var file in Directory.GetFiles(_folder, SqliteJournal.FileName + "*").Where(file => !file.EndsWith("-shm", StringComparison.Ordinal)))
            {
                File.Copy(file, Path.Combine(crashed, Path.GetFileName(file)));
            }

            using var log = new FileStream(Path.Combine(crashed, SqliteJournal.FileName + "-wal"), FileMode.Open);
            log.SetLength(kept < 0 ? log.Length + kept : before + kept);
        }

        using (var journal = SqliteJournal.Open(crashed))
        {
            Assert.Equal(["a"], journal.Load("x").Select(record => record.Key));
        }

        Directory.Delete(crashed, recursive: true);
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
