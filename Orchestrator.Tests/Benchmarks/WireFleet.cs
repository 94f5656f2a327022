namespace Orchestrator.Tests.Benchmarks;

/// <summary>Many <see cref="WireAgent"/>s that come and go together.</summary>
public sealed class WireFleet(HttpClient client, int count, double cpus, double memMiB) : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private readonly List<WireAgent> _agents = [.. Enumerable.Range(0, count).Select(i => new WireAgent(client, i, cpus, memMiB))];
    private CancellationTokenSource _stop = new();
    private List<Task> _links = [];

    /// <summary>Tasks that agents were told to kill.</summary>
    public int Kills => _agents.Sum(agent => agent.Kills);

    /// <summary>Tasks that run.</summary>
    public int Running => _agents.Sum(agent => agent.Running);

    /// <summary>Registers all, with the tasks that they hold.</summary>
    public async Task ConnectAsync()
    {
        _links = _agents.ConvertAll(agent => QuietlyAsync(agent.RunAsync(_stop.Token)));
        await Task.WhenAll(_agents.Select(agent => agent.Registered.Task)).WaitAsync(s_patience);
    }

    /// <summary>The host is gone: ends all links; the tasks go on.</summary>
    public async Task LoseAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_links);
        _stop.Dispose();
        _stop = new CancellationTokenSource();
        _agents.ForEach(agent => agent.Lose());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_links);
        _stop.Dispose();
    }

    private static async Task QuietlyAsync(Task link)
    {
        try
        {
            await link;
        }
        catch (Exception error) when (error is OperationCanceledException or HttpRequestException or IOException)
        {
            // The run is over, or the host is gone.
        }
    }
}
