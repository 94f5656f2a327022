using System.Globalization;
using Orchestrator.Core.Marathon;
using Orchestrator.Core.Marathon.Explaining;
using Orchestrator.Core.Master;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Views;
using Orchestrator.Web.Api.Marathon.Json;

namespace Orchestrator.Web.Api.Marathon;

/// <summary><c>GET /v2/apps/{id}/explain?limit=100</c>: why instances of an app wait, from the newest snapshots.</summary>
public sealed class ExplainEndpoint(ServicesDocuments services, IEngineGateway<MasterCommand, MasterReply, ClusterSnapshot> master, MarathonOptions options, TimeProvider time)
{
    /// <summary>Handles one request.</summary>
    /// <param name="context">The request, a GET.</param>
    /// <param name="id">The app.</param>
    public Task HandleAsync(HttpContext context, string id)
    {
        var limit = WaitExplainer.DefaultLimit;
        if (context.Request.Query.TryGetValue("limit", out var text)
            && !(int.TryParse(text.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit <= WaitExplainer.MaxLimit))
        {
            return MarathonAnswer.WriteErrorAsync(context, StatusCodes.Status400BadRequest, $"The query parameter 'limit' is '{text}'; write a number of agents from 0 to {WaitExplainer.MaxLimit}");
        }

        var snapshot = services.Current;
        return snapshot.FindApp(id) is { } app
            ? MarathonAnswer.WriteAsync(context, json => ExplainDocument.Write(json, WaitExplainer.Explain(app, snapshot, master.Current, options.Role, limit, time.GetUtcNow())))
            : MarathonAnswer.WriteNoAppAsync(context, id);
    }
}
