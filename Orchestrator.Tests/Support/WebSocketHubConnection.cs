using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Orchestrator.Tests.Support;

/// <summary>
/// A SignalR client over a WebSocket. The client's core package knows the hub protocol and no transport; this is one,
/// without negotiation.
/// </summary>
internal static class WebSocketHubConnection
{
    /// <summary>Makes a connection that is not started yet.</summary>
    public static HubConnection Make(Uri hub, Action<ClientWebSocketOptions>? configure = null)
    {
        var builder = new HubConnectionBuilder();
        builder.Services.AddSingleton<EndPoint>(new UriEndPoint(new UriBuilder(hub) { Scheme = "ws" }.Uri));
        builder.Services.AddSingleton<IConnectionFactory>(new Factory(configure));
        return builder.Build();
    }

    private sealed class Factory(Action<ClientWebSocketOptions>? configure) : IConnectionFactory
    {
        public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
        {
            var socket = new ClientWebSocket();
            socket.Options.Proxy = null;
            configure?.Invoke(socket.Options);
            await socket.ConnectAsync(((UriEndPoint)endpoint).Uri, cancellationToken);
            return new WebSocketConnection(socket);
        }
    }

    private sealed class Duplex(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }

    private sealed class WebSocketConnection : ConnectionContext
    {
        private readonly WebSocket _socket;
        private readonly Pipe _fromServer = new();
        private readonly Pipe _toServer = new();
        private readonly CancellationTokenSource _closed = new();
        private readonly Task _pumps;

        public WebSocketConnection(WebSocket socket)
        {
            _socket = socket;
            Transport = new Duplex(_fromServer.Reader, _toServer.Writer);
            ConnectionClosed = _closed.Token;
            _pumps = Task.WhenAll(ReceiveAsync(), SendAsync());
        }

        public override string ConnectionId { get; set; } = Guid.NewGuid().ToString("N");

        public override IFeatureCollection Features { get; } = new FeatureCollection();

        public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

        public override IDuplexPipe Transport { get; set; }

        public override void Abort(ConnectionAbortedException abortReason) => _socket.Abort();

        public override async ValueTask DisposeAsync()
        {
            await Transport.Output.CompleteAsync();
            await Transport.Input.CompleteAsync();
            var finished = await Task.WhenAny(_pumps, Task.Delay(TimeSpan.FromSeconds(2)));
            if (finished != _pumps)
            {
                _socket.Abort();
                await _pumps;
            }

            _socket.Dispose();
            _closed.Dispose();
            await base.DisposeAsync();
        }

        private async Task ReceiveAsync()
        {
            Exception? error = null;
            try
            {
                while (true)
                {
                    var result = await _socket.ReceiveAsync(_fromServer.Writer.GetMemory(4096), CancellationToken.None);
                    if (result.MessageType == WebSocketMessageType.Close)
                    {
                        break;
                    }

                    _fromServer.Writer.Advance(result.Count);
                    if (result.EndOfMessage && (await _fromServer.Writer.FlushAsync()).IsCompleted)
                    {
                        break;
                    }
                }
            }
            catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
            {
                error = e;
            }

            await _fromServer.Writer.CompleteAsync(error);
            _toServer.Reader.CancelPendingRead();
            await _closed.CancelAsync();
        }

        private async Task SendAsync()
        {
            try
            {
                while (true)
                {
                    var read = await _toServer.Reader.ReadAsync();
                    if (!read.Buffer.IsEmpty)
                    {
                        await _socket.SendAsync(read.Buffer.ToArray(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
                    }

                    _toServer.Reader.AdvanceTo(read.Buffer.End);
                    if (read.IsCompleted || read.IsCanceled)
                    {
                        break;
                    }
                }

                if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                {
                    await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
                }
            }
            catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
            {
                _socket.Abort();
            }

            await _toServer.Reader.CompleteAsync();
        }
    }
}
