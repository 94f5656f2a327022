using System.Net.Mime;
using Orchestrator.Core.Master;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Views;
using Orchestrator.Web.Console.Feeds;
using Orchestrator.Web.Console.ViewModels.Tasks;

namespace Orchestrator.Web.Console;

/// <summary>
/// <c>GET /ui/download/{framework}/{task}?path=stdout</c>: a file of a sandbox, through the host, because browsers often do
/// not reach agents. It is always saved, never shown: what a task wrote must not become a page of the console.
/// </summary>
public static class SandboxDownload
{
    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/ui/download/{framework}/{task}", HandleAsync);

    private static async Task<IResult> HandleAsync(string framework, string task, string? path, IEngineGateway<MasterCommand, MasterReply, ClusterSnapshot> master, ITaskLogs logs, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(path) || path.Split('/').Contains(".."))
        {
            return Results.Text("Say which file with ?path=, for example ?path=stdout.", statusCode: StatusCodes.Status400BadRequest);
        }

        if (TaskFinder.Find(master.Current, framework, task) is not { } found)
        {
            return Results.Text("The master does not know this task.", statusCode: StatusCodes.Status404NotFound);
        }

        try
        {
            var stream = await logs.DownloadAsync(SandboxRef.Of(found), path, cancellationToken);
            return Results.Stream(stream, MediaTypeNames.Application.Octet, path[(path.LastIndexOf('/') + 1)..]);
        }
        catch (SandboxException error)
        {
            return Results.Text(error.Message, statusCode: error.Failure == SandboxFailure.NotFound ? StatusCodes.Status404NotFound : StatusCodes.Status502BadGateway);
        }
    }
}
