using Microsoft.AspNetCore.Components;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Master;
using Orchestrator.Core.Primitives;
using Orchestrator.Web.Console.ViewModels.Cluster;

namespace Orchestrator.Web.Console.Pages.Parts;

/// <summary>What an operator may do with an agent, each after a question.</summary>
public sealed partial class AgentActions
{
    private AgentAction? _asking;
    private int? _graceSeconds;
    private bool _markGone;

    private enum AgentAction
    {
        Deactivate,
        Reactivate,
        Drain,
        MarkGone,
    }

    /// <summary>The agent.</summary>
    [Parameter]
    [EditorRequired]
    public AgentRow Row { get; set; } = null!;

    /// <summary>How many tasks it runs.</summary>
    [Parameter]
    public int Tasks { get; set; }

    /// <summary>Tells the master.</summary>
    [Inject]
    public required MasterActions Actions { get; init; }

    private AgentId Id => new(Row.Id);

    private bool CanReactivate => Row.IsDeactivated && Row.Drain is not { State: DrainState.Draining };

    private void Ask(AgentAction action) => _asking = action;

    private void Close() => _asking = null;

    private Task<string?> DrainAsync() =>
        Actions.SendAsync(new MasterCommand.DrainAgent(Id, _graceSeconds is { } seconds ? TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 86_400)) : null, _markGone));
}
