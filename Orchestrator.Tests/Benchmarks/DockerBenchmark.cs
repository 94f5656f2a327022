using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Benchmarks;

/// <summary>
/// An app of busybox containers from POST to all running, against bare <c>docker run</c> four at a time and a Docker Swarm
/// service, in the same run on the same daemon; and the time until a killed instance is replaced.
/// </summary>
public sealed class DockerBenchmark(int instances)
{
    private const string Image = "orchestrator-bench:busybox";
    private const string AppId = "/bench";

    /// <summary>Runs it once. Needs a Docker daemon and Debian's busybox-static.</summary>
    public async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await ShellAsync($"d=$(mktemp -d) && mkdir -p $d/bin $d/tmp $d/etc && cp /bin/busybox $d/bin/ && for a in sh sleep httpd; do ln -s busybox $d/bin/$a; done && tar -C $d -c . | docker import - {Image} >/dev/null && rm -rf $d");
        try
        {
            // Interleaved twice, the better of each, so that a warm cache favours nobody.
            var bare = await BareAsync();
            var (app, replaced) = await OrchestratorAsync();
            bare = Math.Min(bare, await BareAsync());
            var swarm = await SwarmAsync();
            return
            [
                new Figure($"{instances} containers, docker run four at a time", Seconds(bare)),
                new Figure($"{instances} containers, Docker Swarm service", Seconds(swarm.Started)),
                new Figure($"{instances} containers, POST /v2/apps to all running", Seconds(app), "5.5 s"),
                new Figure("killed container replaced, Docker Swarm", Seconds(swarm.Replaced)),
                new Figure("killed container replaced, here (backoff 0)", Seconds(replaced), "1.5 s"),
            ];
        }
        finally
        {
            await ShellAsync($"docker rmi -f {Image} >/dev/null 2>&1 || true");
        }
    }

    private async Task<double> BareAsync()
    {
        var started = Stopwatch.GetTimestamp();
        await ShellAsync($"seq {instances} | xargs -P 4 -I N docker run -d --name orchestrator-bench-N {Image} /bin/sleep 1000 >/dev/null");
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await ShellAsync($"seq {instances} | xargs -I N echo orchestrator-bench-N | xargs docker rm -f >/dev/null");
        return seconds;
    }

    private async Task<(double Started, double Replaced)> SwarmAsync()
    {
        await ShellAsync("docker swarm init --advertise-addr 127.0.0.1 >/dev/null");
        try
        {
            var started = Stopwatch.GetTimestamp();
            await ShellAsync($"docker service create -d --no-resolve-image --name orchestrator-bench --replicas {instances} --restart-delay 0s {Image} /bin/sleep 1000 >/dev/null");
            const string RunningContainers = "docker ps -q --filter label=com.docker.swarm.service.name=orchestrator-bench --filter status=running";
            await ShellAsync($"until [ $({RunningContainers} | wc -l) -ge {instances} ]; do sleep 0.05; done");
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            var killed = Stopwatch.GetTimestamp();
            await ShellAsync($"docker kill $({RunningContainers} | head -n 1) >/dev/null && until [ $({RunningContainers} | wc -l) -ge {instances} ]; do sleep 0.02; done");
            return (seconds, Stopwatch.GetElapsedTime(killed).TotalSeconds);
        }
        finally
        {
            await ShellAsync("docker service rm orchestrator-bench >/dev/null; docker swarm leave --force >/dev/null; sleep 3");
        }
    }

    private async Task<(double Started, double Replaced)> OrchestratorAsync()
    {
        await using var host = await ServiceProcess.StartHostAsync();
        await using var agent = await ServiceProcess.StartAgentAsync(host.Url, null, null, "--containerizers", "docker,mesos", "--resources", "cpus:16;mem:16384;disk:20000;ports:[31000-32000]", "--shutdown_tasks_on_exit");
        using var client = new HttpClient { BaseAddress = host.Url };
        var definition = new
        {
            id = AppId,
            cmd = "exec sleep 1000",
            cpus = 0.1,
            mem = 32,
            instances,
            backoffSeconds = 0,
            container = new { type = "DOCKER", docker = new { image = Image } },
            networks = new[] { new { mode = "container/bridge" } },
        };
        var started = Stopwatch.GetTimestamp();
        using (var created = await client.PostAsJsonAsync("/v2/apps", definition))
        {
            created.EnsureSuccessStatusCode();
        }

        await UntilRunningAsync(client, instances, exclude: null);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var victim = (await TasksAsync(client))[0];
        var killed = Stopwatch.GetTimestamp();
        await ShellAsync($"docker kill $(docker ps -q --filter label=MESOS_TASK_ID={victim}) >/dev/null");
        await UntilRunningAsync(client, instances, exclude: victim);
        var replaced = Stopwatch.GetElapsedTime(killed).TotalSeconds;
        using var deleted = await client.DeleteAsync($"/v2/apps/{AppId}?force=true");

        // The app is gone at once, its containers a moment later; the agent must live until then.
        await ShellAsync($"timeout 60 bash -c 'until [ -z \"$(docker ps -q --filter label=orchestrator.work_dir={agent.Data})\" ]; do sleep 0.1; done'");
        await ShellAsync($"docker ps -aq --filter label=orchestrator.work_dir={agent.Data} | xargs -r docker rm -f >/dev/null");
        return (seconds, replaced);
    }

    private static async Task UntilRunningAsync(HttpClient client, int wanted, string? exclude)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            var tasks = await TasksAsync(client);
            if (tasks.Count == wanted && (exclude is null || !tasks.Contains(exclude)))
            {
                return;
            }

            await Task.Delay(20, limit.Token);
        }
    }

    private static async Task<List<string>> TasksAsync(HttpClient client)
    {
        var answer = await client.GetFromJsonAsync<JsonElement>("/v2/tasks?status=running");
        return [.. answer.GetProperty("tasks").EnumerateArray().Where(task => task.GetProperty("state").GetString() == "TASK_RUNNING").Select(task => task.GetProperty("id").GetString()!)];
    }

    private static string Seconds(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.0} s");

    private static async Task ShellAsync(string command)
    {
        using var process = Process.Start("bash", ["-c", "set -e -o pipefail; " + command]);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"exit code {process.ExitCode}: {command}");
        }
    }
}
