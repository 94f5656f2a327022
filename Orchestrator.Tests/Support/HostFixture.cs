using Orchestrator.Web.Hosting;

namespace Orchestrator.Tests.Support;

/// <summary>The real host in this process on a free port with a data folder of its own.</summary>
internal sealed class HostFixture : IAsyncDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("orchestrator-host-").FullName;

    private HostFixture(params string[] flags)
    {
        Host = OrchestratorHost.Create(["--port=0", "--http_port=0", $"--work_dir={_data}", "--logging_level=ERROR", .. flags]);
    }

    public OrchestratorHost Host { get; }

    public Uri Address => Host.Addresses[0];

    public static async Task<HostFixture> StartAsync(params string[] flags)
    {
        var fixture = new HostFixture(flags);
        await fixture.Host.StartAsync(CancellationToken.None);
        return fixture;
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        try
        {
            await Host.StopAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            // On a busy machine what is left is cut off.
        }

        await Host.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }
}
