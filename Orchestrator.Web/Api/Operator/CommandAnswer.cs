using Orchestrator.Core.Master;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Views;
using Orchestrator.Web.Api.Wire;

namespace Orchestrator.Web.Api.Operator;

/// <summary>Gives a command to the master and writes its reply.</summary>
internal static class CommandAnswer
{
    internal static async Task SendAsync(HttpContext context, IEngineGateway<MasterCommand, MasterReply, ClusterSnapshot> master, MasterCommand command)
    {
        try
        {
            var reply = await master.SendAsync(command, context.RequestAborted);
            await PlainAnswer.WriteAsync(context, reply.Status, reply.Message);
        }
        catch (EngineOverloadedException e)
        {
            await PlainAnswer.WriteAsync(context, StatusCodes.Status429TooManyRequests, e.Message);
        }
    }
}
