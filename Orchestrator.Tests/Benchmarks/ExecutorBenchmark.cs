using System.Diagnostics;
using System.Globalization;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Benchmarks;

/// <summary>
/// Tasks through one executor on one real agent: each is launched, runs, finishes, and both updates are acknowledged, over
/// real HTTP from framework to executor and back. Host, agent, executor and framework are on this machine.
/// </summary>
/// <param name="tasks">Number of tasks, launched with one ACCEPT.</param>
public sealed class ExecutorBenchmark(int tasks)
{
    /// <summary>Runs it once.</summary>
    public async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await using var host = await ServiceProcess.StartHostAsync();
        await using var agent = await ServiceProcess.StartAgentAsync(
            host.Url, null, null, "--no-switch_user", "--resources", string.Create(CultureInfo.InvariantCulture, $"cpus:{tasks};mem:{(tasks * 32) + 4096};disk:1000"));
        try
        {
            return await RunAsync(host, agent);
        }
        catch (Exception error) when (error is TimeoutException or HttpRequestException or InvalidOperationException or IOException)
        {
            throw new InvalidOperationException($"{error.Message}\nThe agent said:\n{agent.Output}\nThe host said:\n{host.Output}", error);
        }
        finally
        {
            await agent.KillAsync();
            await Leftovers.RemoveAsync(agent.Data);
        }
    }

    private async Task<IReadOnlyList<Figure>> RunAsync(ServiceProcess host, ServiceProcess agent)
    {
        using var client = new HttpClient { BaseAddress = host.Url, Timeout = Timeout.InfiniteTimeSpan };
        using var stop = new CancellationTokenSource();
        var executor = new ExecutorInfo
        {
            ExecutorId = new ExecutorID { Value = "bench" },
            Command = new CommandInfo { Value = $"exec dotnet {typeof(ExecutorBenchmark).Assembly.Location} bench {BenchExecutor.Option}" },
        };
        executor.Resources.Add(new Resource { Name = "mem", Type = Value.Types.Type.Scalar, Scalar = new Value.Types.Scalar { Value = 1024 } });
        var scheduler = new WireScheduler(client, tasks, tasks, executor: executor);
        var subscription = scheduler.RunAsync(stop.Token);
        await Task.WhenAny(scheduler.AllFinished.Task, subscription).WaitAsync(TimeSpan.FromMinutes(5));
        await scheduler.AllFinished.Task.WaitAsync(TimeSpan.FromSeconds(1));
        await scheduler.DrainAsync(stop.Token).WaitAsync(TimeSpan.FromMinutes(1));
        var took = Stopwatch.GetElapsedTime(scheduler.FirstUpdateAt).TotalSeconds;
        await stop.CancelAsync();
        await subscription.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return
        [
            Line($"tasks through one executor, {tasks:N0} tasks, first RUNNING to last FINISHED acknowledged", $"{tasks / took:N0}/s", "1,000/s"),
            Line("CPU-seconds of host / agent in that run", $"{host.CpuSeconds:0.0} / {agent.CpuSeconds:0.0}"),
        ];
    }

    private static Figure Line(string what, FormattableString value, string floor = "") => new(what, value.ToString(CultureInfo.InvariantCulture), floor);
}
