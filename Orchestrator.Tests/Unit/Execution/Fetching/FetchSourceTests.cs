using Orchestrator.AgentService.Execution.Fetching;
using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.Tests.Unit.Execution.Fetching;

public sealed class FetchSourceTests
{
    [Theory]
    [InlineData("http://host:80/dir/a.tgz?token=secret#x", "http://host:80/dir/a.tgz?token=secret#x", null, "a.tgz", "http://host/dir/a.tgz")]
    [InlineData("https://me:secret@host/a", "https://me:secret@host/a", null, "a", "https://host/a")]
    [InlineData("file:///opt/a.zip", null, "/opt/a.zip", "a.zip", "/opt/a.zip")]
    [InlineData("file://localhost/opt/a.zip", null, "/opt/a.zip", "a.zip", "/opt/a.zip")]
    [InlineData("/opt/a", null, "/opt/a", "a", "/opt/a")]
    [InlineData("dir/a", null, "/home/dir/a", "a", "/home/dir/a")]
    public void Uri_is_an_address_or_a_file_and_is_shown_without_secrets(string value, string? address, string? path, string name, string shown)
    {
        var source = FetchSource.Parse(new CommandInfo.Types.URI { Value = value }, "/home");

        Assert.Equal(address is null ? null : new Uri(address), source.Address);
        Assert.Equal((path, name, shown), (source.LocalPath, source.FileName, source.Shown));
    }

    [Fact]
    public void Output_file_is_the_name() =>
        Assert.Equal("sub/b", FetchSource.Parse(new CommandInfo.Types.URI { Value = "http://host/", OutputFile = "sub/b" }, null).FileName);

    [Theory]
    [InlineData("", "empty")]
    [InlineData("http://host/\n", "control")]
    [InlineData("http://host/", "output_file")]
    [InlineData("/opt/..", "output_file")]
    [InlineData("a", "--frameworks_home")]
    [InlineData("hdfs://name/a", "not hdfs")]
    [InlineData("http://", "no URI")]
    public void Anything_else_is_refused_with_the_way_out(string value, string expected)
    {
        var error = Assert.Throws<FetchException>(() => FetchSource.Parse(new CommandInfo.Types.URI { Value = value }, null));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
