using System.Runtime.CompilerServices;
using Orchestrator.Core.Contract;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Master;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Runtime.Streams;
using Orchestrator.Core.Views;

namespace Orchestrator.Core.Runtime;

/// <summary>
/// A framework in the master's own process: the calls and events of the scheduler API by reference. A message must not be
/// changed after it was sent.
/// </summary>
public sealed class InProcessSchedulerConnection(IEngineGateway<MasterCommand, MasterReply, ClusterSnapshot> master, EventStreams<Event> streams) : ISchedulerConnection
{
    private volatile string? _stream;

    /// <inheritdoc/>
    public async IAsyncEnumerable<Event> SubscribeAsync(Call subscribe, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stream = streams.Open(new StreamId(Guid.NewGuid()));
        var reply = await master.SendAsync(new MasterCommand.SubscribeScheduler(stream.Id, subscribe, null), cancellationToken);
        if (reply.Status is < 200 or >= 300)
        {
            throw new SchedulerCallException(reply.Status, reply.Message);
        }

        _stream = stream.Id.ToString();
        try
        {
            await foreach (var message in stream.Reader.ReadAllAsync(cancellationToken))
            {
                yield return message;
            }
        }
        finally
        {
            await DisconnectAsync(stream.Id);
        }
    }

    /// <inheritdoc/>
    public async ValueTask SendAsync(Call call, CancellationToken cancellationToken)
    {
        var reply = await master.SendAsync(new MasterCommand.CallScheduler(_stream, call, null), cancellationToken);
        if (reply.Status is < 200 or >= 300)
        {
            throw new SchedulerCallException(reply.Status, reply.Message);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task DisconnectAsync(StreamId stream)
    {
        try
        {
            await master.SendAsync(new MasterCommand.DisconnectScheduler(stream), CancellationToken.None);
        }
        catch (Exception error) when (error is EngineStoppedException or EngineOverloadedException)
        {
            // The master is going down, or will notice by the stream itself.
        }
    }
}
