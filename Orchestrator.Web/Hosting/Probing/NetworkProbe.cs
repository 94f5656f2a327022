using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace Orchestrator.Web.Hosting.Probing;

/// <summary>
/// Health checks over the network: HTTP, HTTPS and TCP. It reads the status line only, itself, so that a 1xx answer is seen
/// as such and no connection outlives its check.
/// </summary>
/// <param name="time">The clock of timeouts.</param>
public sealed class NetworkProbe(TimeProvider time) : IProbe
{
    /// <summary>Longest status line, in bytes.</summary>
    private const int MaxStatusLine = 1024;

    /// <summary>Most of a body that is read, so that a server can end well what it began.</summary>
    private const int MaxBody = 64 * 1024;

    private static readonly TimeSpan s_maxDrain = TimeSpan.FromMilliseconds(250);

    /// <inheritdoc/>
    public async Task<ProbeResult> AskAsync(ProbeTarget target, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(target.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(target.Host, target.Port, either.Token);
            return target.Check.Protocol == "TCP" ? new ProbeResult(true, null) : await AskHttpAsync(target, socket, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ProbeResult(false, string.Create(CultureInfo.InvariantCulture, $"No answer from {target.Host}:{target.Port} within {target.Timeout.TotalSeconds:0.###} s"));
        }
        catch (Exception error) when (error is SocketException or IOException or AuthenticationException)
        {
            return new ProbeResult(false, string.Create(CultureInfo.InvariantCulture, $"{target.Host}:{target.Port}: {error.Message}"));
        }
    }

    private async Task<ProbeResult> AskHttpAsync(ProbeTarget target, Socket socket, CancellationToken cancellationToken)
    {
        await using Stream network = new NetworkStream(socket);
        await using var stream = target.Check.Protocol == "HTTPS" ? await SecureAsync(network, target.Host, cancellationToken) : network;
        await stream.WriteAsync(RequestOf(target), cancellationToken);
        if (target.Readiness is not null)
        {
            return await ResponseReader.ReadAsync(stream, target, cancellationToken);
        }

        var buffer = new byte[MaxStatusLine];
        var length = 0;
        while (length < buffer.Length && !buffer.AsSpan(0, length).Contains((byte)'\n'))
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0)
            {
                break;
            }

            length += read;
        }

        var result = Judge(target, buffer.AsSpan(0, length));
        await DrainAsync(stream, cancellationToken);
        return result;
    }

    private static ProbeResult Judge(ProbeTarget target, ReadOnlySpan<byte> answer)
    {
        // HTTP/1.1 200 OK
        var line = Encoding.Latin1.GetString(answer[..Math.Max(0, answer.IndexOf((byte)'\n'))]).TrimEnd('\r');
        var parts = line.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 2 || !parts[0].StartsWith("HTTP/", StringComparison.Ordinal) || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var status))
        {
            return new ProbeResult(false, string.Create(CultureInfo.InvariantCulture, $"{target.Host}:{target.Port} does not answer in HTTP"));
        }

        return status switch
        {
            >= 200 and <= 399 => new ProbeResult(true, null),
            >= 100 and <= 199 when target.Check.IgnoreHttp1xx => new ProbeResult(null, null),
            _ => new ProbeResult(false, line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]),
        };
    }

    private static byte[] RequestOf(ProbeTarget target)
    {
        // As a URI, so that nothing in the path can end the line.
        var path = Uri.TryCreate("http://host/" + (target.Check.Path ?? "/").TrimStart('/'), UriKind.Absolute, out var uri) ? uri.PathAndQuery : "/";
        var host = target.Host.Contains(':', StringComparison.Ordinal) ? $"[{target.Host}]" : target.Host;
        return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"GET {path} HTTP/1.1\r\nHost: {host}:{target.Port}\r\nUser-Agent: orchestrator-health/1\r\nAccept: */*\r\nConnection: close\r\n\r\n"));
    }

    private static async Task<SslStream> SecureAsync(Stream network, string host, CancellationToken cancellationToken)
    {
        var secure = new SslStream(network);
        try
        {
#pragma warning disable CA5359 // As the reference: a check asks whether it answers, not who answers.
            await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host, RemoteCertificateValidationCallback = static (_, _, _, _) => true }, cancellationToken);
#pragma warning restore CA5359
            return secure;
        }
        catch
        {
            await secure.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes what else comes for a moment: many servers log an error when they are cut off.</summary>
    private async Task DrainAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var moment = new CancellationTokenSource(s_maxDrain, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(moment.Token, cancellationToken);
        try
        {
            var buffer = new byte[4096];
            for (var total = 0; total < MaxBody;)
            {
                var read = await stream.ReadAsync(buffer, either.Token);
                if (read == 0)
                {
                    return;
                }

                total += read;
            }
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or SocketException)
        {
            // The answer was judged already.
        }
    }
}
