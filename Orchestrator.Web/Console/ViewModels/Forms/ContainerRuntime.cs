namespace Orchestrator.Web.Console.ViewModels.Forms;

/// <summary>What runs an app.</summary>
public enum ContainerRuntime
{
    /// <summary>The agent itself: a command without an image.</summary>
    None,

    /// <summary>The Docker daemon of the agent.</summary>
    Docker,

    /// <summary>The agent's own containerizer with an image.</summary>
    Mesos,
}
