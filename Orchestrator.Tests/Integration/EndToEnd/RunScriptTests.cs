using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Orchestrator.Tests.Support;
using Orchestrator.Tests.Tidy;

namespace Orchestrator.Tests.Integration.EndToEnd;

/// <summary>The first command of the README.</summary>
[Trait("Category", "Integration")]
public sealed partial class RunScriptTests
{
    [Fact]
    public async Task RunScript_started_twice_on_the_same_data_says_ready_serves_hello_and_leaves_nothing_behind()
    {
        var data = Directory.CreateTempSubdirectory("run-").FullName;
        for (var run = 1; run <= 2; run++)
        {
            var port = ServiceProcess.FreePort();
            var start = new ProcessStartInfo("setsid", [
                Path.Combine(Repository.Root, "run.sh"), "--data", data, "--port", Text(port), "--marathon-port", "0", "--agent-port", Text(ServiceProcess.FreePort())])
            {
                RedirectStandardOutput = true,
            };
            using var script = Process.Start(start)!;
            Assert.Equal($"Orchestrator is ready: http://127.0.0.1:{port}", await script.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(5)));

            using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            var page = "";
            for (var started = Stopwatch.GetTimestamp(); page.Length == 0 && Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(60); await Task.Delay(200))
            {
                var task = HelloTask().Match(await client.GetStringAsync("/v2/apps//hello/tasks"));
                page = task.Success ? await TryGetAsync(client, $"http://127.0.0.1:{task.Groups[1].Value}/") : "";
            }

            Assert.Contains("Hello from Orchestrator", page, StringComparison.Ordinal);
            await Shell.RunAsync($"kill -INT {script.Id}");
            await script.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
            Assert.Equal(0, script.ExitCode);
            Assert.Equal("", await Shell.RunAsync($"pgrep -f {data} || true"));
        }

        await Shell.RunAsync($"rm -rf {data}");
    }

    [Theory]
    [InlineData("--port", "seventy", "--port")]
    [InlineData("--agents", "1000", "--agents")]
    [InlineData("--prot", "1", "--prot")]
    public async Task RunScript_with_a_bad_option_names_it_and_fails(string option, string value, string named)
    {
        var said = await Shell.RunAsync($"{Path.Combine(Repository.Root, "run.sh")} {option} {value} 2>&1 && exit 9 || true");
        Assert.Contains(named, said, StringComparison.Ordinal);
    }

    private static async Task<string> TryGetAsync(HttpClient client, string url)
    {
        try
        {
            return await client.GetStringAsync(url);
        }
        catch (HttpRequestException)
        {
            return "";
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("""TASK_RUNNING".*?"ports":\s*\[(\d+)""", RegexOptions.Singleline)]
    private static partial Regex HelloTask();
}
