using System.Text.Json;
using Orchestrator.Core.Marathon;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Views.Services;
using Orchestrator.Web.Console.ViewModels.Forms;

namespace Orchestrator.Web.Console.ViewModels;

/// <summary>What the console asks of the services engine: the same commands as the REST API's, with outcomes for people.</summary>
/// <param name="engine">The engine; null on a host without one.</param>
public sealed class ServiceCommands(IEngineGateway<MarathonCommand, MarathonReply, ServicesSnapshot>? engine = null)
{
    /// <summary>How long an answer is waited for.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>A mistyped field is an error where somebody looks on.</summary>
    private static readonly WriteTerms s_strict = new() { Strict = true };

    /// <summary>Creates an app, or changes one, as the dialog says.</summary>
    /// <param name="appId">The app that is changed; null for a new one.</param>
    /// <param name="change">What to send.</param>
    /// <param name="force">Cancels deployments that hold the app.</param>
    public Task<CommandOutcome> SubmitAsync(string? appId, AppChange change, bool force) => SendAsync(CommandOf(appId, change, force) with { Terms = s_strict });

    /// <summary>What <see cref="SubmitAsync"/> would do; nothing is changed.</summary>
    /// <param name="appId">The app that is changed; null for a new one.</param>
    /// <param name="change">What would be sent.</param>
    public Task<CommandOutcome> PreviewAsync(string? appId, AppChange change) =>
        SendAsync(CommandOf(appId, change, force: false) with { Terms = s_strict with { DryRun = true } }, static reply => CommandOutcome.From(reply) with { Plan = reply.IsSuccess ? PlanPreview.Parse(reply.Json) : null });

    /// <summary>Sets the number of instances; 0 suspends.</summary>
    public Task<CommandOutcome> ScaleAsync(string appId, int instances, bool force) =>
        UpdateAsync(appId, force, json => json.WriteNumber("instances", instances));

    /// <summary>Makes an older version the current one again.</summary>
    public Task<CommandOutcome> ApplyVersionAsync(string appId, DateTimeOffset version, bool force) =>
        UpdateAsync(appId, force, json => json.WriteString("version", Timestamps.Write(version)));

    /// <summary>Replaces all instances by new ones of the same configuration.</summary>
    public Task<CommandOutcome> RestartAsync(string appId, bool force) =>
        SendAsync(new MarathonCommand.RestartApp(appId, force, From($"/v2/apps{appId}/restart")));

    /// <summary>Removes an app and all that runs of it.</summary>
    public Task<CommandOutcome> DestroyAsync(string appId, bool force) =>
        SendAsync(new MarathonCommand.DeleteApp(appId, force, From("/v2/apps" + appId)));

    /// <summary>Forgets the pause after failures.</summary>
    public Task<CommandOutcome> ResetDelayAsync(string appId) =>
        SendAsync(new MarathonCommand.ResetDelay(appId, From($"/v2/queue{appId}/delay")));

    /// <summary>Kills tasks; with <paramref name="scale"/> their app is made smaller by as many, otherwise others take their place.</summary>
    public Task<CommandOutcome> KillAsync(string? appId, IReadOnlyList<string> taskIds, bool scale, bool force) =>
        SendAsync(new MarathonCommand.KillTasks(appId, taskIds, Host: null, scale, Wipe: false, force, From("/v2/tasks/delete")));

    /// <summary>Ends a deployment: undone by another one, or left where it is.</summary>
    /// <param name="deploymentId">Which.</param>
    /// <param name="rollBack">Whether what it did is undone.</param>
    public Task<CommandOutcome> CancelDeploymentAsync(string deploymentId, bool rollBack) =>
        SendAsync(new MarathonCommand.CancelDeployment(deploymentId, Force: !rollBack, From("/v2/deployments/" + deploymentId)));

    private Task<CommandOutcome> UpdateAsync(string appId, bool force, Action<Utf8JsonWriter> field)
    {
        using var body = JsonDocument.Parse(AppJson.Write(json =>
        {
            json.WriteStartObject();
            field(json);
            json.WriteEndObject();
        }));
        return SendAsync(new MarathonCommand.UpdateApps(appId, body.RootElement.Clone(), Partial: true, MayCreate: false, force, From("/v2/apps" + appId)));
    }

    private static MarathonCommand CommandOf(string? appId, AppChange change, bool force) => appId is null
        ? new MarathonCommand.CreateApp(change.Body, force, From("/v2/apps"))
        : new MarathonCommand.UpdateApps(appId, change.Body, change.IsPartial, MayCreate: false, force, From("/v2/apps" + appId));

    private Task<CommandOutcome> SendAsync(MarathonCommand command) => SendAsync(command, CommandOutcome.From);

    private async Task<CommandOutcome> SendAsync(MarathonCommand command, Func<MarathonReply, CommandOutcome> read)
    {
        if (engine is null)
        {
            return Refused("This host runs no services engine.");
        }

        using var patience = new CancellationTokenSource(Patience);
        try
        {
            return read(await engine.SendAsync(command, patience.Token));
        }
        catch (EngineOverloadedException)
        {
            return Refused("The services engine has too much to do; try again in a moment.");
        }
        catch (EngineStoppedException)
        {
            return Refused("The services engine has stopped; look at the host's log.");
        }
        catch (OperationCanceledException)
        {
            return Refused("No answer yet. The command may still take effect; look at the page before you repeat it.");
        }
    }

    private static CommandOutcome Refused(string message) => new() { Status = StatusCodes.Status503ServiceUnavailable, Message = message };

    private static CommandOrigin From(string uri) => new("console", uri);
}
