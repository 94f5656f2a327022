using System.Text;
using Orchestrator.AgentService.Execution;
using Orchestrator.AgentService.Execution.Commands;
using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.Tests.Unit.Execution.Commands;

public sealed class CommandScriptTests
{
    [Fact]
    public void Shell_command_sets_variables_and_becomes_the_shell()
    {
        var script = Build(new CommandInfo { Value = "echo 'it''s'" }, ("A", "x'y"), ("odd.name", "z"));

        Assert.Equal("export A='x'\\''y'\nexec env 'odd.name=z' '/bin/sh' '-c' 'echo '\\''it'\\'''\\''s'\\''' </dev/null\n", script);
    }

    [Fact]
    public void Program_gets_its_arguments_without_the_first_which_is_its_name()
    {
        var command = new CommandInfo { Shell = false, Value = "/bin/echo" };
        command.Arguments.Add(["echo", "-n", "$HOME"]);

        Assert.Equal("exec '/bin/echo' '-n' '$HOME' </dev/null\n", Build(command));
    }

    [Theory]
    [InlineData("", "A", "command.value")]
    [InlineData("a\0b", "A", "zero byte")]
    [InlineData("true", "", "not empty")]
    [InlineData("true", "A=B", "no '='")]
    public void What_no_program_can_be_given_is_refused(string value, string variable, string expected)
    {
        var error = Assert.Throws<ContainerLaunchException>(() => Build(new CommandInfo { Value = value }, (variable, "x")));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Zero_byte_in_a_variable_is_refused_by_its_name()
    {
        var error = Assert.Throws<ContainerLaunchException>(() => Build(new CommandInfo { Value = "true" }, ("SECRET", "a\0b")));

        Assert.Contains("'SECRET'", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("a\0b", error.Message, StringComparison.Ordinal);
    }

    private static string Build(CommandInfo command, params (string Name, string Value)[] variables) =>
        Encoding.UTF8.GetString(CommandScript.Build(command, variables.ToDictionary(variable => variable.Name, variable => variable.Value)));
}
