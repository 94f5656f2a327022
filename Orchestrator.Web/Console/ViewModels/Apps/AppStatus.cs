namespace Orchestrator.Web.Console.ViewModels.Apps;

/// <summary>What an app is doing, in one word.</summary>
public enum AppStatus
{
    /// <summary>As many instances as wanted, or on the way without a deployment.</summary>
    Running,

    /// <summary>A deployment changes it.</summary>
    Deploying,

    /// <summary>No instance is wanted and none runs.</summary>
    Suspended,

    /// <summary>Launches pause after failures.</summary>
    Delayed,

    /// <summary>Instances wait for an offer that fits.</summary>
    Waiting,
}
