using System.Diagnostics;

namespace Orchestrator.Tests.Support;

/// <summary>Waits for something outside of the test's reach, with a deadline.</summary>
public static class Until
{
    /// <summary>Asks again and again, half a minute at most, until the answer is yes.</summary>
    public static async Task TrueAsync(string what, Func<bool> condition)
    {
        for (var started = Stopwatch.GetTimestamp(); !condition(); await Task.Delay(20))
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(30), $"Not within half a minute: {what}");
        }
    }
}
