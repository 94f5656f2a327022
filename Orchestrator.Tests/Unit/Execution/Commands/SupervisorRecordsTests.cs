using Orchestrator.AgentService.Execution.Commands;
using Orchestrator.AgentService.Isolation;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Execution.Commands;

public sealed class SupervisorRecordsTests : IDisposable
{
    private const string Stat = "4711 (sh) S 1 4711 4711 0 -1 4194560 100 0 0 0 12 34 0 0 20 0 1 0 987654 2621440 250";
    private readonly TemporaryDirectory _directory = new();
    private readonly SupervisorRecords _records;

    public SupervisorRecordsTests() => _records = new SupervisorRecords(_directory.Path);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Complete_lines_are_read()
    {
        Write("supervisor", $"boot-1 {Stat}\n");
        Write("command", $"{Stat}\n");
        Write("exit", "137\n");

        Assert.Equal(("boot-1", new ProcessIdentity(4711, 987654)), _records.Supervisor);
        Assert.Equal(new ProcessIdentity(4711, 987654), _records.Command);
        Assert.Equal(137, _records.ExitCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("13")]
    [InlineData("x\n")]
    [InlineData("-1\n")]
    public void Line_that_is_not_complete_or_is_none_is_not_there(string text)
    {
        Write("exit", text);
        Write("supervisor", text);

        Assert.Null(_records.ExitCode);
        Assert.Null(_records.Supervisor);
        Assert.Null(_records.Command);
    }

    [Fact]
    public void Launch_is_given_up_only_while_no_supervisor_has_begun()
    {
        Assert.True(_records.TryAbandon());
        Assert.True(_records.TryAbandon());

        // A supervisor that came first, its line not yet written.
        Write("supervisor", "");
        Assert.False(_records.TryAbandon());
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_directory.Path, name), text);
}
