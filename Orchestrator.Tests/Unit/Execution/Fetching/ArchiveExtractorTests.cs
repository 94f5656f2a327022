using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Orchestrator.AgentService.Execution.Fetching;
using Orchestrator.AgentService.Sandbox;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Execution.Fetching;

public sealed class ArchiveExtractorTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly string _sandbox;

    public ArchiveExtractorTests() => _sandbox = _directory.Sub("sandbox");

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("a.tar", "tar -cf")]
    [InlineData("a.tgz", "tar -czf")]
    [InlineData("a.tar.gz", "tar -czf")]
    [InlineData("a.tbz2", "tar -cjf")]
    [InlineData("a.tar.bz2", "tar -cjf")]
    [InlineData("a.txz", "tar -cJf")]
    [InlineData("a.tar.xz", "tar -cJf")]
    public async Task Tar_of_each_compression_is_extracted_with_modes_and_links(string name, string tar)
    {
        var source = _directory.Sub("source");
        await Shell.RunAsync($"cd {source}; mkdir -p bin; echo data > bin/tool; chmod 4755 bin/tool; ln bin/tool hard; ln -s bin/tool soft; {tar} ../{name} .");

        await ExtractAsync(Path.Combine(_directory.Path, name));

        Assert.Equal("data\n", await System.IO.File.ReadAllTextAsync(Path.Combine(_sandbox, "bin/tool")));
        Assert.Equal("data\n", await System.IO.File.ReadAllTextAsync(Path.Combine(_sandbox, "hard")));
        Assert.Equal("bin/tool", new System.IO.FileInfo(Path.Combine(_sandbox, "soft")).LinkTarget);
        // Executable, without the bit that would make it run as its owner.
        Assert.Equal("755", await Shell.RunAsync($"stat -c %a {_sandbox}/bin/tool"));
    }

    [Fact]
    public async Task Zip_is_extracted_with_modes_and_directories()
    {
        var archive = Path.Combine(_directory.Path, "a.zip");
        await using (var zip = await ZipFile.OpenAsync(archive, ZipArchiveMode.Create))
        {
            zip.CreateEntry("empty/");
            var entry = zip.CreateEntry("bin/run");
            entry.ExternalAttributes = Convert.ToInt32("100755", 8) << 16;
            await using var data = await entry.OpenAsync();
            await data.WriteAsync("run"u8.ToArray());
        }

        await ExtractAsync(archive);

        Assert.True(Directory.Exists(Path.Combine(_sandbox, "empty")));
        Assert.Equal("755", await Shell.RunAsync($"stat -c %a {_sandbox}/bin/run"));
    }

    [Fact]
    public async Task Gz_becomes_one_file_without_the_ending()
    {
        var archive = Path.Combine(_directory.Path, "notes.txt.gz");
        await Shell.RunAsync($"echo text | gzip > {archive}");

        await ExtractAsync(archive);

        Assert.Equal("text\n", await System.IO.File.ReadAllTextAsync(Path.Combine(_sandbox, "notes.txt")));
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("/etc/evil")]
    [InlineData("a/../../evil")]
    public async Task Name_that_leads_out_is_refused(string name)
    {
        var error = await Assert.ThrowsAsync<FetchException>(() => ExtractTarAsync(File(name)));

        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(Path.Combine(_directory.Path, "evil")));
    }

    [Fact]
    public async Task Nothing_is_written_through_a_link_of_the_archive()
    {
        var outside = _directory.Sub("outside");

        await Assert.ThrowsAsync<FetchException>(() => ExtractTarAsync(Link("door", outside), File("door/evil")));

        Assert.Empty(Directory.EnumerateFileSystemEntries(outside));
    }

    [Fact]
    public async Task File_in_the_place_of_a_link_replaces_it_and_not_what_it_leads_to()
    {
        var outside = Path.Combine(_directory.Path, "outside");
        await System.IO.File.WriteAllTextAsync(outside, "untouched");

        await ExtractTarAsync(Link("name", outside), File("name"));

        Assert.Equal("untouched", await System.IO.File.ReadAllTextAsync(outside));
        Assert.Equal("content", await System.IO.File.ReadAllTextAsync(Path.Combine(_sandbox, "name")));
    }

    [Fact]
    public async Task Hard_link_to_a_file_outside_or_through_a_link_is_refused()
    {
        await System.IO.File.WriteAllTextAsync(Path.Combine(_directory.Path, "secret"), "secret");

        await Assert.ThrowsAsync<FetchException>(() => ExtractTarAsync(new PaxTarEntry(TarEntryType.HardLink, "mine") { LinkName = "../secret" }));
        await Assert.ThrowsAsync<FetchException>(() => ExtractTarAsync(Link("soft", "../secret"), new PaxTarEntry(TarEntryType.HardLink, "mine") { LinkName = "soft" }));

        Assert.False(System.IO.File.Exists(Path.Combine(_sandbox, "mine")));
    }

    [Fact]
    public async Task Device_is_refused()
    {
        var error = await Assert.ThrowsAsync<FetchException>(() => ExtractTarAsync(new PaxTarEntry(TarEntryType.Fifo, "pipe")));

        Assert.Contains("'pipe'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bomb_is_stopped_at_the_limit_of_bytes_and_of_entries()
    {
        var archive = Path.Combine(_directory.Path, "bomb.tgz");
        await Shell.RunAsync($"cd {_directory.Sub("source")}; head -c 5000000 /dev/zero > zeros; tar -czf {archive} zeros");

        var bytes = await Assert.ThrowsAsync<FetchException>(() =>
            ArchiveExtractor.ExtractAsync(archive, "bomb.tgz", new ExtractionTarget(_sandbox, default, 1_000_000), CancellationToken.None));
        var entries = await Assert.ThrowsAsync<FetchException>(() => ExtractTarAsync(2, File("a"), File("b"), File("c")));

        Assert.Contains("--fetcher_max_size", bytes.Message, StringComparison.Ordinal);
        Assert.Contains("more than 2 entries", entries.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.tar")]
    [InlineData("a.tgz")]
    [InlineData("a.tbz2")]
    [InlineData("a.txz")]
    [InlineData("a.zip")]
    [InlineData("a.gz")]
    public async Task Broken_archive_is_said_so(string name)
    {
        var archive = Path.Combine(_directory.Path, name);
        await System.IO.File.WriteAllBytesAsync(archive, Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("no archive at all ", 100))));

        var error = await Assert.ThrowsAsync<FetchException>(() => ExtractAsync(archive));

        Assert.Contains("cannot be extracted", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.tar.gz.txt")]
    [InlineData("tar")]
    [InlineData("A.ZIP")]
    public void Other_names_are_no_archives(string name) => Assert.Equal(ArchiveKind.None, ArchiveExtractor.KindOf(name));

    private static PaxTarEntry File(string name) => new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream("content"u8.ToArray()) };

    private static PaxTarEntry Link(string name, string target) => new(TarEntryType.SymbolicLink, name) { LinkName = target };

    private Task ExtractTarAsync(params TarEntry[] entries) => ExtractTarAsync(100, entries);

    private async Task ExtractTarAsync(int maxEntries, params TarEntry[] entries)
    {
        var archive = Path.Combine(_directory.Path, "made.tar");
        await using (var writer = new TarWriter(System.IO.File.Create(archive)))
        {
            foreach (var entry in entries)
            {
                await writer.WriteEntryAsync(entry);
            }
        }

        await ArchiveExtractor.ExtractAsync(archive, "made.tar", new ExtractionTarget(_sandbox, default, 1_000_000, maxEntries), CancellationToken.None);
    }

    private Task ExtractAsync(string archive) =>
        ArchiveExtractor.ExtractAsync(archive, Path.GetFileName(archive), new ExtractionTarget(_sandbox, SandboxOwner.Of(null), 1_000_000), CancellationToken.None);
}
