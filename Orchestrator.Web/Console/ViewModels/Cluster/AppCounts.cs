namespace Orchestrator.Web.Console.ViewModels.Cluster;

/// <summary>Apps by how they stand; each is counted once, under the first that applies.</summary>
/// <param name="Unhealthy">At least one running instance fails its check.</param>
/// <param name="Deploying">A deployment changes it.</param>
/// <param name="Waiting">Something of it waits to be launched.</param>
/// <param name="Suspended">No instance is wanted.</param>
/// <param name="Running">As wished.</param>
/// <param name="Instances">Instances wanted, over all apps.</param>
/// <param name="InstancesRunning">Instances that run, over all apps.</param>
public readonly record struct AppCounts(int Unhealthy, int Deploying, int Waiting, int Suspended, int Running, long Instances, long InstancesRunning)
{
    /// <summary>All apps.</summary>
    public int Total => Unhealthy + Deploying + Waiting + Suspended + Running;
}
