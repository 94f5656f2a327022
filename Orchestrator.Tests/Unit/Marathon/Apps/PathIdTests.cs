using Orchestrator.Core.Marathon.Apps;

namespace Orchestrator.Tests.Unit.Marathon.Apps;

public sealed class PathIdTests
{
    [Theory]
    [InlineData("web", "/web")]
    [InlineData("/a//b/", "/a/b")]
    [InlineData("../b", "/b")]
    [InlineData("/a/./b/../c", "/a/c")]
    public void Id_of_any_form_becomes_absolute(string id, string absolute) => Assert.Equal(absolute, PathId.Absolute(id));

    [Fact]
    public void Relative_id_stands_below_its_parent() => Assert.Equal("/shop/web", PathId.Absolute("web", "/shop"));

    [Theory]
    [InlineData("/shop/web-1.v2")]
    [InlineData("web")]
    [InlineData("/a/b/c/d")]
    public void Id_of_lower_case_names_is_right(string id) => Assert.Null(PathId.Check(id));

    [Theory]
    [InlineData("", "must not be empty")]
    [InlineData("/", "root path")]
    [InlineData("/Web", "regular expression")]
    [InlineData("/web_1", "regular expression")]
    [InlineData("/-web", "regular expression")]
    [InlineData("/web-", "regular expression")]
    [InlineData("/a b", "regular expression")]
    [InlineData("/web/restart", "/restart")]
    [InlineData("/web/tasks", "/tasks")]
    [InlineData("/web/versions", "/versions")]
    public void Id_that_cannot_be_one_is_told_why(string id, string problem) => Assert.Contains(problem, PathId.Check(id), StringComparison.Ordinal);

    [Fact]
    public void Id_as_part_and_as_name_keeps_its_segments()
    {
        Assert.Equal("a_b_c", PathId.ToIdPart("/a/b/c"));
        Assert.Equal("c.b.a", PathId.ToName("/a/b/c"));
    }
}
