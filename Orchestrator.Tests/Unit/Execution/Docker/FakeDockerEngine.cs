using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.AgentService.Execution.Docker;

namespace Orchestrator.Tests.Unit.Execution.Docker;

/// <summary>A daemon that exists only here: containers are entries in a table; it can be away, and calls can be made to fail.</summary>
internal sealed class FakeDockerEngine : IDockerEngine
{
    private readonly ConcurrentDictionary<string, Container> _containers = new();
    private Pipe _events = new();

    /// <summary>One container.</summary>
    internal sealed class Container
    {
        public string Status { get; set; } = "created";

        public int ExitCode { get; set; }

        public bool OutOfMemory { get; set; }
    }


    /// <summary>Every call that came, as <c>create mesos-…</c>.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>Whether no call is answered.</summary>
    public bool IsAway { get; set; }

    /// <summary>Told each call before it is done; may throw.</summary>
    public Func<string, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>What a pull does.</summary>
    public Func<string, CancellationToken, Task> Pull { get; set; } = (_, _) => Task.CompletedTask;

    public IReadOnlyDictionary<string, Container> Containers => _containers;

    public int Count(string call) => Calls.Count(one => one.StartsWith(call, StringComparison.Ordinal));

    /// <summary>A container ends; the stream of events tells when the daemon is not away.</summary>
    public async Task EndAsync(string name, int code)
    {
        var container = _containers[name];
        lock (container)
        {
            // A daemon never shows that it has ended without how: whoever looks between the two would see exit code 0.
            container.ExitCode = code;
            container.Status = "exited";
        }

        await _events.Writer.WriteAsync(Encoding.UTF8.GetBytes("{\"Type\":\"container\",\"Action\":\"die\",\"Actor\":{\"Attributes\":{\"name\":\"" + name + "\"}}}\n"));
    }

    /// <summary>Ends the stream of events, as a daemon that stops does.</summary>
    public async Task CutAsync()
    {
        var old = _events;
        _events = new Pipe();
        await old.Writer.CompleteAsync();
    }

    public async Task CreateAsync(string name, JsonObject body, CancellationToken cancellationToken)
    {
        await CallAsync("create " + name);
        if (!_containers.TryAdd(name, new Container()))
        {
            throw new DockerException(409, $"Conflict. The container name \"/{name}\" is already in use");
        }
    }

    public async Task StartAsync(string container, CancellationToken cancellationToken)
    {
        await CallAsync("start " + container);
        _containers[container].Status = "running";
    }

    public async Task<JsonElement?> InspectAsync(string container, CancellationToken cancellationToken)
    {
        await CallAsync("inspect " + container);
        return _containers.TryGetValue(container, out var found) ? Describe(container, found) : null;
    }

    public async Task<JsonElement> ListAsync(string label, CancellationToken cancellationToken)
    {
        await CallAsync("list");
        var list = _containers.Select(one => new { Names = new[] { "/" + one.Key }, State = one.Value.Status });
        return JsonSerializer.SerializeToElement(list);
    }

    public async Task StopAsync(string container, int seconds, CancellationToken cancellationToken)
    {
        await CallAsync($"stop {container} {seconds}");
        await EndAsync(container, 137);
    }

    public Task KillAsync(string container, CancellationToken cancellationToken) => CallAsync("kill " + container);

    public Task UpdateAsync(string container, JsonObject limits, CancellationToken cancellationToken) => CallAsync($"update {container} {limits.ToJsonString()}");

    public async Task RemoveAsync(string container, CancellationToken cancellationToken)
    {
        await CallAsync("remove " + container);
        _containers.TryRemove(container, out _);
    }

    public Task WaitAsync(string container, CancellationToken cancellationToken) => CallAsync("wait " + container);

    public async Task<Stream> FollowLogsAsync(string container, string? since, bool timestamps, CancellationToken cancellationToken)
    {
        await CallAsync("logs " + container);
        return new MemoryStream();
    }

    public async Task<Stream> FollowEndsAsync(string label, CancellationToken cancellationToken)
    {
        await CallAsync("events");
        return _events.Reader.AsStream();
    }

    public async Task PullAsync(string repository, string tag, string? registryAuth, CancellationToken cancellationToken)
    {
        await CallAsync($"pull {repository}:{tag} {registryAuth}".TrimEnd());
        await Pull($"{repository}:{tag}", cancellationToken);
    }

    public Task ImportAsync(string repository, string tag, byte[] archive, IReadOnlyList<string> changes, CancellationToken cancellationToken) =>
        CallAsync($"import {repository}:{tag}");

    public Task<int> ExecuteAsync(string container, JsonObject body, Action<string> started, CancellationToken cancellationToken) => throw new DockerException(500, "not here");

    public Task<DockerSession> OpenExecutionAsync(string container, JsonObject body, CancellationToken cancellationToken) => throw new DockerException(500, "not here");

    public Task ResizeExecutionAsync(string execution, uint rows, uint columns, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<int?> ExecutionExitAsync(string execution, CancellationToken cancellationToken) => Task.FromResult<int?>(null);

    public Task<int?> ExecutionPidAsync(string execution, CancellationToken cancellationToken) => Task.FromResult<int?>(null);

    public Task<JsonElement?> StatisticsAsync(string container, CancellationToken cancellationToken) => Task.FromResult<JsonElement?>(null);

    public void Dispose()
    {
    }

    private async Task CallAsync(string call)
    {
        Calls.Enqueue(call);
        if (IsAway)
        {
            throw new DockerUnavailableException("No Docker daemon answers here");
        }

        await Before(call);
    }

    private static JsonElement Describe(string name, Container container)
    {
        lock (container)
        {
            return DescribeNow(name, container);
        }
    }

    private static JsonElement DescribeNow(string name, Container container) => JsonSerializer.SerializeToElement(new
    {
        Id = "id-" + name,
        Name = "/" + name,
        State = new { container.Status, Running = container.Status == "running", Pid = container.Status == "running" ? 4711 : 0, container.ExitCode, OOMKilled = container.OutOfMemory, Error = "", FinishedAt = "2026-01-01T00:00:00Z" },
        Config = new { Tty = false },
        NetworkSettings = new { Networks = new Dictionary<string, object> { ["bridge"] = new { IPAddress = "172.17.0.2", GlobalIPv6Address = "" } } },
    });
}
