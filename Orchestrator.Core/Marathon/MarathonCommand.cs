using System.Text.Json;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Core.Marathon;

/// <summary>Everything the Marathon engine can be told. Edges make them, its loop applies them.</summary>
public abstract record MarathonCommand
{
    private MarathonCommand()
    {
    }

    /// <summary>What a write asks for besides the change.</summary>
    public WriteTerms Terms { get; init; } = WriteTerms.Default;

    /// <summary>POST /v2/apps: a new app. 201 with the app, or 409, 422.</summary>
    public sealed record CreateApp(JsonElement Definition, bool Force, CommandOrigin Origin) : MarathonCommand;

    /// <summary>
    /// PUT (or PATCH) of one or several apps in one deployment. With <paramref name="AppId"/> null the element is an array
    /// whose members carry ids.
    /// </summary>
    /// <param name="AppId">The app; null for an array.</param>
    /// <param name="Update">The body.</param>
    /// <param name="Partial">Merge (true) or replace (false).</param>
    /// <param name="MayCreate">Whether missing apps are created (PUT) or refused with 404 (PATCH).</param>
    /// <param name="Force">Cancels conflicting deployments first.</param>
    /// <param name="Origin">Who asked.</param>
    public sealed record UpdateApps(string? AppId, JsonElement Update, bool Partial, bool MayCreate, bool Force, CommandOrigin Origin) : MarathonCommand;

    /// <summary>DELETE /v2/apps/{id}.</summary>
    public sealed record DeleteApp(string AppId, bool Force, CommandOrigin Origin) : MarathonCommand;

    /// <summary>POST /v2/apps/{id}/restart.</summary>
    public sealed record RestartApp(string AppId, bool Force, CommandOrigin Origin) : MarathonCommand;

    /// <summary>POST /v2/groups: a new group with apps and groups in it. 201, or 409, 422.</summary>
    /// <param name="GroupId">Of the request; an id of the body is relative to it.</param>
    /// <param name="Body">The body.</param>
    /// <param name="Force">Cancels conflicting deployments first.</param>
    /// <param name="Origin">Who asked.</param>
    public sealed record CreateGroup(string GroupId, JsonElement Body, bool Force, CommandOrigin Origin) : MarathonCommand;

    /// <summary>PUT /v2/groups, or PATCH with a merge patch.</summary>
    /// <param name="GroupId">Of the request; an id of the body is relative to it.</param>
    /// <param name="Body">Content, <c>{"scaleBy":2}</c> or <c>{"version":"…"}</c>.</param>
    /// <param name="MayCreate">Whether a missing group is created (PUT) or refused with 404 (PATCH).</param>
    /// <param name="Force">Cancels conflicting deployments first.</param>
    /// <param name="Origin">Who asked.</param>
    public sealed record UpdateGroup(string GroupId, JsonElement Body, bool MayCreate, bool Force, CommandOrigin Origin) : MarathonCommand;

    /// <summary>PATCH /v2/groups/{id} without a merge patch: only <c>enforceRole</c>.</summary>
    public sealed record PatchGroup(string GroupId, JsonElement Body, CommandOrigin Origin) : MarathonCommand;

    /// <summary>DELETE /v2/groups/{id}: the group with everything in it; of the root everything in it.</summary>
    public sealed record DeleteGroup(string GroupId, bool Force, CommandOrigin Origin) : MarathonCommand;

    /// <summary>
    /// Kills tasks by id (of any apps) or, with <paramref name="AppId"/>, those of an app, optionally on one host.
    /// </summary>
    /// <param name="AppId">Restricts to one app; null with explicit ids.</param>
    /// <param name="TaskIds">Task or instance ids; null means all of the app.</param>
    /// <param name="Host">Only on this agent host; null for any.</param>
    /// <param name="Scale">Also lowers <c>instances</c>, as a deployment.</param>
    /// <param name="Wipe">Also forgets the instances.</param>
    /// <param name="Force">Cancels conflicting deployments first.</param>
    /// <param name="Origin">Who asked.</param>
    public sealed record KillTasks(string? AppId, IReadOnlyList<string>? TaskIds, string? Host, bool Scale, bool Wipe, bool Force, CommandOrigin Origin) : MarathonCommand;

    /// <summary>DELETE /v2/deployments/{id}: rolls back, or with force just cancels.</summary>
    public sealed record CancelDeployment(string DeploymentId, bool Force, CommandOrigin Origin) : MarathonCommand;

    /// <summary>POST /v2/pods: a new pod. 201 with the pod, or 409, 422.</summary>
    public sealed record CreatePod(JsonElement Definition, bool Force, CommandOrigin Origin) : MarathonCommand;

    /// <summary>PUT /v2/pods/{id}: the whole pod anew. 200 with the pod, or 400, 404, 409, 422.</summary>
    public sealed record UpdatePod(string PodId, JsonElement Definition, bool Force, CommandOrigin Origin) : MarathonCommand;

    /// <summary>DELETE /v2/pods/{id}.</summary>
    public sealed record DeletePod(string PodId, bool Force, CommandOrigin Origin) : MarathonCommand;

    /// <summary>DELETE of instances of a pod: they are relaunched, or with wipe replaced.</summary>
    /// <param name="PodId">The pod.</param>
    /// <param name="InstanceIds">Which.</param>
    /// <param name="IsSingle">Whether one was named in the path: its absence is 404, the answer no array.</param>
    /// <param name="Wipe">Also forgets the instances.</param>
    public sealed record KillPodInstances(string PodId, IReadOnlyList<string> InstanceIds, bool IsSingle, bool Wipe) : MarathonCommand;

    /// <summary>DELETE /v2/queue/{id}/delay: forgets the backoff.</summary>
    public sealed record ResetDelay(string AppId, CommandOrigin Origin) : MarathonCommand;

    /// <summary>What tasks of apps with autoscaling use, by task id; those of which nothing is known are left out.</summary>
    public sealed record UsageMeasured(IReadOnlyDictionary<string, InstanceUse> Uses) : MarathonCommand;

    /// <summary>The agents of the cluster, all of them, also those that are away: apps with an instance on every agent follow them.</summary>
    public sealed record AgentsChanged(IReadOnlyList<ClusterAgent> Agents) : MarathonCommand;

    /// <summary>An event from the master.</summary>
    public sealed record SchedulerEvent(Event Event) : MarathonCommand;

    /// <summary>The subscription broke; the connection will try again by itself.</summary>
    public sealed record Disconnected : MarathonCommand;

    /// <summary>The answer of one health check that the host ran (HTTP, HTTPS, TCP of Marathon).</summary>
    /// <param name="TaskId">Which incarnation was asked.</param>
    /// <param name="CheckIndex">Index in the app's healthChecks.</param>
    /// <param name="Alive">True or false; null for no result (ignored 1xx).</param>
    /// <param name="Cause">Why not alive.</param>
    public sealed record HealthChecked(string TaskId, int CheckIndex, bool? Alive, string? Cause) : MarathonCommand;

    /// <summary>The answer of a new instance that was asked whether it is ready.</summary>
    /// <param name="TaskId">Which incarnation was asked.</param>
    /// <param name="CheckIndex">Index in the app's readinessChecks.</param>
    /// <param name="Response">What it answered; the engine judges it.</param>
    public sealed record ReadinessChecked(string TaskId, int CheckIndex, ReadinessResponse Response) : MarathonCommand;
}
