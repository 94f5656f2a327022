using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Web.Console.Controls;

namespace Orchestrator.Tests.Unit.Console.Controls;

public sealed class FiguresTests
{
    [Theory]
    [InlineData(0, "0 MiB")]
    [InlineData(512, "512 MiB")]
    [InlineData(1536, "1.5 GiB")]
    [InlineData(102_400, "100 GiB")]
    [InlineData(4_194_304, "4 TiB")]
    public void Memory_in_mib_reads_in_the_unit_that_fits(double value, string expected) =>
        Assert.Equal(expected, Figures.MiB(value));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(2048, "2 KiB")]
    [InlineData(5_242_880, "5 MiB")]
    public void Bytes_read_in_the_unit_that_fits(long value, string expected) => Assert.Equal(expected, Figures.Bytes(value));

    [Theory]
    [InlineData(0.25, "0.25")]
    [InlineData(15.7, "15.7")]
    [InlineData(1234.5, "1\u00a0234")]
    public void Amounts_read_with_few_digits(double value, string expected) => Assert.Equal(expected, Figures.Amount(value));

    [Theory]
    [InlineData(1, 0, "0")]
    [InlineData(1, 3, "33.3")]
    [InlineData(5, 4, "100")]
    public void Percent_of_a_whole_stays_between_nothing_and_all(double part, double whole, string expected) => Assert.Equal(expected, Figures.Percent(part, whole));

    [Theory]
    [InlineData(TaskState.TaskRunning, "Running", Tone.Good)]
    [InlineData(TaskState.TaskGoneByOperator, "Gone by operator", Tone.Bad)]
    [InlineData(TaskState.TaskUnreachable, "Unreachable", Tone.Away)]
    public void Task_state_has_a_word_and_a_colour_under_both_of_its_names(TaskState state, string word, Tone tone)
    {
        var wireName = "TASK_" + word.ToUpperInvariant().Replace(' ', '_');

        Assert.Equal((word, word), (Tones.Word(state), Tones.Word(wireName)));
        Assert.Equal((tone, tone), (Tones.Of(state), Tones.Of(wireName)));
    }

    [Theory]
    [InlineData(0, "0 tasks")]
    [InlineData(1, "1 task")]
    [InlineData(2, "2 tasks")]
    public void Count_with_a_noun_says_one_of_one(long value, string text) => Assert.Equal(text, Figures.Count(value, "task"));
}
