using Orchestrator.AgentService.Sandbox;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Sandbox;

public sealed class SandboxFilesTests : IDisposable
{
    private const string Executor = "slaves/S1/frameworks/fw/executors/t1/runs";
    private readonly TemporaryDirectory _directory = new();
    private readonly string _sandbox;
    private readonly SandboxFiles _files;

    public SandboxFilesTests()
    {
        _sandbox = _directory.Sub(Executor + "/c1");
        File.WriteAllText(Path.Combine(_sandbox, "stdout"), "hello");
        Directory.CreateDirectory(Path.Combine(_sandbox, "sub"));
        File.WriteAllText(Path.Combine(_sandbox, "sub", "inner"), "inner");
        File.CreateSymbolicLink(Path.Combine(_directory.Path, Executor, "latest"), "c1");
        File.WriteAllText(Path.Combine(_directory.Sub("meta"), "secret"), "secret");
        _files = new SandboxFiles(_directory.Path);
    }

    public void Dispose() => _directory.Dispose();

    private (string? Content, SandboxFiles.Refusal Refusal) Read(string path)
    {
        var (entry, refusal) = _files.Open(path);
        using (entry)
        {
            return (entry is { IsRegular: true } ? new StreamReader(entry.OpenRead()).ReadToEnd() : null, refusal);
        }
    }

    [Theory]
    [InlineData("{0}/slaves/S1/frameworks/fw/executors/t1/runs/c1/stdout")]
    [InlineData("{0}/slaves/S1/frameworks/fw/executors/t1/runs/latest/stdout")]
    [InlineData("/frameworks/fw/executors/t1/runs/latest/stdout")]
    [InlineData("/frameworks/fw/executors/t1/runs/c1//stdout")]
    public void File_under_each_of_its_names_is_opened(string path) =>
        Assert.Equal("hello", Read(string.Format(System.Globalization.CultureInfo.InvariantCulture, path, _directory.Path)).Content);

    [Theory]
    [InlineData("{0}/meta/secret")]
    [InlineData("/etc/passwd")]
    [InlineData("etc/passwd")]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("{0}")]
    [InlineData("{0}/slaves")]
    [InlineData("{0}/slaves/S1/frameworks/fw/executors/t1/runs")]
    [InlineData("{0}/slaves/S1/frameworks/fw/executors/t1/runs/c1/../../../../../../../meta/secret")]
    [InlineData("/frameworks/fw/executors/t1/runs/latest/../c1/stdout")]
    [InlineData("/frameworks/../executors/t1/runs/latest/stdout")]
    [InlineData("/frameworks/fw/executors/t1/runs/latest/stdout\0")]
    [InlineData("/frameworks/fw/executors/t1/runs/latest/missing")]
    public void Path_that_is_in_no_sandbox_is_not_found(string path)
    {
        var (content, refusal) = Read(path.Replace("{0}", _directory.Path, StringComparison.Ordinal));
        Assert.Null(content);
        Assert.Equal(SandboxFiles.Refusal.NotFound, refusal);
    }

    [Theory]
    [InlineData("/etc/passwd", "evil")]
    [InlineData("../../../../../../../../meta/secret", "evil")]
    [InlineData("/", "evil/etc/passwd")]
    [InlineData("..", "evil/c2/stdout")]
    public void Link_out_of_the_sandbox_is_refused(string target, string path)
    {
        File.WriteAllText(Path.Combine(_directory.Sub(Executor + "/c2"), "stdout"), "another task's");
        File.CreateSymbolicLink(Path.Combine(_sandbox, "evil"), target);

        Assert.Equal((null, SandboxFiles.Refusal.Outside), Read("/frameworks/fw/executors/t1/runs/c1/" + path));
    }

    [Fact]
    public void Link_that_stays_in_the_sandbox_is_followed()
    {
        File.CreateSymbolicLink(Path.Combine(_sandbox, "relative"), "sub/inner");
        File.CreateSymbolicLink(Path.Combine(_sandbox, "absolute"), Path.Combine(_sandbox, "sub"));

        Assert.Equal("inner", Read("/frameworks/fw/executors/t1/runs/c1/relative").Content);
        Assert.Equal("inner", Read("/frameworks/fw/executors/t1/runs/c1/absolute/inner").Content);
    }

    [Fact]
    public void Run_that_is_a_link_out_of_the_work_directory_is_refused()
    {
        File.CreateSymbolicLink(Path.Combine(_directory.Path, Executor, "c9"), "/etc");

        Assert.Equal((null, SandboxFiles.Refusal.Outside), Read("/frameworks/fw/executors/t1/runs/c9/passwd"));
    }

    [Fact]
    public void Directory_is_listed_in_order_and_not_read()
    {
        var (entry, _) = _files.Open("/frameworks/fw/executors/t1/runs/latest/");
        using (entry)
        {
            Assert.True(entry!.IsDirectory);
            Assert.Equal(["stdout", "sub"], entry.Names());
            Assert.Equal(5, entry.Inspect("stdout")!.Value.Size);
        }
    }

    [Fact]
    public void Sandbox_older_than_its_age_is_collected_and_a_live_one_stays()
    {
        var old = _directory.Sub(Executor + "/old");
        Directory.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddDays(-8));
        var live = _directory.Sub(Executor + "/live");
        Directory.SetLastWriteTimeUtc(live, DateTime.UtcNow.AddDays(-8));
        var collector = new SandboxCollector(
            _directory.Path, id => id == "live", TimeSpan.FromDays(7), 0.1, TimeSpan.FromMinutes(1), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<SandboxCollector>.Instance);

        Assert.Equal(1, collector.Collect(TimeSpan.FromDays(7)));
        Assert.False(Directory.Exists(old));
        Assert.True(Directory.Exists(live));
        Assert.True(Directory.Exists(_sandbox));
        Assert.Equal(TimeSpan.FromDays(7 * 0.4), collector.MaxAge(0.5));
        Assert.Equal(TimeSpan.Zero, collector.MaxAge(0.95));
    }
}
