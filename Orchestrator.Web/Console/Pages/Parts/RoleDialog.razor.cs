using Microsoft.AspNetCore.Components;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.QuotaApi;
using Orchestrator.Core.Master;
using Orchestrator.Core.Views;
using Orchestrator.Web.Console.ViewModels.Cluster;

namespace Orchestrator.Web.Console.Pages.Parts;

/// <summary>Shows and sets the weight and the quota of a role. Resources that it has no field for keep what they have.</summary>
public sealed partial class RoleDialog
{
    private readonly Line[] _lines = [new("cpus", "CPU"), new("mem", "Memory, MiB"), new("disk", "Disk, MiB"), new("gpus", "GPU")];
    private double _weight;
    private bool _force;

    /// <summary>The role as it was when the dialog was opened.</summary>
    [Parameter]
    [EditorRequired]
    public RoleView Role { get; set; } = null!;

    /// <summary>It was done, or the user left.</summary>
    [Parameter]
    [EditorRequired]
    public EventCallback OnClose { get; set; }

    /// <summary>Tells the master.</summary>
    [Inject]
    public required MasterActions Actions { get; init; }

    private bool MayHaveQuota => Role.Name != "*" && !Role.Name.Contains('/', StringComparison.Ordinal);

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        _weight = Role.Weight;
        foreach (var line in _lines)
        {
            line.Guarantee = Role.Quota is { } quota && quota.Guarantees.TryGetValue(line.Name, out var guarantee) ? guarantee.Value : null;
            line.Limit = Role.Quota is { } limited && limited.Limits.TryGetValue(line.Name, out var limit) ? limit.Value : null;
        }
    }

    private async Task<string?> SaveAsync()
    {
        if (_weight != Role.Weight && await Actions.SendAsync(new MasterCommand.UpdateWeights([new WeightInfo { Role = Role.Name, Weight = _weight }])) is { } problem)
        {
            return problem;
        }

        var config = Config();
        return !MayHaveQuota || config.Equals(Role.Quota ?? new QuotaConfig { Role = Role.Name }) ? null : await Actions.SendAsync(new MasterCommand.UpdateQuota([config], _force));
    }

    private QuotaConfig Config()
    {
        var config = Role.Quota?.Clone() ?? new QuotaConfig { Role = Role.Name };
        foreach (var line in _lines)
        {
            config.Guarantees.Remove(line.Name);
            config.Limits.Remove(line.Name);
            if (line.Guarantee is { } guarantee and not 0)
            {
                config.Guarantees[line.Name] = new Value.Types.Scalar { Value = guarantee };
            }

            if (line.Limit is { } limit)
            {
                config.Limits[line.Name] = new Value.Types.Scalar { Value = limit };
            }
        }

        return config;
    }

    private sealed record Line(string Name, string Title)
    {
        public double? Guarantee { get; set; }

        public double? Limit { get; set; }
    }
}
