using System.Text.Json;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Integration.EndToEnd;

/// <summary>Data that one task writes and its successor reads, after the agent and the host were killed in between.</summary>
[Trait("Category", "Integration")]
public sealed class PersistentVolumeTests
{
    private const string Framework = "volumes-test";
    private readonly List<JsonElement> _offers = [];

    [Fact]
    public async Task Volume_written_by_one_task_is_read_by_its_successor_after_kill_9_of_agent_and_host()
    {
        await using var cluster = await Cluster.StartAsync();
        await Shell.RunAsync($"chmod 755 {cluster.Agent.Data}");
        await using (var first = await SubscribeAsync(cluster.Host.Url))
        {
            var offer = await OfferAsync(first);
            await AcceptAsync(first, offer, $$$$"""
                {"type":"RESERVE","id":{"value":"r1"},"reserve":{"resources":[{{{{Scalar("cpus", 0.1)}}}},{{{{Scalar("mem", 32)}}}},{{{{Scalar("disk", 64)}}}}]}},
                {"type":"CREATE","create":{"volumes":[{{{{Volume}}}}]}},
                {{{{Launch(offer, "writer", "echo kept > data/file; sync data/file")}}}}
                """);
            Assert.Equal("OPERATION_FINISHED", (await first.NextAsync("UPDATE_OPERATION_STATUS")).GetProperty("status").GetProperty("state").GetString());
            await EndOfAsync(first, "writer", "TASK_FINISHED");
        }

        _offers.Clear();
        await cluster.KillAndRestartAgentAsync();
        await cluster.KillAndRestartHostAsync();

        await using var second = await SubscribeAsync(cluster.Host.Url);
        var again = await OfferAsync(second, offer => offer.GetProperty("resources").EnumerateArray().Any(resource => resource.TryGetProperty("disk", out _)));
        await AcceptAsync(second, again, Launch(again, "reader", "test \\\"$(cat data/file)\\\" = kept && echo more >> data/file"));
        await EndOfAsync(second, "reader", "TASK_FINISHED");
        Assert.Equal("kept\nmore\n", await File.ReadAllTextAsync(Path.Combine(cluster.Agent.Data, "volumes", "roles", "db", "v1", "file")));

        var last = await OfferAsync(second, offer => offer.GetProperty("resources").EnumerateArray().Any(resource => resource.TryGetProperty("disk", out _)));
        await AcceptAsync(second, last, $$$$"""{"type":"DESTROY","destroy":{"volumes":[{{{{Volume}}}}]}},{"type":"UNRESERVE","unreserve":{"resources":[{{{{Scalar("cpus", 0.1)}}}},{{{{Scalar("mem", 32)}}}},{{{{Scalar("disk", 64)}}}}]}}""");
        await cluster.UntilAsync("the volume is gone", async () =>
            !Directory.Exists(Path.Combine(cluster.Agent.Data, "volumes", "roles", "db", "v1"))
            && (await cluster.GetAsync("/slaves")).GetProperty("slaves")[0].GetProperty("reserved_resources").EnumerateObject().Any() is false);
    }

    private static string Scalar(string name, double amount) =>
        $$$$"""{"name":"{{{{name}}}}","type":"SCALAR","scalar":{"value": {{{{amount.ToString(System.Globalization.CultureInfo.InvariantCulture)}}}} },"reservations":[{"type":"DYNAMIC","role":"db","principal":"me"}]}""";

    private static string Volume { get; } =
        Scalar("disk", 64)[..^1] + ""","disk":{"persistence":{"id":"v1","principal":"me"},"volume":{"container_path":"data","mode":"RW"}}}""";

    private static string Launch(JsonElement offer, string id, string command) => $$$$"""
        {"type":"LAUNCH","launch":{"task_infos":[{"name":"{{{{id}}}}","task_id":{"value":"{{{{id}}}}"},"agent_id":{{{{offer.GetProperty("agent_id").GetRawText()}}}},
         "command":{"value":"{{{{command}}}}"},"resources":[{{{{Scalar("cpus", 0.1)}}}},{{{{Scalar("mem", 32)}}}},{{{{Volume}}}}]}]}}
        """;

    private static async Task<WireFramework> SubscribeAsync(Uri host)
    {
        var framework = new WireFramework(host, protobuf: false, patience: TimeSpan.FromMinutes(2));
        await framework.SubscribeAsync($$$$"""
            {"type":"SUBSCRIBE","framework_id":{"value":"{{{{Framework}}}}"},"subscribe":{"framework_info":{"id":{"value":"{{{{Framework}}}}"},"user":"root","name":"db","principal":"me",
             "failover_timeout":3600,"roles":["db"],"capabilities":[{"type":"MULTI_ROLE"},{"type":"RESERVATION_REFINEMENT"}]}}}
            """);
        return framework;
    }

    /// <summary>The next offer that is wanted; the others stay outstanding.</summary>
    private async Task<JsonElement> OfferAsync(WireFramework framework, Func<JsonElement, bool>? wanted = null)
    {
        while (true)
        {
            foreach (var offer in _offers.Where(offer => wanted is null || wanted(offer)).ToArray())
            {
                _offers.Remove(offer);
                return offer;
            }

            await NextAsync(framework);
        }
    }

    private async Task<JsonElement> NextAsync(WireFramework framework)
    {
        var received = await framework.NextAsync() ?? throw new InvalidOperationException("The stream ended.");
        if (received.TryGetProperty("offers", out var offers))
        {
            _offers.AddRange(offers.GetProperty("offers").EnumerateArray());
        }

        return received;
    }

    private static async Task AcceptAsync(WireFramework framework, JsonElement offer, string operations) => Assert.Equal((202, ""), await framework.CallAsync($$$$"""
        {"type":"ACCEPT","framework_id":{"value":"{{{{Framework}}}}"},"accept":{"offer_ids":[{{{{offer.GetProperty("id").GetRawText()}}}}],"operations":[{{{{operations}}}}],"filters":{"refuse_seconds":0}}}
        """));

    private async Task EndOfAsync(WireFramework framework, string task, string state)
    {
        while (true)
        {
            if (!(await NextAsync(framework)).TryGetProperty("update", out var update))
            {
                continue;
            }

            var status = update.GetProperty("status");
            if (status.TryGetProperty("uuid", out var uuid))
            {
                await framework.CallAsync($$$$"""
                    {"type":"ACKNOWLEDGE","framework_id":{"value":"{{{{Framework}}}}"},"acknowledge":{"agent_id":{{{{status.GetProperty("agent_id").GetRawText()}}}},"task_id":{{{{status.GetProperty("task_id").GetRawText()}}}},"uuid":"{{{{uuid.GetString()}}}}"}}
                    """);
            }

            if (status.GetProperty("task_id").GetProperty("value").GetString() == task && status.GetProperty("state").GetString() is not ("TASK_STAGING" or "TASK_STARTING" or "TASK_RUNNING"))
            {
                Assert.Equal(state, status.GetProperty("state").GetString() + (status.GetProperty("state").GetString() == state ? "" : ": " + status));
                return;
            }
        }
    }
}
