using Orchestrator.Core.Contract.Json;
using Orchestrator.Core.Contract.MaintenanceApi;
using Orchestrator.Core.Contract.MasterApi;
using Orchestrator.Core.Master;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Views;
using Orchestrator.Web.Api.Wire;

namespace Orchestrator.Web.Api.Operator;

/// <summary><c>/maintenance/schedule</c>, <c>/maintenance/status</c>, <c>/machine/down</c> and <c>/machine/up</c>.</summary>
public sealed class MaintenanceEndpoints(IEngineGateway<MasterCommand, MasterReply, ClusterSnapshot> master, DocumentCache cache)
{
    /// <summary>GET shows the schedule, POST replaces it.</summary>
    public async Task ScheduleAsync(HttpContext context)
    {
        switch (context.Request.Method)
        {
            case "GET" or "HEAD":
                await JsonAnswer.WriteAsync(context, cache.Get(master.Current, "maintenance/schedule", static (writer, snapshot) => MesosJson.Write(writer, snapshot.Maintenance.Schedule)));
                break;
            case "POST":
                if (await JsonBody.ReadAsync<Schedule>(context) is { } schedule)
                {
                    await CommandAnswer.SendAsync(context, master, new MasterCommand.UpdateMaintenance(schedule));
                }

                break;
            default:
                await PlainAnswer.WriteWrongMethodAsync(context, "GET", "POST");
                break;
        }
    }

    /// <summary>Machines that drain, with the answers of frameworks, and machines that are down.</summary>
    public Task StatusAsync(HttpContext context) => context.Request.Method is "GET" or "HEAD"
        ? JsonAnswer.WriteAsync(context, cache.Get(master.Current, "maintenance/status", static (writer, snapshot) => MesosJson.Write(writer, snapshot.Maintenance.Status)))
        : PlainAnswer.WriteWrongMethodAsync(context, "GET");

    /// <summary>POST <c>[{"hostname":"node-1","ip":"10.0.0.1"}]</c>: takes scheduled machines down.</summary>
    public async Task DownAsync(HttpContext context)
    {
        if (await MachinesAsync(context) is { } machines)
        {
            await CommandAnswer.SendAsync(context, master, new MasterCommand.StartMaintenance(machines.Machines));
        }
    }

    /// <summary>POST as for down: brings machines up.</summary>
    public async Task UpAsync(HttpContext context)
    {
        if (await MachinesAsync(context) is { } machines)
        {
            await CommandAnswer.SendAsync(context, master, new MasterCommand.StopMaintenance(machines.Machines));
        }
    }

    private static async Task<Call.Types.StartMaintenance?> MachinesAsync(HttpContext context)
    {
        if (HttpMethods.IsPost(context.Request.Method))
        {
            return await JsonBody.ReadAsync<Call.Types.StartMaintenance>(context, "machines");
        }

        await PlainAnswer.WriteWrongMethodAsync(context, "POST");
        return null;
    }
}
