using System.Text;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Streaming.Hub;

namespace Orchestrator.Tests.Integration.EndToEnd;

/// <summary>The output of a real task, followed by a SignalR client.</summary>
[Trait("Category", "Integration")]
public sealed class HubLogTests
{
    [Fact]
    public async Task Log_of_a_real_task_is_followed_from_its_first_line_while_it_grows()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await using var cluster = await Cluster.StartAsync();
        var gate = Path.Combine(cluster.Agent.Data, "gate");
        await Shell.RunAsync($"mkfifo {gate} && chmod 666 {gate}");
        await cluster.CreateAppAsync($$"""
            { "id": "/talks", "cmd": "echo 'first <b>line</b>'; read word < {{gate}}; echo \"then $word\"; exec sleep 1000", "cpus": 0.1, "mem": 32, "portDefinitions": [] }
            """);
        var task = Assert.Single(await cluster.UntilRunningAsync("/talks", 1));
        var framework = (await cluster.GetAsync("/v2/info")).GetProperty("frameworkId").GetString();
        await using var hub = WebSocketHubConnection.Make(new Uri(cluster.Host.Url, HubSetup.Path));
        await hub.StartAsync(deadline.Token);
        await using var messages = hub.StreamAsyncCore<LogMessage>("FollowLog", [framework, task, "stdout", 4096L], deadline.Token).GetAsyncEnumerator(deadline.Token);

        Assert.Equal("first <b>line</b>\n", await ReadUntilAsync(messages, "line</b>\n"));
        await Shell.RunAsync($"echo more > {gate}");
        Assert.Equal("then more\n", await ReadUntilAsync(messages, "more\n"));
    }

    private static async Task<string> ReadUntilAsync(IAsyncEnumerator<LogMessage> messages, string end)
    {
        var text = new StringBuilder();
        while (!text.ToString().EndsWith(end, StringComparison.Ordinal) && await messages.MoveNextAsync())
        {
            text.Append(messages.Current.Text);
        }

        return text.ToString();
    }
}
