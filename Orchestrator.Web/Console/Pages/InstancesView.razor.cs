using Microsoft.AspNetCore.Components;
using Orchestrator.Core.Views.Services;
using Orchestrator.Web.Console.Controls;
using Orchestrator.Web.Console.ViewModels;

namespace Orchestrator.Web.Console.Pages;

/// <summary>What runs of an app; instances can be killed.</summary>
public sealed partial class InstancesView
{
    private readonly HashSet<string> _selected = [];
    private bool? _asked;

    /// <summary>The app.</summary>
    [Parameter]
    [EditorRequired]
    public AppView App { get; set; } = null!;

    /// <summary>The framework of the services; null before it subscribed.</summary>
    [Parameter]
    public string? FrameworkId { get; set; }

    /// <summary>The engine.</summary>
    [Inject]
    public required ServiceCommands Commands { get; init; }

    private ICollection<InstanceView> Rows => App.Instances as ICollection<InstanceView> ?? [.. App.Instances];

    private List<string> Killable => [.. App.Instances.Where(instance => instance.TaskId.Length > 0).Select(instance => instance.Id)];

    /// <inheritdoc/>
    protected override void OnParametersSet() => _selected.IntersectWith(App.Instances.Select(instance => instance.Id));

    private static Tone HealthTone(InstanceView instance) => instance.Healthy switch { true => Tone.Good, false => Tone.Bad, null => Tone.Neutral };

    private static string? Cause(InstanceView instance) => instance.HealthResults.FirstOrDefault(result => !result.Alive)?.LastFailureCause;

    private static string Where(InstanceView instance) =>
        instance.Host.Length == 0 ? "not placed yet" : instance.IpAddresses.Count > 0 && instance.IpAddresses[0] != instance.Host ? $"{instance.Host} · {instance.IpAddresses[0]}" : instance.Host;

    private void Select(string id, bool isSelected) => _ = isSelected ? _selected.Add(id) : _selected.Remove(id);

    private void SelectAll(ChangeEventArgs change)
    {
        _selected.Clear();
        if (change.Value is true)
        {
            _selected.UnionWith(Killable);
        }
    }

    private void Ask(bool scale) => _asked = scale;

    private async Task<CommandOutcome?> KillAsync(bool scale, bool force)
    {
        var tasks = App.Instances.Where(instance => _selected.Contains(instance.Id) && instance.TaskId.Length > 0).Select(instance => instance.TaskId).ToList();
        return tasks.Count == 0
            ? new CommandOutcome { Status = StatusCodes.Status404NotFound, Message = "The selected instances have ended meanwhile." }
            : await Commands.KillAsync(App.Id, tasks, scale, force);
    }
}
