using Orchestrator.Core.Runtime.Flags;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Console.Feeds;

namespace Orchestrator.Tests.Unit.Console.Feeds;

public sealed class AgentAccountTests
{
    [Fact]
    public void Account_given_as_text_or_in_a_file_is_read()
    {
        using var folder = new TemporaryDirectory();
        var file = Path.Combine(folder.Path, "account");
        File.WriteAllText(file, "console:s:ecret\n");

        Assert.Null(AgentAccount.Read(null));
        Assert.Equal("console:s:ecret", AgentAccount.Read("console:s:ecret"));
        Assert.Equal("console:s:ecret", AgentAccount.Read(file));
    }

    [Theory]
    [InlineData("secret")]
    [InlineData(":secret")]
    [InlineData("/no/such/file")]
    public void Account_that_is_malformed_is_refused_without_being_repeated(string text)
    {
        var error = Assert.Throws<FlagException>(() => AgentAccount.Read(text));
        Assert.Contains("--agent_credentials", error.Message, StringComparison.Ordinal);
    }
}
