using System.Collections.Concurrent;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Integration.EndToEnd;

/// <summary>
/// A client of an app that asks one request after the other, in turn of the instances that the host's API says run and are
/// healthy: as a balancer does that looks twice a second.
/// </summary>
internal sealed class ConstantLoad : IAsyncDisposable
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(500);
    private readonly Cluster _cluster;
    private readonly string _app;
    private readonly HttpClient _client = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero }) { Timeout = Until.Patience };
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, int> _answers = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly Task _running;
    private volatile string[] _targets = [];
    private int _requests;

    internal ConstantLoad(Cluster cluster, string app)
    {
        (_cluster, _app) = (cluster, app);
        _running = Task.WhenAll(LookAsync(), AskAsync());
    }

    /// <summary>What failed, for people.</summary>
    internal IReadOnlyCollection<string> Failures => _failures;

    /// <summary>The different answers so far.</summary>
    internal ICollection<string> Answers => _answers.Keys;

    /// <summary>Requests so far.</summary>
    internal int Requests => Volatile.Read(ref _requests);

    internal Task UntilAnsweredAsync(string answer) => _cluster.UntilAsync($"'{answer}' is answered", () => Task.FromResult(_answers.ContainsKey(answer)));

    internal async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task LookAsync()
    {
        try
        {
            while (true)
            {
                _targets = [.. (await _cluster.TasksAsync(_app))
                    .Where(task => task.GetProperty("state").GetString() == "TASK_RUNNING" && task.TryGetProperty("healthCheckResults", out var results) && results.EnumerateArray().All(result => result.GetProperty("alive").GetBoolean()))
                    .Select(task => $"http://{task.GetProperty("host").GetString()}:{task.GetProperty("ports")[0].GetInt32()}/")];
                await Task.Delay(s_look, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // It was stopped.
        }
    }

    private async Task AskAsync()
    {
        for (var turn = 0; !_stop.IsCancellationRequested; turn++)
        {
            var targets = _targets;
            if (targets.Length == 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20));
                continue;
            }

            var target = targets[turn % targets.Length];
            try
            {
                Interlocked.Increment(ref _requests);
                var answer = (await _client.GetStringAsync(target)).Trim();
                _answers.AddOrUpdate(answer, 1, static (_, count) => count + 1);
            }
            catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
            {
                _failures.Enqueue($"{target}: {error.Message}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }
}
