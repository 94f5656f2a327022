using System.Text.Json;
using Orchestrator.Core.Coordination;
using Orchestrator.Core.Primitives;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Integration.Coordination;

/// <summary>A real host that is killed, or finds its journal spoilt.</summary>
[Trait("Category", "Integration")]
public sealed class HostCrashTests
{
    [Fact]
    public async Task Host_killed_while_frameworks_subscribe_knows_each_that_was_told_so()
    {
        var data = Directory.CreateTempSubdirectory("orchestrator-").FullName;
        var told = new List<string>();
        for (var round = 0; round < 3; round++)
        {
            await using var host = await ServiceProcess.StartHostAsync(data);
            var frameworks = Enumerable.Range(0, 20).Select(_ => new WireFramework(host.Url, protobuf: false)).ToList();
            var subscriptions = frameworks.ConvertAll(async framework =>
            {
                try
                {
                    await framework.SubscribeAsync("""{"type":"SUBSCRIBE","subscribe":{"framework_info":{"user":"root","name":"crash","failover_timeout":3600}}}""");
                    var id = (await framework.NextAsync("SUBSCRIBED")).GetProperty("framework_id").GetProperty("value").GetString()!;
                    lock (told)
                    {
                        told.Add(id);
                    }
                }
                catch (Exception error) when (error is HttpRequestException or IOException or InvalidOperationException)
                {
                    // Killed before it could say so.
                }
            });
            await Task.WhenAny(subscriptions);
            await host.KillAsync();
            await Task.WhenAll(subscriptions);
            foreach (var framework in frameworks)
            {
                await framework.DisposeAsync();
            }
        }

        await using var last = await ServiceProcess.StartHostAsync(data);
        using var client = new HttpClient { BaseAddress = last.Url };
        using var known = JsonDocument.Parse(await client.GetStringAsync(new Uri("/frameworks", UriKind.Relative)));
        var ids = known.RootElement.GetProperty("frameworks").EnumerateArray().Select(framework => framework.GetProperty("id").GetString()!).ToHashSet();
        Assert.NotEmpty(told);
        Assert.Empty(told.Except(ids));
    }

    [Fact]
    public async Task Host_with_a_damaged_journal_ends_and_says_which_file_and_what_to_do()
    {
        var data = Directory.CreateTempSubdirectory("orchestrator-").FullName;
        var path = Path.Combine(data, SqliteJournal.FileName);
        await File.WriteAllTextAsync(path, "this is no journal, and it is longer than a header would be, so that nobody takes it for an empty file of the kind");
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => ServiceProcess.StartHostAsync(data));
        Assert.Contains("stopped with 1", refused.Message, StringComparison.Ordinal);
        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
        Assert.Contains("restore it from a backup", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_with_a_record_that_cannot_be_read_ends_and_says_so()
    {
        var data = Directory.CreateTempSubdirectory("orchestrator-").FullName;
        using (var journal = SqliteJournal.Open(data))
        {
            journal.Commit([new JournalRecord("master", "agent/x", [0xFF, 0xFF])]);
        }

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => ServiceProcess.StartHostAsync(data));
        Assert.Contains("stopped with 1", refused.Message, StringComparison.Ordinal);
        Assert.Contains("holds a record of the master that cannot be read", refused.Message, StringComparison.Ordinal);
    }
}
