using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Orchestrator.AgentService.Execution.Docker;

/// <summary>
/// Speaks the Docker Engine API, version 1.24 and up, over the daemon's unix socket with connections that are kept. The
/// version is negotiated at the first call and again after every failure to connect, because the daemon that comes back may
/// be another one.
/// </summary>
/// <remarks>Parts: Calls (one for each endpoint); this file carries them.</remarks>
internal sealed partial class DockerEngine : IDockerEngine
{
    /// <summary>Older daemons are refused.</summary>
    internal static readonly Version MinVersion = new(1, 24);

    /// <summary>The newest version whose meaning is known; a daemon that insists on a newer one is spoken to in its oldest.</summary>
    internal static readonly Version MaxVersion = new(1, 44);

    /// <summary>An ordinary call that takes longer counts as no answer.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>Creating and starting wait for disks and networks.</summary>
    private static readonly TimeSpan s_longPatience = TimeSpan.FromMinutes(5);

    /// <summary>A longer answer is an error of the daemon.</summary>
    private const int MaxErrorCharacters = 4096;

    private readonly string _socket;
    private readonly HttpClient _client;
    private volatile Version? _version;

    /// <summary>Nothing is dialled before the first call.</summary>
    /// <param name="socketPath">Path of the daemon's unix socket.</param>
    internal DockerEngine(string socketPath)
    {
        _socket = socketPath;
        _client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            ConnectCallback = ConnectAsync,
        })
        {
            BaseAddress = new Uri("http://docker"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <summary>The version to speak with a daemon.</summary>
    /// <param name="newest">Its <c>ApiVersion</c>.</param>
    /// <param name="oldest">Its <c>MinAPIVersion</c>; null when it does not say.</param>
    /// <exception cref="DockerUnavailableException">It is too old.</exception>
    internal static Version Choose(Version newest, Version? oldest)
    {
        if (newest < MinVersion)
        {
            throw new DockerUnavailableException($"The Docker daemon speaks API version {newest}, at least {MinVersion} is needed: update Docker");
        }

        var wanted = newest < MaxVersion ? newest : MaxVersion;
        return oldest is not null && wanted < oldest ? oldest : wanted;
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(_socket), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends one call and reads the answer's head; a refusal becomes an exception.</summary>
    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, TimeSpan patience, CancellationToken cancellationToken, string? registryAuth = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            var version = _version ?? await NegotiateAsync(limit.Token);
            using var request = new HttpRequestMessage(method, $"/v{version}{path}") { Content = content };
            if (registryAuth is not null)
            {
                request.Headers.TryAddWithoutValidation("X-Registry-Auth", registryAuth);
            }

            var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            if ((int)response.StatusCode < 400)
            {
                return response;
            }

            using (response)
            {
                throw new DockerException((int)response.StatusCode, await ErrorAsync(response, limit.Token));
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            _version = null;
            throw Unavailable(e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DockerUnavailableException($"The Docker daemon at {_socket} did not answer {method} {path.Split('?')[0]} within {patience.TotalSeconds:0} s: look at its log, and restart it if it hangs", e);
        }
    }

    private async Task<Version> NegotiateAsync(CancellationToken cancellationToken)
    {
        using var response = await _client.GetAsync("/version", cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw new DockerUnavailableException($"What listens at {_socket} is no Docker daemon (GET /version answers {(int)response.StatusCode}): name Docker's socket with --docker_socket");
        }

        try
        {
            using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            var newest = Version.Parse(document.RootElement.GetProperty("ApiVersion").GetString()!);
            var oldest = document.RootElement.TryGetProperty("MinAPIVersion", out var minimum) && Version.TryParse(minimum.GetString(), out var parsed) ? parsed : null;
            return _version = Choose(newest, oldest);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new DockerUnavailableException($"What listens at {_socket} is no Docker daemon (GET /version answers something else): name Docker's socket with --docker_socket", e);
        }
    }

    private DockerUnavailableException Unavailable(Exception e)
    {
        for (var inner = e; inner is not null; inner = inner.InnerException)
        {
            if (inner is SocketException socket)
            {
                return new DockerUnavailableException(
                    socket.SocketErrorCode == SocketError.AccessDenied
                        ? $"The agent may not use Docker's socket {_socket}: run it as root or as a member of the group 'docker'"
                        : $"No Docker daemon answers at {_socket} ({socket.Message}): start it (systemctl start docker, or dockerd), install it (Debian: apt-get install docker.io), or name its socket with --docker_socket",
                    e);
            }
        }

        return new DockerUnavailableException($"The Docker daemon at {_socket} broke off: {e.Message}", e);
    }

    /// <summary>The <c>message</c> of an error, or the text as it is.</summary>
    private static async Task<string> ErrorAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var text = (await response.Content.ReadAsStringAsync(cancellationToken)).Trim();
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.String)
            {
                text = message.GetString()!;
            }
        }
        catch (JsonException)
        {
            // API 1.23 and proxies answer plain text.
        }

        return text.Length == 0 ? response.StatusCode.ToString() : text.Length > MaxErrorCharacters ? text[..MaxErrorCharacters] : text;
    }

    private static bool IsGone(DockerException e) => e.Status is (int)HttpStatusCode.NotFound or (int)HttpStatusCode.NotModified or (int)HttpStatusCode.Conflict;
}
