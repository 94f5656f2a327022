using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Integration.AgentService;

/// <summary>A framework over the wire that launches commands on whatever it is offered and keeps the updates of each.</summary>
internal sealed class FrameworkDriver : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private readonly WireFramework _wire;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<JsonElement>> _updates = new();
    private readonly SemaphoreSlim _changed = new(0);
    private volatile JsonElement[] _offers = [];
    private Task _reading = Task.CompletedTask;
    private string _id = "";
    private int _launched;

    private FrameworkDriver(WireFramework wire) => _wire = wire;

    /// <summary>Whether updates are acknowledged as they come.</summary>
    internal bool Acknowledges { get; set; } = true;

    internal static async Task<FrameworkDriver> SubscribeAsync(Uri master, string user = "root")
    {
        var driver = new FrameworkDriver(new WireFramework(master, protobuf: false, patience: s_patience));
        await driver._wire.SubscribeAsync($$$$"""
            {"type":"SUBSCRIBE","subscribe":{"framework_info":{"user":"{{{{user}}}}","name":"driver","failover_timeout":3600,"checkpoint":true,
             "roles":["*"],"capabilities":[{"type":"MULTI_ROLE"},{"type":"TASK_KILLING_STATE"},{"type":"PARTITION_AWARE"}]}}}
            """);
        driver._id = (await driver._wire.NextAsync("SUBSCRIBED")).GetProperty("framework_id").GetProperty("value").GetString()!;
        driver._reading = Task.Run(driver.ReadAsync);
        return driver;
    }

    /// <summary>A task of 0.1 processors and 32 MB; change what else it needs.</summary>
    internal JsonObject Make(string command, Action<JsonObject>? change = null)
    {
        var task = JsonNode.Parse($$$"""
            {"name":"t","task_id":{"value":"t-{{{Interlocked.Increment(ref _launched)}}}"},"command":{"shell":true},"resources":[
             {"name":"cpus","type":"SCALAR","scalar":{"value":0.1},"allocation_info":{"role":"*"}},{"name":"mem","type":"SCALAR","scalar":{"value":32},"allocation_info":{"role":"*"}}]}
            """)!.AsObject();
        task["command"]!["value"] = command;
        change?.Invoke(task);
        return task;
    }

    /// <summary>Launches tasks on the next offer; their ids.</summary>
    internal Task<string[]> LaunchAsync(params JsonObject[] tasks) => LaunchAsync(tasks, () => new JsonObject { ["type"] = "LAUNCH", ["launch"] = new JsonObject { ["task_infos"] = new JsonArray([.. tasks]) } });

    /// <summary>Launches tasks as one group on the next offer, with the executor that is built in; their ids.</summary>
    /// <param name="container">The executor's <c>container</c>, which says the network; null for the host's.</param>
    /// <param name="tasks">The tasks.</param>
    internal Task<string[]> LaunchGroupAsync(JsonObject? container, params JsonObject[] tasks)
    {
        var executor = JsonNode.Parse($$$"""
            {"type":"DEFAULT","executor_id":{"value":"group-{{{Interlocked.Increment(ref _launched)}}}"},"resources":[
             {"name":"cpus","type":"SCALAR","scalar":{"value":0.1},"allocation_info":{"role":"*"}},{"name":"mem","type":"SCALAR","scalar":{"value":32},"allocation_info":{"role":"*"}},
             {"name":"disk","type":"SCALAR","scalar":{"value":10},"allocation_info":{"role":"*"}}]}
            """)!.AsObject();
        if (container is not null)
        {
            executor["container"] = container;
        }

        return LaunchAsync(tasks, () => new JsonObject
        {
            ["type"] = "LAUNCH_GROUP",
            ["launch_group"] = new JsonObject { ["executor"] = executor, ["task_group"] = new JsonObject { ["tasks"] = new JsonArray([.. tasks]) } },
        });
    }

    private async Task<string[]> LaunchAsync(JsonObject[] tasks, Func<JsonObject> operation)
    {
        await UntilAsync(() => _offers.Length > 0);
        var offer = _offers[0];
        _offers = [];
        foreach (var task in tasks)
        {
            task["agent_id"] = JsonNode.Parse(offer.GetProperty("agent_id").GetRawText());
        }

        var call = new JsonObject
        {
            ["type"] = "ACCEPT",
            ["framework_id"] = new JsonObject { ["value"] = _id },
            ["accept"] = new JsonObject
            {
                ["offer_ids"] = new JsonArray(JsonNode.Parse(offer.GetProperty("id").GetRawText())),
                ["filters"] = new JsonObject { ["refuse_seconds"] = 0 },
                ["operations"] = new JsonArray(operation()),
            },
        };
        Assert.Equal((202, ""), await _wire.CallAsync(call.ToJsonString()));
        return [.. tasks.Select(task => task["task_id"]!["value"]!.GetValue<string>())];
    }

    /// <summary>Launches one command and waits until it runs; its id.</summary>
    internal async Task<string> RunAsync(string command, Action<JsonObject>? change = null)
    {
        var id = (await LaunchAsync(Make(command, change)))[0];
        await UntilAsync(id, "TASK_RUNNING");
        return id;
    }

    internal Task<(int Status, string Text)> KillAsync(string id) =>
        _wire.CallAsync($$$$"""{"type":"KILL","framework_id":{"value":"{{{{_id}}}}"},"kill":{"task_id":{"value":"{{{{id}}}}"}}}""");

    /// <summary>Everything heard of a task so far, in order.</summary>
    internal IReadOnlyList<JsonElement> Updates(string id) => _updates.TryGetValue(id, out var updates) ? [.. updates] : [];

    /// <summary>The states heard of a task so far, in order.</summary>
    internal string[] States(string id) => [.. Updates(id).Select(StateOf)];

    /// <summary>Waits for an update of a state.</summary>
    internal Task<JsonElement> UntilAsync(string id, string state) => UntilAsync(id, update => StateOf(update) == state);

    /// <summary>Waits for the update that ends a task.</summary>
    internal Task<JsonElement> UntilEndedAsync(string id) =>
        UntilAsync(id, update => StateOf(update) is not ("TASK_STAGING" or "TASK_STARTING" or "TASK_RUNNING" or "TASK_KILLING" or "TASK_UNREACHABLE"));

    internal async Task<JsonElement> UntilAsync(string id, Func<JsonElement, bool> wanted)
    {
        JsonElement found = default;
        await UntilAsync(() => (found = Updates(id).FirstOrDefault(wanted)).ValueKind != JsonValueKind.Undefined, () => $"{id}: {string.Join(' ', Updates(id))}");
        return found;
    }

    /// <summary>Acknowledges an update.</summary>
    internal Task<(int Status, string Text)> AcknowledgeAsync(JsonElement status) => _wire.CallAsync($$$$"""
        {"type":"ACKNOWLEDGE","framework_id":{"value":"{{{{_id}}}}"},"acknowledge":{"agent_id":{{{{status.GetProperty("agent_id").GetRawText()}}}},
         "task_id":{{{{status.GetProperty("task_id").GetRawText()}}}},"uuid":"{{{{status.GetProperty("uuid").GetString()}}}}"}}
        """);

    internal static string StateOf(JsonElement status) => status.GetProperty("state").GetString()!;

    internal static string ReasonOf(JsonElement status) => status.TryGetProperty("reason", out var reason) ? reason.GetString()! : "";

    internal static string MessageOf(JsonElement status) => status.TryGetProperty("message", out var message) ? message.GetString()! : "";

    public async ValueTask DisposeAsync()
    {
        await _wire.DisposeAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _changed.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _wire.NextAsync() is { } received)
        {
            switch (received.GetProperty("type").GetString())
            {
                case "OFFERS":
                    _offers = [.. received.GetProperty("offers").GetProperty("offers").EnumerateArray()];
                    break;
                case "RESCIND":
                    _offers = [];
                    break;
                case "UPDATE":
                    var status = received.GetProperty("update").GetProperty("status");
                    _updates.GetOrAdd(status.GetProperty("task_id").GetProperty("value").GetString()!, _ => []).Enqueue(status);
                    if (Acknowledges && status.TryGetProperty("uuid", out _))
                    {
                        await AcknowledgeAsync(status);
                    }

                    break;
            }

            _changed.Release();
        }
    }

    private async Task UntilAsync(Func<bool> reached, Func<string>? report = null)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            while (!reached())
            {
                // Something may have been heard before this began to wait, so never for long.
                await _changed.WaitAsync(TimeSpan.FromMilliseconds(100), deadline.Token);
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"Not within a minute. {report?.Invoke()}"));
        }
    }
}
