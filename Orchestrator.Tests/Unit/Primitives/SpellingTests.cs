using Orchestrator.Core.Primitives;

namespace Orchestrator.Tests.Unit.Primitives;

/// <summary>What is suggested for a mistyped word.</summary>
public sealed class SpellingTests
{
    private static readonly string[] s_known = ["port", "http_port", "work_dir"];

    [Theory]
    [InlineData("prot", "port")]
    [InlineData("workdir", "work_dir")]
    [InlineData("http-port", "http_port")]
    [InlineData("colour", null)]
    public void Nearest_word_is_suggested_only_when_it_is_near(string word, string? suggestion) =>
        Assert.Equal(suggestion, Spelling.Nearest(word, s_known));

    [Fact]
    public void Nearest_of_nothing_is_none() => Assert.Null(Spelling.Nearest("port", []));
}
