using Orchestrator.Core.Master;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Views;
using Orchestrator.Web.Console.ViewModels.Forms;

namespace Orchestrator.Web.Console.ViewModels.Tasks;

/// <summary>Kills tasks of any framework for the console.</summary>
/// <param name="services">Kills those of apps.</param>
/// <param name="master">Kills all others.</param>
public sealed class TaskCommands(ServiceCommands services, IEngineGateway<MasterCommand, MasterReply, ClusterSnapshot> master)
{
    /// <summary>Kills what a plan says. A task that cannot be killed keeps none of the others.</summary>
    /// <returns>A success when each was taken; otherwise the first error's status and a problem for each task that was not, at its <c>framework/task</c>.</returns>
    public async Task<CommandOutcome> KillAsync(KillPlan plan)
    {
        var failures = new List<(TaskKey Task, int Status, string Text)>();
        if (plan.OfApps.Count > 0)
        {
            var outcome = await services.KillAsync(null, [.. plan.OfApps.Select(task => task.TaskId.Value)], scale: false, force: false);
            if (!outcome.IsSuccess)
            {
                failures.AddRange(plan.OfApps.Select(task => (task, outcome.Status, outcome.Message)));
            }
        }

        using var patience = new CancellationTokenSource(ServiceCommands.Patience);
        foreach (var task in plan.OfOthers)
        {
            var reply = await KillAsync(task, patience.Token);
            if (reply.Status >= 300)
            {
                failures.Add((task, reply.Status, reply.Message));
            }
        }

        return failures.Count == 0
            ? new CommandOutcome { Status = StatusCodes.Status202Accepted, Message = "" }
            : new CommandOutcome
            {
                Status = failures[0].Status,
                Message = plan.Count == 1 ? "The task was not killed." : $"{failures.Count} of {plan.Count} tasks {(failures.Count == 1 ? "was" : "were")} not killed.",
                Problems = [.. failures.Select(failure => new FieldProblem(failure.Task.ToString(), failure.Text))],
            };
    }

    private async Task<MasterReply> KillAsync(TaskKey task, CancellationToken patience)
    {
        try
        {
            var reply = await master.SendAsync(new MasterCommand.KillTask(task), patience);
            return reply.Status == StatusCodes.Status404NotFound ? reply with { Message = "It has ended, or its agent is unreachable." } : reply;
        }
        catch (EngineOverloadedException)
        {
            return Refused("The master has too much to do; try again in a moment.");
        }
        catch (EngineStoppedException)
        {
            return Refused("The master has stopped; look at the host's log.");
        }
        catch (OperationCanceledException)
        {
            return Refused("No answer yet. It may still be killed; look at the page before you repeat it.");
        }
    }

    private static MasterReply Refused(string message) => new(StatusCodes.Status503ServiceUnavailable, message);
}
