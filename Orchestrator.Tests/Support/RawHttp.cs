using System.Buffers;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Orchestrator.Tests.Support;

/// <summary>
/// HTTP/1.1 by hand over one connection: what is sent is exactly what the test wrote, what comes is kept as it came. It
/// shares no code with the product, so that both cannot be wrong together.
/// </summary>
internal sealed class RawHttp : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);
    private readonly TcpClient _client = new();
    private readonly List<byte> _received = [];
    private readonly CancellationTokenSource _deadline = new(s_limit);
    private int _at;

    private RawHttp()
    {
    }

    public static async Task<RawHttp> ConnectAsync(Uri address)
    {
        var raw = new RawHttp();
        await raw._client.ConnectAsync(address.Host, address.Port);
        return raw;
    }

    /// <summary>One request with a JSON body on a connection of its own, and the head of the answer.</summary>
    public static async Task<(RawHttp Connection, Answer Head)> PostAsync(Uri address, string path, string body, params string[] headers)
    {
        var raw = await ConnectAsync(address);
        await raw.SendAsync($"POST {path} HTTP/1.1\r\nHost: {address.Authority}\r\n{string.Concat(headers.Select(header => header + "\r\n"))}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
        return (raw, await raw.ReadHeadAsync());
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(byte[] bytes) => await _client.GetStream().WriteAsync(bytes, _deadline.Token);

    /// <summary>Reads up to the empty line.</summary>
    public async Task<Answer> ReadHeadAsync()
    {
        var lines = new List<string>();
        while (await ReadLineAsync() is { Length: > 0 } line)
        {
            lines.Add(line);
        }

        return new Answer(lines);
    }

    /// <summary>Reads the next chunk; empty at the end of the body.</summary>
    public async Task<byte[]> ReadChunkAsync()
    {
        var length = int.Parse(await ReadLineAsync(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var chunk = await ReadBytesAsync(length);
        Assert.Equal("", await ReadLineAsync());
        return chunk;
    }

    /// <summary>Reads the next record of a chunked stream, however chunks cut it; null at its end.</summary>
    public async Task<byte[]?> ReadRecordAsync(List<byte> rest)
    {
        while (true)
        {
            var line = rest.IndexOf((byte)'\n');
            if (line > 0)
            {
                var length = int.Parse(Encoding.ASCII.GetString([.. rest[..line]]), NumberStyles.None, CultureInfo.InvariantCulture);
                if (rest.Count >= line + 1 + length)
                {
                    var record = rest.GetRange(line + 1, length).ToArray();
                    rest.RemoveRange(0, line + 1 + length);
                    return record;
                }
            }

            var chunk = await ReadChunkAsync();
            if (chunk.Length == 0)
            {
                Assert.Empty(rest);
                return null;
            }

            rest.AddRange(chunk);
        }
    }

    public async Task<byte[]> ReadBytesAsync(int count)
    {
        while (_received.Count - _at < count)
        {
            Assert.True(await ReceiveAsync(), "the server closed the connection");
        }

        var bytes = _received.GetRange(_at, count).ToArray();
        _at += count;
        return bytes;
    }

    /// <summary>Whether the server closes the connection next.</summary>
    public async Task<bool> IsClosedAsync() => _at == _received.Count && !await ReceiveAsync();

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        _deadline.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<string> ReadLineAsync()
    {
        while (true)
        {
            var end = _received.IndexOf((byte)'\n', _at);
            if (end >= 0)
            {
                var line = Encoding.Latin1.GetString([.. _received[_at..end]]).TrimEnd('\r');
                _at = end + 1;
                return line;
            }

            Assert.True(await ReceiveAsync(), "the server closed the connection");
        }
    }

    private async Task<bool> ReceiveAsync()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(65536);
        var count = await _client.GetStream().ReadAsync(buffer, _deadline.Token);
        _received.AddRange(buffer.AsSpan(0, count));
        ArrayPool<byte>.Shared.Return(buffer);
        return count > 0;
    }

    /// <summary>The status line and the headers of an answer.</summary>
    internal sealed class Answer
    {
        public Answer(List<string> lines)
        {
            Status = int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture);
            foreach (var line in lines.Skip(1))
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                Headers[line[..colon]] = line[(colon + 1)..].Trim();
            }
        }

        public int Status { get; }

        public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);
    }
}
