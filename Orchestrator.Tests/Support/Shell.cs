using System.Diagnostics;

namespace Orchestrator.Tests.Support;

/// <summary>Runs a line of bash, as a person at a terminal would.</summary>
public static class Shell
{
    /// <summary>Runs it and returns what it printed, trimmed; a failure fails the test with what it said.</summary>
    public static async Task<string> RunAsync(string command)
    {
        var start = new ProcessStartInfo("bash", ["-c", command]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"exit code {process.ExitCode}: {command}\n{output}{await error}");
        return output.Trim();
    }
}
