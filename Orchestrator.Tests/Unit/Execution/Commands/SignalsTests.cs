using Orchestrator.AgentService.Execution.Commands;

namespace Orchestrator.Tests.Unit.Execution.Commands;

public sealed class SignalsTests
{
    [Theory]
    [InlineData(0, "Command exited with status 0")]
    [InlineData(128, "Command exited with status 128")]
    [InlineData(129, "Command terminated with signal Hangup")]
    [InlineData(137, "Command terminated with signal Killed")]
    [InlineData(143, "Command terminated with signal Terminated")]
    [InlineData(159, "Command terminated with signal Bad system call")]
    [InlineData(160, "Command exited with status 160")]
    public void Code_is_told_in_the_words_of_the_reference(int code, string expected) => Assert.Equal(expected, Signals.Describe(code));
}
