using System.Buffers;
using System.Globalization;
using System.Text;
using Google.Protobuf;

namespace Orchestrator.Tests.Benchmarks;

/// <summary>
/// Records on a stream, read and written on their own here: a client that shares no framing code with the server shows
/// that the wire is right.
/// </summary>
public sealed class RecordStream(Stream stream)
{
    private readonly byte[] _lengthByte = new byte[1];
    private readonly BufferedStream _input = new(stream, 64 * 1024);

    /// <summary>The next record, in a rented array; null at the end of the stream.</summary>
    public async ValueTask<ArraySegment<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        var length = 0;
        for (var digits = 0; ; digits++)
        {
            if (await _input.ReadAsync(_lengthByte, cancellationToken) == 0)
            {
                return null;
            }

            if (_lengthByte[0] == '\n' && digits > 0)
            {
                break;
            }

            length = checked((length * 10) + int.Parse(Encoding.ASCII.GetString(_lengthByte), CultureInfo.InvariantCulture));
        }

        var record = ArrayPool<byte>.Shared.Rent(length);
        await _input.ReadExactlyAsync(record.AsMemory(0, length), cancellationToken);
        return new ArraySegment<byte>(record, 0, length);
    }

    /// <summary>Several messages as one body of records.</summary>
    public static byte[] Encode(IEnumerable<IMessage> messages)
    {
        using var body = new MemoryStream();
        foreach (var message in messages)
        {
            body.Write(Encoding.ASCII.GetBytes(message.CalculateSize().ToString(CultureInfo.InvariantCulture) + "\n"));
            message.WriteTo(body);
        }

        return body.ToArray();
    }
}
