using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Orchestrator.AgentService.Execution;
using Orchestrator.AgentService.Link;
using Orchestrator.Core.Agent;
using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.AgentService.Health;

/// <summary>
/// Makes health checks: the first after <c>delay_seconds</c>, each further one <c>interval_seconds</c> after the end of the
/// one before. It tells the engine each outcome and judges nothing.
/// </summary>
/// <param name="find">The container of an id, for commands; null when it is gone.</param>
/// <param name="loop">Where outcomes go.</param>
/// <param name="time">The clock of the checks.</param>
/// <param name="logger">The log.</param>
public sealed partial class HealthRunner(Func<string, (ContainerPlan Plan, IContainerizer Containerizer)?> find, IAgentLoop loop, TimeProvider time, ILogger<HealthRunner> logger) : IDisposable
{
    private static readonly TimeSpan s_maxTime = TimeSpan.FromDays(365);
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _running = new();

    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = true,
        MaxAutomaticRedirections = 10,
        UseCookies = false,
        UseProxy = false,
        PooledConnectionLifetime = TimeSpan.Zero,
#pragma warning disable CA5359 // As the reference: a check asks whether it answers, not who answers.
        SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
#pragma warning restore CA5359
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Begins or ends checks; other actions are not its own.</summary>
    public void Do(AgentAction action)
    {
        switch (action)
        {
            case AgentAction.StartHealthCheck start:
                var stop = new CancellationTokenSource();
                if (_running.TryAdd(start.ContainerId, stop))
                {
                    _ = Task.Run(() => RunAsync(start, stop.Token));
                }

                break;
            case AgentAction.StopHealthCheck end when _running.TryRemove(end.ContainerId, out var running):
                running.Cancel();
                break;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var running in _running.Values)
        {
            running.Cancel();
        }

        _client.Dispose();
    }

    private async Task RunAsync(AgentAction.StartHealthCheck start, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(Span(start.Check.DelaySeconds), time, cancellationToken);
            while (true)
            {
                if (await CheckAsync(start, cancellationToken) is var (healthy, message))
                {
                    await loop.TellAsync(new AgentCommand.HealthChecked(start.ContainerId, healthy, message), cancellationToken);
                }

                await Task.Delay(Span(start.Check.IntervalSeconds), time, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // Checked no longer.
        }
        catch (Exception e)
        {
            LogUnexpected(logger, start.ContainerId, e);
        }
    }

    /// <summary>One check; null when it could not be made, which says nothing about the task.</summary>
    private async Task<(bool Healthy, string Message)?> CheckAsync(AgentAction.StartHealthCheck start, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = start.Check.TimeoutSeconds > 0 ? new CancellationTokenSource(Span(start.Check.TimeoutSeconds), time) : new CancellationTokenSource();
        using var registration = timer.Token.Register(timeout.Cancel);
        try
        {
            return TypeOf(start.Check) switch
            {
                HealthCheck.Types.Type.Command => await CheckCommandAsync(start, timeout.Token),
                HealthCheck.Types.Type.Http => await CheckHttpAsync(start, timeout.Token),
                HealthCheck.Types.Type.Tcp => await CheckTcpAsync(start, timeout.Token),
                _ => null,
            };
        }
        catch (Exception e) when (e is TimeoutException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return (false, string.Create(CultureInfo.InvariantCulture, $"Health check took longer than {start.Check.TimeoutSeconds} s"));
        }
        catch (Exception e) when (e is HttpRequestException or SocketException)
        {
            return (false, $"Health check failed: {e.Message}");
        }
    }

    private async Task<(bool Healthy, string Message)?> CheckCommandAsync(AgentAction.StartHealthCheck start, CancellationToken cancellationToken)
    {
        if (find(start.ContainerId) is not var (plan, containerizer))
        {
            return null;
        }

        try
        {
            var limit = start.Check.TimeoutSeconds > 0 ? Span(start.Check.TimeoutSeconds) : s_maxTime;
            var code = await containerizer.ExecuteAsync(plan, start.Check.Command, limit, cancellationToken);
            return code == 0 ? (true, "") : (false, string.Create(CultureInfo.InvariantCulture, $"Health check command exited with status {code}"));
        }
        catch (Exception e) when (e is not (OperationCanceledException or TimeoutException))
        {
            // The Docker daemon is away, not the task.
            LogNotMade(logger, start.ContainerId, e.Message);
            return null;
        }
    }

    private async Task<(bool Healthy, string Message)?> CheckHttpAsync(AgentAction.StartHealthCheck start, CancellationToken cancellationToken)
    {
        var http = start.Check.Http;
        var scheme = http.HasScheme ? http.Scheme : "http";
        var host = HostOf(start.IpAddress, http.Protocol);
        var url = string.Create(CultureInfo.InvariantCulture, $"{scheme}://{host}:{http.Port}/{http.Path.TrimStart('/')}");
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.UserAgent.ParseAdd("orchestrator-agent/1");
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        var code = (int)response.StatusCode;
        return code is >= 200 and <= 399 ? (true, "") : (false, string.Create(CultureInfo.InvariantCulture, $"Health check of {url} answered {code}"));
    }

    private static async Task<(bool Healthy, string Message)?> CheckTcpAsync(AgentAction.StartHealthCheck start, CancellationToken cancellationToken)
    {
        var host = HostOf(start.IpAddress, start.Check.Tcp.Protocol).Trim('[', ']');
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(host), (int)start.Check.Tcp.Port), cancellationToken);
        return (true, "");
    }

    /// <summary>The container's own address, or the loopback of the host in the family that is asked for.</summary>
    private static string HostOf(string? address, NetworkInfo.Types.Protocol protocol)
    {
        var host = address ?? (protocol == NetworkInfo.Types.Protocol.Ipv6 ? "::1" : "127.0.0.1");
        return host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
    }

    private static HealthCheck.Types.Type TypeOf(HealthCheck check) =>
        check.HasType && check.Type != HealthCheck.Types.Type.Unknown ? check.Type
        : check.Command is not null ? HealthCheck.Types.Type.Command
        : check.Http is not null ? HealthCheck.Types.Type.Http
        : check.Tcp is not null ? HealthCheck.Types.Type.Tcp
        : HealthCheck.Types.Type.Unknown;

    private static TimeSpan Span(double seconds) => double.IsFinite(seconds) && seconds > 0 ? TimeSpan.FromSeconds(Math.Min(seconds, s_maxTime.TotalSeconds / 10)) : TimeSpan.Zero;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The health check of container {ContainerId} could not be made: {Reason}")]
    private static partial void LogNotMade(ILogger logger, string containerId, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The health checks of container {ContainerId} broke off")]
    private static partial void LogUnexpected(ILogger logger, string containerId, Exception exception);
}
