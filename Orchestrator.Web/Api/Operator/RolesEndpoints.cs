using Orchestrator.Core.Contract.MasterApi;
using Orchestrator.Core.Contract.QuotaApi;
using Orchestrator.Core.Master;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Views;
using Orchestrator.Web.Api.Operator.Json;
using Orchestrator.Web.Api.Wire;

namespace Orchestrator.Web.Api.Operator;

/// <summary><c>/quota</c> and <c>/weights</c>: what roles are guaranteed, limited to and worth.</summary>
public sealed class RolesEndpoints(IEngineGateway<MasterCommand, MasterReply, ClusterSnapshot> master, DocumentCache cache)
{
    /// <summary>GET lists, POST sets the quota of a role that has none, DELETE <c>/quota/ROLE</c> takes it away.</summary>
    public async Task QuotaAsync(HttpContext context)
    {
        switch (context.Request.Method)
        {
            case "GET" or "HEAD":
                await JsonAnswer.WriteAsync(context, cache.Get(master.Current, "quota", RoleDocuments.WriteQuota));
                break;
            case "POST":
                if (await JsonBody.ReadAsync<QuotaRequest>(context) is { } request)
                {
                    await CommandAnswer.SendAsync(context, master, new MasterCommand.SetQuota(request));
                }

                break;
            case "DELETE":
                await RemoveQuotaAsync(context);
                break;
            default:
                await PlainAnswer.WriteWrongMethodAsync(context, "DELETE", "GET", "POST");
                break;
        }
    }

    /// <summary>GET lists the weights that were set, PUT sets some: <c>[{"role":"web","weight":2.5}]</c>.</summary>
    public async Task WeightsAsync(HttpContext context)
    {
        switch (context.Request.Method)
        {
            case "GET" or "HEAD":
                await JsonAnswer.WriteAsync(context, cache.Get(master.Current, "weights", RoleDocuments.WriteWeights));
                break;
            case "PUT":
                if (await JsonBody.ReadAsync<Call.Types.UpdateWeights>(context, "weight_infos") is { } update)
                {
                    await CommandAnswer.SendAsync(context, master, new MasterCommand.UpdateWeights(update.WeightInfos));
                }

                break;
            default:
                await PlainAnswer.WriteWrongMethodAsync(context, "GET", "PUT");
                break;
        }
    }

    private Task RemoveQuotaAsync(HttpContext context)
    {
        var role = context.Request.RouteValues["rest"] as string;
        return string.IsNullOrEmpty(role)
            ? PlainAnswer.WriteAsync(context, StatusCodes.Status400BadRequest, "Failed to parse remove quota request: name the role in the path, for example /quota/web")
            : CommandAnswer.SendAsync(context, master, new MasterCommand.RemoveQuota(role));
    }
}
