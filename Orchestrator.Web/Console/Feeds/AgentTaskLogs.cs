using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Orchestrator.Core.Master;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Views;

namespace Orchestrator.Web.Console.Feeds;

/// <summary>
/// Reads sandboxes over the agents' <c>/files/browse</c> and <c>/files/download</c>. Files are read by byte ranges of the
/// download, not by <c>/files/read</c>: that one answers text, from which nobody can tell how many bytes were read.
/// </summary>
public sealed class AgentTaskLogs : ITaskLogs, IDisposable
{
    private const int RotationAttempts = 3;
    private static readonly TimeSpan s_answerTimeout = TimeSpan.FromSeconds(10);
    private readonly IEngineGateway<MasterCommand, MasterReply, ClusterSnapshot> _master;
    private readonly TimeProvider _time;
    private readonly AuthenticationHeaderValue? _account;
    private readonly HttpClient _client;

    /// <summary>Reads the sandboxes of a master's agents.</summary>
    /// <param name="master">Says where agents are.</param>
    /// <param name="time">Paces followers.</param>
    /// <param name="account"><c>principal:secret</c> for agents that ask for one; null for none.</param>
    public AgentTaskLogs(IEngineGateway<MasterCommand, MasterReply, ClusterSnapshot> master, TimeProvider time, string? account)
    {
        _master = master;
        _time = time;
        _account = account is null ? null : new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(account)));
        _client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(3),
            MaxConnectionsPerServer = 64,
        })
        { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>How long a follower waits between looks at a file that does not grow.</summary>
    public static TimeSpan PollInterval { get; } = TimeSpan.FromMilliseconds(350);

    /// <inheritdoc/>
    public async Task<LogChunk> ReadAsync(SandboxRef sandbox, string file, long offset, CancellationToken cancellationToken)
    {
        using var patience = Patience(cancellationToken);
        // From the end: a range of the last bytes. From an offset: as many as fit, and one read more to learn the length.
        var range = offset < 0
            ? new RangeHeaderValue(null, Math.Min(-offset, SandboxLimits.MaxReadBytes))
            : new RangeHeaderValue(offset, offset + SandboxLimits.MaxReadBytes - 1);
        using var answer = await SendAsync(sandbox, "download", file, range, patience.Token, cancellationToken);
        var content = answer.Content.Headers.ContentRange;
        if (answer.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            var length = content?.Length ?? 0;
            return new LogChunk(offset < 0 ? length : offset, ReadOnlyMemory<byte>.Empty, length);
        }

        // An empty file has no range; it is answered whole.
        var first = answer.StatusCode == HttpStatusCode.PartialContent ? content?.From ?? 0 : 0;
        var bytes = await ReadBytesAsync(answer, SandboxLimits.MaxReadBytes, patience.Token, cancellationToken);
        return new LogChunk(first, bytes, content?.Length ?? answer.Content.Headers.ContentLength ?? bytes.Length);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<LogChunk> FollowAsync(SandboxRef sandbox, string file, long from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var next = from < 0 ? await ReadAsync(sandbox, file, from, cancellationToken) : await ReadNextAsync(sandbox, file, from, cancellationToken);
        yield return next;
        var position = next.End;
        while (true)
        {
            if (position >= next.FileLength)
            {
                await Task.Delay(PollInterval, _time, cancellationToken);
            }

            next = await ReadNextAsync(sandbox, file, position, cancellationToken);
            if (next.Bytes.IsEmpty)
            {
                continue;
            }

            position = next.End;
            yield return next;
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SandboxEntry>> BrowseAsync(SandboxRef sandbox, string directory, CancellationToken cancellationToken)
    {
        using var patience = Patience(cancellationToken);
        using var answer = await SendAsync(sandbox, "browse", directory, null, patience.Token, cancellationToken);
        var bytes = await ReadBytesAsync(answer, SandboxLimits.MaxListingBytes, patience.Token, cancellationToken);
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return [.. document.RootElement.EnumerateArray().Take(SandboxLimits.MaxEntries).Select(entry => ReadEntry(entry, directory)).OrderByDescending(entry => entry.IsDirectory).ThenBy(entry => entry.Name, StringComparer.Ordinal)];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new SandboxException(SandboxFailure.Failed, "The agent's listing cannot be read; it may be too long.", error);
        }
    }

    /// <inheritdoc/>
    public async Task<Stream> DownloadAsync(SandboxRef sandbox, string file, CancellationToken cancellationToken)
    {
        using var patience = Patience(cancellationToken);
        var answer = await SendAsync(sandbox, "download", file, null, patience.Token, cancellationToken);
        return await answer.Content.ReadAsStreamAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <summary>What follows a position; from the beginning when the file is shorter than that.</summary>
    private async Task<LogChunk> ReadNextAsync(SandboxRef sandbox, string file, long position, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var next = await ReadAsync(sandbox, file, position, cancellationToken);
                if (next.FileLength < position)
                {
                    return await ReadAsync(sandbox, file, 0, cancellationToken) with { IsRestart = true };
                }

                return next.FileLength - position <= SandboxLimits.MaxLagBytes ? next : await ReadAsync(sandbox, file, -SandboxLimits.TailBytes, cancellationToken);
            }
            catch (SandboxException missing) when (missing.Failure == SandboxFailure.NotFound && attempt < RotationAttempts)
            {
                // Between a rotation's renaming of the old file and its making of the new one there is none.
                await Task.Delay(PollInterval, _time, cancellationToken);
            }
        }
    }

    private async Task<HttpResponseMessage> SendAsync(SandboxRef sandbox, string operation, string path, RangeHeaderValue? range, CancellationToken patience, CancellationToken cancellationToken)
    {
        var agent = _master.Current.Agents.FirstOrDefault(agent => agent?.Id.Value == sandbox.AgentId)
            ?? throw new SandboxException(SandboxFailure.AgentAway, $"The agent {sandbox.AgentId} is not registered now; its files can be read when it is back.");
        using var request = new HttpRequestMessage(HttpMethod.Get, AddressOf(agent, operation, Join(sandbox.VirtualPath, path)));
        request.Headers.Authorization = _account;
        if (range?.Ranges.First() is { } wanted)
        {
            request.Headers.Range = new RangeHeaderValue(wanted.From, wanted.To);
        }

        HttpResponseMessage answer;
        try
        {
            answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience);
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw Away(agent, error);
        }

        if (answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            return answer;
        }

        using (answer)
        {
            throw Explain(agent, answer.StatusCode, path);
        }
    }

    private static async Task<byte[]> ReadBytesAsync(HttpResponseMessage answer, int limit, CancellationToken patience, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = await answer.Content.ReadAsStreamAsync(patience);
            var buffer = new byte[(int)Math.Min(limit, answer.Content.Headers.ContentLength ?? limit)];
            var read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, patience);
            return read == buffer.Length ? buffer : buffer[..read];
        }
        catch (Exception error) when (error is IOException or HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new SandboxException(SandboxFailure.AgentAway, "The agent's answer broke off; it is tried again when the file is opened again.", error);
        }
    }

    private static SandboxException Away(AgentView agent, Exception error) =>
        new(SandboxFailure.AgentAway, $"The agent on {agent.Info.Hostname} does not answer. Check that it runs and that this host reaches {Address(agent)}.", error);

    private static SandboxException Explain(AgentView agent, HttpStatusCode status, string path) => status switch
    {
        HttpStatusCode.NotFound => new(SandboxFailure.NotFound, path.Length == 0 ? "There is no sandbox: the task has not begun, or its files were collected." : $"There is no file '{path}' in the sandbox."),
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new(SandboxFailure.Refused, $"The agent on {agent.Info.Hostname} asks for an account. Give this host --agent_credentials."),
        HttpStatusCode.ServiceUnavailable => new(SandboxFailure.AgentAway, $"The agent on {agent.Info.Hostname} is still starting."),
        _ => new(SandboxFailure.Failed, $"The agent on {agent.Info.Hostname} answered {(int)status} for '{path}'."),
    };

    private static Uri AddressOf(AgentView agent, string operation, string path) => new($"http://{Address(agent)}/files/{operation}?path={Uri.EscapeDataString(path)}");

    /// <summary><c>slave(1)@127.0.0.1:5051</c> listens on what stands behind the @.</summary>
    private static string Address(AgentView agent) => agent.Pid[(agent.Pid.IndexOf('@', StringComparison.Ordinal) + 1)..];

    private static string Join(string sandbox, string path) => path.Trim('/') is { Length: > 0 } inner ? sandbox + "/" + inner : sandbox;

    private static SandboxEntry ReadEntry(JsonElement entry, string directory)
    {
        var path = entry.GetProperty("path").GetString() ?? "";
        var name = path[(path.LastIndexOf('/') + 1)..];
        return new SandboxEntry(
            name,
            directory.Trim('/') is { Length: > 0 } parent ? parent + "/" + name : name,
            entry.GetProperty("mode").GetString() ?? "",
            entry.GetProperty("nlink").GetInt64(),
            entry.GetProperty("uid").ToString(),
            entry.GetProperty("gid").ToString(),
            entry.GetProperty("size").GetInt64(),
            DateTimeOffset.FromUnixTimeMilliseconds((long)(double.Parse(entry.GetProperty("mtime").ToString(), CultureInfo.InvariantCulture) * 1000)));
    }

    private static CancellationTokenSource Patience(CancellationToken cancellationToken)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        source.CancelAfter(s_answerTimeout);
        return source;
    }
}
