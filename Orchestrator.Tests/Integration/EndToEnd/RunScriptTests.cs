using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
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
            using var script = await StartAsync(data);
            Assert.Contains("Hello from Orchestrator", (await HelloAsync(script.Client)).Page, StringComparison.Ordinal);
            await StopAsync(script);
            Assert.Equal("", await ProcessesAsync(data));
        }

        await Shell.RunAsync($"rm -rf {data}");
    }

    [Fact]
    public async Task RunScript_with_keep_lets_tasks_outlive_it_and_the_next_run_takes_them_over()
    {
        var data = Directory.CreateTempSubdirectory("run-").FullName;
        (string Task, string Url, string Page) before;
        using (var script = await StartAsync(data, "--keep"))
        {
            before = await HelloAsync(script.Client);
            await StopAsync(script);
        }

        using (var client = new HttpClient())
        {
            Assert.Equal(before.Page, await client.GetStringAsync(before.Url));
        }

        using (var script = await StartAsync(data))
        {
            Assert.Equal(before, await HelloAsync(script.Client));
            await StopAsync(script);
        }

        Assert.Equal("", await ProcessesAsync(data));
        await Shell.RunAsync($"rm -rf {data}");
    }

    [Fact]
    public async Task RunScript_with_simulated_agents_is_ready_with_as_many()
    {
        var data = Directory.CreateTempSubdirectory("run-").FullName;
        using (var script = await StartAsync(data, "--simulate", "50"))
        {
            var agents = JsonDocument.Parse(await script.Client.GetStringAsync("/slaves")).RootElement.GetProperty("slaves");
            Assert.Equal(50, agents.GetArrayLength());
            await StopAsync(script);
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

    private static async Task<Script> StartAsync(string data, params string[] options)
    {
        var port = ServiceProcess.FreePort();
        var start = new ProcessStartInfo("setsid", [
            Path.Combine(Repository.Root, "run.sh"), "--data", data, "--port", Text(port), "--marathon-port", "0", "--agent-port", Text(ServiceProcess.FreePort()), .. options])
        {
            RedirectStandardOutput = true,
        };
        var script = new Script(Process.Start(start)!, new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") });
        Assert.Equal($"Orchestrator is ready: http://127.0.0.1:{port}", await script.Process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(5)));
        return script;
    }

    /// <summary>The processes that name the folder; the pattern must not name it itself, or the search would find its own shell.</summary>
    private static Task<string> ProcessesAsync(string data) => Shell.RunAsync($"pgrep -af '{data.Replace("/run-", "/[r]un-", StringComparison.Ordinal)}' || true");

    /// <summary>As Ctrl-C does.</summary>
    private static async Task StopAsync(Script script)
    {
        await Shell.RunAsync($"kill -INT {script.Process.Id}");
        await script.Process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(0, script.Process.ExitCode);
    }

    /// <summary>The running task of the sample app and the page that it serves.</summary>
    private static async Task<(string Task, string Url, string Page)> HelloAsync(HttpClient client)
    {
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(60); await Task.Delay(200))
        {
            var task = HelloTask().Match(await client.GetStringAsync("/v2/apps//hello/tasks"));
            var url = $"http://127.0.0.1:{task.Groups["port"].Value}/";
            if (task.Success && await TryGetAsync(client, url) is { Length: > 0 } page)
            {
                return (task.Groups["id"].Value, url, page);
            }
        }

        Assert.Fail("The sample app does not answer within a minute.");
        return default;
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

    [GeneratedRegex(@"""id"":\s*""(?<id>[^""]+)"".*?""state"":\s*""TASK_RUNNING"".*?""ports"":\s*\[(?<port>\d+)", RegexOptions.Singleline)]
    private static partial Regex HelloTask();

    private sealed record Script(Process Process, HttpClient Client) : IDisposable
    {
        public void Dispose()
        {
            Client.Dispose();
            if (!Process.HasExited)
            {
                // It ends what it started; nothing may be left of a test that failed either.
                using var kill = System.Diagnostics.Process.Start("kill", ["-TERM", Text(Process.Id)]);
                kill.WaitForExit();
            }

            Process.Dispose();
        }
    }
}
