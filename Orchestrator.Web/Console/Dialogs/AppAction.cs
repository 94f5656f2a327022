namespace Orchestrator.Web.Console.Dialogs;

/// <summary>What can be done to an app besides editing it.</summary>
public enum AppAction
{
    /// <summary>Another number of instances.</summary>
    Scale,

    /// <summary>New instances of the same configuration.</summary>
    Restart,

    /// <summary>No instances.</summary>
    Suspend,

    /// <summary>No pause after failures.</summary>
    ResetDelay,

    /// <summary>No app.</summary>
    Destroy,
}
