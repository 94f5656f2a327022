using Orchestrator.AgentService.Isolation;

namespace Orchestrator.Tests.Unit.Isolation;

public sealed class ProcessStatTests
{
    [Fact]
    public void Line_is_read_whatever_the_program_is_called()
    {
        var stat = ProcessStat.Parse("4711 (my (odd) ) name) S 1 4711 4712 0 -1 4194560 100 0 0 0 12 34 0 0 20 0 1 0 987654 2621440 250 18446744073709551615 1 1");

        Assert.Equal(new ProcessStat(4711, 'S', 1, 4711, 4712, 12, 34, 987654, 250), stat);
    }

    [Theory]
    [InlineData("")]
    [InlineData("abandoned")]
    [InlineData("4711 (sh) S 1 2 3")]
    [InlineData("x (sh) S 1 4711 4712 0 -1 4194560 100 0 0 0 12 34 0 0 20 0 1 0 987654 2621440 250")]
    [InlineData("4711 (sh) S one 4711 4712 0 -1 4194560 100 0 0 0 12 34 0 0 20 0 1 0 987654 2621440 250")]
    public void Anything_else_is_none(string line) => Assert.Null(ProcessStat.Parse(line));

    [Fact]
    public void Process_is_alive_only_with_its_own_start_time()
    {
        var own = ProcessStat.Read(Environment.ProcessId)!;

        Assert.True(new ProcessIdentity(own.Pid, own.StartTicks).IsAlive());
        Assert.False(new ProcessIdentity(own.Pid, own.StartTicks + 1).IsAlive());
        Assert.Contains(ProcessStat.ReadAll(), process => process.Pid == own.Pid);
    }
}
