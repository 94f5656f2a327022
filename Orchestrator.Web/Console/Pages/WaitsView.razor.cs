using Microsoft.AspNetCore.Components;
using Orchestrator.Core.Marathon.Explaining;
using Orchestrator.Web.Console.Controls;
using Orchestrator.Web.Console.Feeds;

namespace Orchestrator.Web.Console.Pages;

/// <summary>Why instances of an app are not launched: what keeps them, agent by agent, and the smallest change that would help.</summary>
public sealed partial class WaitsView
{
    /// <summary>Most agents in the table.</summary>
    public const int MaxAgents = 500;

    /// <summary>The app.</summary>
    [Parameter]
    [EditorRequired]
    public string Id { get; set; } = "";

    /// <summary>Explanations, made once for all who look.</summary>
    [Inject]
    public required SharedViews Shared { get; init; }

    /// <summary>The clock.</summary>
    [Inject]
    public required TimeProvider Time { get; init; }

    private ICollection<AgentVerdict> Agents => (ICollection<AgentVerdict>)Model!.Agents;

    private int Fitting => Model!.Verdicts.FirstOrDefault(count => count.Kind == WaitReason.None)?.Agents ?? 0;

    /// <summary>The requirements that the app has; a missing attribute is shown with the other placement rules.</summary>
    private IEnumerable<WaitReason> Kinds => Model!.Agents.SelectMany(agent => agent.Checks).Select(check => ShownAs(check.Kind)).Distinct().Order();

    /// <inheritdoc/>
    protected override WaitExplanation? Project(LiveState live) => live.Services.FindApp(Id) is { } app
        ? Shared.Get($"explain|{Id}", live.Version, () => WaitExplainer.Explain(app, live.Services, live.Cluster, WaitExplainer.RoleOf(live.Services, live.Cluster), MaxAgents, Time.GetUtcNow()))
        : null;

    /// <summary>An agent that fails placement rules in both ways counts once as long as all agents are at hand.</summary>
    private int Missed(WaitReason kind)
    {
        if (kind != WaitReason.Constraint)
        {
            return Counted(kind);
        }

        return Model!.Agents.Count == Model.AgentCount
            ? Model.Agents.Count(agent => agent.Unmet.Any(check => ShownAs(check.Kind) == kind))
            : Math.Max(Counted(kind), Counted(WaitReason.Attribute));
    }

    private int Counted(WaitReason kind) => Model!.Verdicts.FirstOrDefault(count => count.Kind == kind)?.Agents ?? 0;

    private static WaitReason ShownAs(WaitReason kind) => kind == WaitReason.Attribute ? WaitReason.Constraint : kind;

    private static IEnumerable<RequirementCheck> ChecksOf(AgentVerdict agent, WaitReason kind) => agent.Checks.Where(check => ShownAs(check.Kind) == kind);

    private static string Short(RequirementCheck check) => check.Kind switch
    {
        WaitReason.Cpus or WaitReason.Mem or WaitReason.Disk or WaitReason.Gpus => $"{Figures.Amount(check.AvailableAmount)} of {Figures.Amount(check.TotalAmount)}",
        WaitReason.Constraint => check.Needed,
        WaitReason.Attribute => check.Available,
        _ => check.Met ? "" : check.Available,
    };

    private static string Title(RequirementCheck check) =>
        $"needed: {check.Needed}{(check.Total.Length > 0 ? $"; total: {check.Total}" : "")}{(check.Used.Length > 0 ? $"; used: {check.Used}" : "")}; available: {check.Available}";

    private static string NameOf(WaitReason kind) => kind switch
    {
        WaitReason.Agent => "Agent",
        WaitReason.Constraint => "Placement",
        WaitReason.Cpus => "CPU",
        WaitReason.Mem => "Memory",
        WaitReason.Gpus => "GPU",
        _ => kind.ToString(),
    };
}
