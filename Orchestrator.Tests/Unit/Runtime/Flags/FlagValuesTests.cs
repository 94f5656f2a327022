using Orchestrator.Core.Runtime.Flags;

namespace Orchestrator.Tests.Unit.Runtime.Flags;

public sealed class FlagValuesTests
{
    private static readonly FlagTable s_table = new(
    [
        new("color", "how it looks", "red", false, "colour"),
        new("loud", "whether it is heard", "false", true),
        new("token", "who it is") { IsSecret = true },
        new("size", "how much of it", "10MB"),
    ],
    "OLD_",
    "NEW_")
    { Unsupported = FlagTable.Names("shape weight") };

    private static FlagValues Read(params string[] arguments) => new(s_table, arguments, new Dictionary<string, string>());

    [Theory]
    [InlineData("--color=blue", "color", "blue")]
    [InlineData("--colour=blue", "color", "blue")]
    [InlineData("--loud", "loud", "true")]
    [InlineData("--no-loud", "loud", "false")]
    public void Value_in_every_form_is_read(string argument, string name, string expected) => Assert.Equal(expected, Read(argument).Get(name));

    [Fact]
    public void Value_may_be_a_word_of_its_own() => Assert.Equal("blue", Read("--color", "blue").Get("color"));

    [Fact]
    public void Later_prefix_wins_and_the_command_line_before_all()
    {
        var environment = new Dictionary<string, string> { ["NEW_COLOR"] = "green", ["OLD_COLOR"] = "blue", ["OLD_SIZE"] = "1KB", ["OTHER_TOKEN"] = "x" };
        var flags = new FlagValues(s_table, ["--size=2KB"], environment);
        Assert.Equal(("green", 2048, null), (flags.Get("color"), flags.Bytes("size"), flags.Get("token")));
    }

    [Theory]
    [InlineData("--shape=round", "does not support")]
    [InlineData("--tokem=x", "did you mean --token?")]
    [InlineData("--entirely=x", "--help lists the flags")]
    [InlineData("color", "write --name=value")]
    [InlineData("--token", "needs a value")]
    public void Flag_that_cannot_be_read_is_refused_with_a_remedy(string argument, string expected) =>
        Assert.Contains(expected, Assert.Throws<FlagException>(() => Read(argument)).Message, StringComparison.Ordinal);

    [Fact]
    public void Unsupported_variable_is_a_warning_and_an_unknown_one_is_none()
    {
        var flags = new FlagValues(s_table, [], new Dictionary<string, string> { ["NEW_SHAPE"] = "round", ["NEW_NONSENSE"] = "1" });
        Assert.StartsWith("NEW_SHAPE is set", Assert.Single(flags.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Secret_is_not_shown()
    {
        var flags = Read("--token=hush");
        Assert.Equal("hush", flags.Get("token"));
        Assert.Equal(["color", "loud", "size"], flags.Shown.Keys);
    }

    [Theory]
    [InlineData("--size=10", 10L)]
    [InlineData("--size=3GB", 3L << 30)]
    public void Sizes_are_read_in_bytes(string argument, long expected) => Assert.Equal(expected, Read(argument).Bytes("size"));

    [Theory]
    [InlineData("--size=-1")]
    [InlineData("--size=1.5GB")]
    [InlineData("--size=9999999999999TB")]
    public void Size_that_is_none_is_refused(string argument) => Assert.Contains("for example 10MB", Assert.Throws<FlagException>(() => Read(argument).Bytes("size")).Message, StringComparison.Ordinal);

    [Fact]
    public void Help_has_a_line_for_each_flag()
    {
        var lines = s_table.Help.Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.Contains("(red)", lines[0], StringComparison.Ordinal);
    }
}
