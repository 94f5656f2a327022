using System.Diagnostics;

namespace Orchestrator.Tests.Support;

/// <summary>Waits for something outside of the test's reach, with a deadline.</summary>
public static class Until
{
    /// <summary>How long a test waits for what should come at once: long enough for a machine that is busy with everything else.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Asks again and again, as long as there is patience, until the answer is yes.</summary>
    public static async Task TrueAsync(string what, Func<bool> condition)
    {
        for (var started = Stopwatch.GetTimestamp(); !condition(); await Task.Delay(20))
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, $"Not within {Patience}: {what}");
        }
    }
}
