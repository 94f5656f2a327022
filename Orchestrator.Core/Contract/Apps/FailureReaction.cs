namespace Orchestrator.Core.Contract.Apps;

/// <summary>What follows when a deployment is late, or too many of its instances fail.</summary>
public enum FailureReaction
{
    /// <summary><c>ROLLBACK</c>: the last good configuration comes back.</summary>
    Rollback,

    /// <summary><c>STOP</c>: it ends where it stands.</summary>
    Stop,

    /// <summary><c>WAIT</c>: it goes on, and says that it is late. As Marathon does.</summary>
    Wait,
}
