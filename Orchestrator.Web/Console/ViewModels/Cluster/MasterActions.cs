using Orchestrator.Core.Master;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Views;

namespace Orchestrator.Web.Console.ViewModels.Cluster;

/// <summary>Gives commands of operators to the master for the console.</summary>
/// <param name="master">The master.</param>
public sealed class MasterActions(IEngineGateway<MasterCommand, MasterReply, ClusterSnapshot> master)
{
    /// <summary>Longest wait for the master's answer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Does it; null when it was done, otherwise what to tell.</summary>
    public async Task<string?> SendAsync(MasterCommand command)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var reply = await master.SendAsync(command, patience.Token);
            return reply.Status < StatusCodes.Status300MultipleChoices ? null : reply.Message.Length > 0 ? reply.Message : $"The master answered {reply.Status}.";
        }
        catch (OperationCanceledException)
        {
            return "No answer yet. It may still be done; look at the page before you repeat it.";
        }
        catch (Exception error) when (error is EngineOverloadedException or EngineStoppedException)
        {
            return error.Message;
        }
    }
}
