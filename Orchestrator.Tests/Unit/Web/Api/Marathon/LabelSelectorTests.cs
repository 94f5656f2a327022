using Orchestrator.Tests.Support;
using Orchestrator.Web.Api.Marathon;

namespace Orchestrator.Tests.Unit.Web.Api.Marathon;

public sealed class LabelSelectorTests
{
    [Theory]
    [InlineData("tier", true)]
    [InlineData("other", false)]
    [InlineData("tier==web", true)]
    [InlineData("tier == web", true)]
    [InlineData("tier==db", false)]
    [InlineData("tier!=db", true)]
    [InlineData("tier!=web", false)]
    [InlineData("other!=web", false)]
    [InlineData("tier in (web,db)", true)]
    [InlineData("tier in ( db )", false)]
    [InlineData("tier notin (db, cache)", true)]
    [InlineData("tier notin (web)", false)]
    [InlineData("other notin (web)", false)]
    [InlineData("tier==web, stage in (test, live)", true)]
    [InlineData("tier==web,stage==test", false)]
    [InlineData(@"path==\/a\ b", true)]
    [InlineData("in", false)]
    public void Selector_of_each_form_matches_as_the_reference_does(string text, bool expected)
    {
        var selector = LabelSelector.Parse(text, out var error);
        Assert.Equal("", error);
        Assert.Equal(expected, selector!.Matches(ServiceSnapshots.Labels("tier=web", "stage=live", "path=/a b")));
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("a,", 3)]
    [InlineData("a=b", 1)]
    [InlineData("a==", 1)]
    [InlineData("a==b c", 1)]
    [InlineData("a in b", 1)]
    [InlineData("a in (b", 1)]
    [InlineData("a,b/c", 3)]
    public void Selector_that_is_malformed_is_refused_with_the_place(string text, int position)
    {
        Assert.Null(LabelSelector.Parse(text, out var error));
        Assert.Contains($"position {position};", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Selector_beyond_its_limit_is_refused_without_being_read() => Assert.Null(LabelSelector.Parse(new string('a', LabelSelector.MaxLength + 1), out _));
}
