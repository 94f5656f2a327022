using Orchestrator.Core.Resources;
using Orchestrator.Core.Views;
using Orchestrator.Web.Console.Controls;

namespace Orchestrator.Web.Console.ViewModels.Cluster;

/// <summary>One framework in the list.</summary>
/// <param name="View">The framework.</param>
/// <param name="Share">The largest part that it holds of any resource of the cluster, 0 to 1.</param>
public sealed record FrameworkRow(FrameworkView View, double Share)
{
    /// <summary>Its id.</summary>
    public string Id => View.Id.Value;

    /// <summary>Its name.</summary>
    public string Name => View.Info.Name;

    /// <summary>Its roles.</summary>
    public string Roles { get; } = string.Join(", ", View.Roles);

    /// <summary>How it stands.</summary>
    public FrameworkCondition Condition =>
        View.UnregisteredAt is not null ? FrameworkCondition.Completed
        : View.Recovered ? FrameworkCondition.Recovering
        : !View.Connected ? FrameworkCondition.Disconnected
        : View.Active ? FrameworkCondition.Active : FrameworkCondition.Inactive;

    /// <summary>The colour of its condition.</summary>
    public Tone Tone => Condition switch
    {
        FrameworkCondition.Active => Tone.Good,
        FrameworkCondition.Recovering => Tone.Busy,
        FrameworkCondition.Disconnected => Tone.Away,
        FrameworkCondition.Inactive => Tone.Warn,
        _ => Tone.Neutral,
    };

    /// <summary>A framework as part of a cluster.</summary>
    public static FrameworkRow Of(FrameworkView framework, ResourceList total)
    {
        ArgumentNullException.ThrowIfNull(framework);
        ArgumentNullException.ThrowIfNull(total);
        var share = 0d;
        foreach (var name in framework.Used.ScalarNames)
        {
            var all = total.Scalar(name).ToDouble();
            share = Math.Max(share, all > 0 ? framework.Used.Scalar(name).ToDouble() / all : 0);
        }

        return new FrameworkRow(framework, share);
    }
}
