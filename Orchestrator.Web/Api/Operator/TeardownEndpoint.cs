using Orchestrator.Core.Master;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Views;
using Orchestrator.Web.Api.Wire;

namespace Orchestrator.Web.Api.Operator;

/// <summary><c>POST /teardown</c> with the form <c>frameworkId=…</c>: removes a framework and all its tasks.</summary>
public sealed class TeardownEndpoint(IEngineGateway<MasterCommand, MasterReply, ClusterSnapshot> master)
{
    /// <summary>Longest form, in bytes.</summary>
    public const int MaxFormBytes = 64 * 1024;

    /// <summary>Handles one request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        if (await FormBody.ReadAsync(context, MaxFormBytes) is not { } form)
        {
            return;
        }

        if (!form.TryGetValue("frameworkId", out var id) || id.ToString().Length == 0)
        {
            await PlainAnswer.WriteAsync(context, StatusCodes.Status400BadRequest, "Missing 'frameworkId'; send a form, for example frameworkId=3f2a…-0001");
            return;
        }

        try
        {
            var reply = await master.SendAsync(new MasterCommand.TeardownFramework(new FrameworkId(id.ToString())), context.RequestAborted);
            await PlainAnswer.WriteAsync(context, reply.Status, reply.Message);
        }
        catch (EngineOverloadedException e)
        {
            await PlainAnswer.WriteAsync(context, StatusCodes.Status429TooManyRequests, e.Message);
        }
    }
}
