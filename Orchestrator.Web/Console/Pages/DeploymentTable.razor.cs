using Microsoft.AspNetCore.Components;
using Orchestrator.Core.Views.Services;
using Orchestrator.Web.Console.ViewModels;

namespace Orchestrator.Web.Console.Pages;

/// <summary>Running deployments with what each does now; each can be aborted or stopped.</summary>
public sealed partial class DeploymentTable
{
    private (DeploymentView Deployment, bool RollBack)? _asked;

    /// <summary>The deployments.</summary>
    [Parameter]
    [EditorRequired]
    public IReadOnlyList<DeploymentView> Deployments { get; set; } = [];

    /// <summary>Whether their apps are named.</summary>
    [Parameter]
    public bool WithApps { get; set; }

    /// <summary>Whether there are others that do not match a filter.</summary>
    [Parameter]
    public bool IsFiltered { get; set; }

    /// <summary>The engine.</summary>
    [Inject]
    public required ServiceCommands Commands { get; init; }

    private ICollection<DeploymentView> Rows => Deployments as ICollection<DeploymentView> ?? [.. Deployments];

    private static IReadOnlyList<DeploymentActionView> Current(DeploymentView deployment) =>
        deployment.Steps.Count == 0 ? [] : deployment.Steps[Math.Clamp(deployment.CurrentStep - 1, 0, deployment.Steps.Count - 1)];

    /// <summary>What an action does now, for people.</summary>
    private static string Words(DeploymentActionView action) => action.Phase switch
    {
        "preDeployment" => "Running the command before",
        "replacing" => "Replacing instances",
        "starting" => "Starting the new colour",
        "soaking" => "Switched; the old colour waits",
        "draining" => "Switched; draining the old colour",
        _ => WordsOf(action.Action),
    };

    private static string WordsOf(string action) => action switch
    {
        "StartApplication" => "Starting",
        "StopApplication" => "Stopping",
        "ScaleApplication" => "Scaling",
        "RestartApplication" => "Restarting",
        _ => action,
    };

    private async Task<CommandOutcome?> CancelAsync(string id, bool rollBack) => await Commands.CancelDeploymentAsync(id, rollBack);
}
