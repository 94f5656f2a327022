using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchestrator.AgentService.Execution.Docker;

/// <content>One method for each endpoint.</content>
internal sealed partial class DockerEngine
{
    /// <summary>A pull of which nothing is heard for so long is given up.</summary>
    private static readonly TimeSpan s_pullSilence = TimeSpan.FromMinutes(3);

    /// <inheritdoc/>
    public async Task CreateAsync(string name, JsonObject body, CancellationToken cancellationToken)
    {
        using var content = Json(body);
        using var response = await SendAsync(HttpMethod.Post, $"/containers/create?name={Uri.EscapeDataString(name)}", content, s_longPatience, cancellationToken);
        await DrainAsync(response, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task StartAsync(string container, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Post, $"/containers/{Escape(container)}/start", null, s_longPatience, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<JsonElement?> InspectAsync(string container, CancellationToken cancellationToken)
    {
        try
        {
            return await GetAsync($"/containers/{Escape(container)}/json", cancellationToken);
        }
        catch (DockerException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public Task<JsonElement> ListAsync(string label, CancellationToken cancellationToken) =>
        GetAsync($"/containers/json?all=1&filters={Filters(("label", label))}", cancellationToken);

    /// <inheritdoc/>
    public async Task StopAsync(string container, int seconds, CancellationToken cancellationToken)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"/containers/{Escape(container)}/stop?t={seconds}");
        await PostQuietlyAsync(path, TimeSpan.FromSeconds(Math.Min(seconds, 86_400)) + s_longPatience, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task UpdateAsync(string container, JsonObject limits, CancellationToken cancellationToken)
    {
        try
        {
            using var content = Json(limits);
            using var response = await SendAsync(HttpMethod.Post, $"/containers/{Escape(container)}/update", content, s_patience, cancellationToken);
            await DrainAsync(response, cancellationToken);
        }
        catch (DockerException e) when (IsGone(e))
        {
            // It has ended already.
        }
    }

    /// <inheritdoc/>
    public Task KillAsync(string container, CancellationToken cancellationToken) =>
        PostQuietlyAsync($"/containers/{Escape(container)}/kill?signal=KILL", s_patience, cancellationToken);

    /// <inheritdoc/>
    public async Task RemoveAsync(string container, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await SendAsync(HttpMethod.Delete, $"/containers/{Escape(container)}?force=1&v=1", null, s_longPatience, cancellationToken);
        }
        catch (DockerException e) when (IsGone(e))
        {
            // It is gone, or somebody else removes it just now.
        }
    }

    /// <inheritdoc/>
    public async Task WaitAsync(string container, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Post, $"/containers/{Escape(container)}/wait", null, TimeSpan.FromDays(20), cancellationToken);
        await DrainAsync(response, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Stream> FollowLogsAsync(string container, string? since, bool timestamps, CancellationToken cancellationToken) =>
        StreamAsync($"/containers/{Escape(container)}/logs?follow=1&stdout=1&stderr=1&timestamps={(timestamps ? 1 : 0)}{(since is null ? "" : "&since=" + since)}", cancellationToken);

    /// <inheritdoc/>
    public Task<Stream> FollowEndsAsync(string label, CancellationToken cancellationToken) =>
        StreamAsync($"/events?filters={Filters(("type", "container"), ("event", "die"), ("label", label))}", cancellationToken);

    /// <inheritdoc/>
    public async Task PullAsync(string repository, string tag, string? registryAuth, CancellationToken cancellationToken)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        silence.CancelAfter(s_pullSilence);
        try
        {
            var path = $"/images/create?fromImage={Uri.EscapeDataString(repository)}&tag={Uri.EscapeDataString(tag)}";
            using var response = await SendAsync(HttpMethod.Post, path, null, s_pullSilence, silence.Token, registryAuth);
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(silence.Token), Encoding.UTF8);
            while (await reader.ReadLineAsync(silence.Token) is { } line)
            {
                silence.CancelAfter(s_pullSilence);
                ThrowOnError(line);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DockerException(0, $"timeout: the registry sent nothing for {s_pullSilence.TotalMinutes:0} minutes");
        }
        catch (IOException e)
        {
            throw Unavailable(e);
        }
    }

    /// <inheritdoc/>
    public async Task ImportAsync(string repository, string tag, byte[] archive, IReadOnlyList<string> changes, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(archive);
        content.Headers.ContentType = new("application/x-tar");
        var path = $"/images/create?fromSrc=-&repo={Uri.EscapeDataString(repository)}&tag={Uri.EscapeDataString(tag)}{string.Concat(changes.Select(change => "&changes=" + Uri.EscapeDataString(change)))}";
        using var response = await SendAsync(HttpMethod.Post, path, content, s_longPatience, cancellationToken);
        try
        {
            foreach (var line in (await response.Content.ReadAsStringAsync(cancellationToken)).Split('\n'))
            {
                ThrowOnError(line);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Unavailable(e);
        }
    }

    /// <inheritdoc/>
    public async Task<int> ExecuteAsync(string container, JsonObject body, Action<string> started, CancellationToken cancellationToken)
    {
        string id;
        using (var content = Json(body))
        using (var created = await SendAsync(HttpMethod.Post, $"/containers/{Escape(container)}/exec", content, s_patience, cancellationToken))
        {
            id = (await ReadAsync(created, cancellationToken)).GetProperty("Id").GetString()!;
        }

        started(id);
        using (var content = Json(new JsonObject { ["Detach"] = false, ["Tty"] = false }))
        using (var running = await SendAsync(HttpMethod.Post, $"/exec/{id}/start", content, s_longPatience, cancellationToken))
        {
            await DrainAsync(running, cancellationToken);
        }

        var execution = await GetAsync($"/exec/{id}/json", cancellationToken);
        return execution.GetProperty("ExitCode") is { ValueKind: JsonValueKind.Number } code
            ? code.GetInt32()
            : throw new DockerUnavailableException("The daemon does not know how the command ended");
    }

    /// <inheritdoc/>
    public async Task<int?> ExecutionPidAsync(string execution, CancellationToken cancellationToken)
    {
        var answer = await GetAsync($"/exec/{execution}/json", cancellationToken);
        return answer.GetProperty("Running").GetBoolean() && answer.GetProperty("Pid").GetInt32() is > 0 and var pid ? pid : null;
    }

    /// <inheritdoc/>
    public async Task<JsonElement?> StatisticsAsync(string container, CancellationToken cancellationToken)
    {
        try
        {
            var statistics = await GetAsync($"/containers/{Escape(container)}/stats?stream=0&one-shot=1", cancellationToken);
            return statistics.TryGetProperty("memory_stats", out var memory) && memory.TryGetProperty("usage", out _) ? statistics : null;
        }
        catch (DockerException e) when (IsGone(e))
        {
            return null;
        }
    }

    /// <summary>An error within the stream of a pull: <c>{"errorDetail":{"message":"…"},"error":"…"}</c>.</summary>
    private static void ThrowOnError(string line)
    {
        if (!line.Contains("\"error", StringComparison.Ordinal))
        {
            return;
        }

        using var document = JsonDocument.Parse(line);
        if (document.RootElement.TryGetProperty("error", out var error))
        {
            throw new DockerException(0, error.GetString() ?? "unknown error");
        }
    }

    private async Task PostQuietlyAsync(string path, TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await SendAsync(HttpMethod.Post, path, null, patience, cancellationToken);
        }
        catch (DockerException e) when (IsGone(e))
        {
            // It has ended already.
        }
    }

    private async Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Get, path, null, s_patience, cancellationToken);
        return await ReadAsync(response, cancellationToken);
    }

    /// <summary>A stream that lives as long as the daemon and the container; the caller disposes it.</summary>
    private async Task<Stream> StreamAsync(string path, CancellationToken cancellationToken)
    {
        var response = await SendAsync(HttpMethod.Get, path, null, s_patience, cancellationToken);
        return await response.Content.ReadAsStreamAsync(cancellationToken);
    }

    private async Task<JsonElement> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            return document.RootElement.Clone();
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
        {
            _version = null;
            throw Unavailable(e);
        }
    }

    private async Task DrainAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            await response.Content.CopyToAsync(Stream.Null, cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            _version = null;
            throw Unavailable(e);
        }
    }

    private static ByteArrayContent Json(JsonObject body)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body));
        content.Headers.ContentType = new("application/json");
        return content;
    }

    private static string Filters(params (string Name, string Value)[] filters)
    {
        var json = new JsonObject();
        foreach (var (name, value) in filters)
        {
            json[name] = new JsonArray(value);
        }

        return Uri.EscapeDataString(json.ToJsonString());
    }

    private static string Escape(string container) => Uri.EscapeDataString(container);
}
