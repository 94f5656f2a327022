using System.Globalization;
using System.Text;

namespace Orchestrator.Tests.Support;

/// <summary>RecordIO by hand, byte by byte, for peers in tests that share no code with the product.</summary>
internal static class WireRecords
{
    public static byte[] Frame(byte[] record) => [.. Encoding.ASCII.GetBytes(record.Length.ToString(CultureInfo.InvariantCulture) + "\n"), .. record];

    /// <summary>The next record; null at the end of the stream.</summary>
    public static async Task<byte[]?> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var length = 0;
        var one = new byte[1];
        while (true)
        {
            if (await stream.ReadAsync(one, cancellationToken) == 0)
            {
                return null;
            }

            if (one[0] == '\n')
            {
                break;
            }

            Assert.InRange(one[0], (byte)'0', (byte)'9');
            length = (length * 10) + (one[0] - '0');
        }

        var record = new byte[length];
        await stream.ReadExactlyAsync(record, cancellationToken);
        return record;
    }
}
