using Orchestrator.Core.Master;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Views;

namespace Orchestrator.Web.Api.Wire;

/// <summary>
/// Tells the master that a stream broke. That is never dropped, however much work waits: the master would go on sending to
/// somebody who is gone.
/// </summary>
public static class BrokenStream
{
    /// <summary>Wait between attempts to tell a master whose queue is full.</summary>
    private static readonly TimeSpan s_retryDelay = TimeSpan.FromMilliseconds(100);

    /// <summary>Returns when the master knows, or when it has stopped and need not know any more.</summary>
    public static async Task TellAsync(IEngineGateway<MasterCommand, MasterReply, ClusterSnapshot> master, MasterCommand disconnect, TimeProvider time)
    {
        while (true)
        {
            try
            {
                await master.SendAsync(disconnect, CancellationToken.None);
                return;
            }
            catch (EngineOverloadedException)
            {
                await Task.Delay(s_retryDelay, time);
            }
            catch (EngineStoppedException)
            {
                // The host is stopping, and with it the master that would have to know.
                return;
            }
        }
    }
}
