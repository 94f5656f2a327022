using Orchestrator.Web.Console.Feeds;

namespace Orchestrator.Tests.Unit.Console.Feeds;

public sealed class TextFilterTests
{
    [Theory]
    [InlineData("", true)]
    [InlineData("   ", true)]
    [InlineData("RACK:R1", true)]
    [InlineData("host7 rack", true)]
    [InlineData("host7 rack:r2", false)]
    [InlineData("host8", false)]
    public void Filter_of_words_matches_when_each_is_in_some_text(string typed, bool matches) =>
        Assert.Equal(matches, new TextFilter(typed).Matches("host7.example", "rack:r1 ssd:yes"));

    [Fact]
    public void Filters_that_differ_in_blanks_and_case_share_a_key() =>
        Assert.Equal(new TextFilter(" Web  one ").Key, new TextFilter("web ONE").Key);
}
