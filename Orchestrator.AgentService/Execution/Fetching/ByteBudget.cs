namespace Orchestrator.AgentService.Execution.Fetching;

/// <summary>Copies streams and gives up when together they are longer than allowed.</summary>
/// <param name="limit">Most bytes.</param>
internal sealed class ByteBudget(long limit)
{
    private const int BufferSize = 128 * 1024;
    private long _spent;

    /// <summary>Copies to the end.</summary>
    /// <param name="source">From where.</param>
    /// <param name="target">To where.</param>
    /// <param name="stallTimeout">Longest wait for bytes; null to wait as long as it takes.</param>
    /// <param name="grow">Asked, before each write, with the number of bytes of this copy so far.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="FetchException">It is too much, or nothing came for too long.</exception>
    internal async Task CopyAsync(Stream source, Stream target, TimeSpan? stallTimeout, Action<long>? grow, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        var copied = 0L;
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        while (true)
        {
            int read;
            try
            {
                stall.CancelAfter(stallTimeout ?? Timeout.InfiniteTimeSpan);
                read = await source.ReadAsync(buffer, stall.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new FetchException($"nothing came for {stallTimeout!.Value.TotalSeconds} s (--fetcher_stall_timeout)");
            }

            if (read == 0)
            {
                return;
            }

            copied += read;
            _spent += read;
            if (_spent > limit)
            {
                throw new FetchException($"it is longer than {limit} bytes (--fetcher_max_size)");
            }

            grow?.Invoke(copied);
            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }
}
