namespace Orchestrator.AgentService.Isolation;

/// <summary>One process for as long as the machine runs: ids come again, but not with the same start time.</summary>
/// <param name="Pid">Its id.</param>
/// <param name="StartTicks">When it began, ticks since the machine was booted.</param>
internal readonly record struct ProcessIdentity(int Pid, long StartTicks)
{
    /// <summary>Whether it still runs; a zombie does not.</summary>
    internal bool IsAlive() => ProcessStat.Read(Pid) is { State: not ('Z' or 'X') } stat && stat.StartTicks == StartTicks;
}
