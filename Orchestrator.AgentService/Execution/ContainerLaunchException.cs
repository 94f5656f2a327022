namespace Orchestrator.AgentService.Execution;

/// <summary>A container could not be started. The message is for the user of the task.</summary>
/// <param name="message">What failed, and what to do.</param>
/// <param name="reason">The reason of the status update.</param>
public sealed class ContainerLaunchException(string message, TaskStatus.Types.Reason reason = TaskStatus.Types.Reason.ContainerLaunchFailed) : Exception(message)
{
    /// <summary>The reason of the status update.</summary>
    public TaskStatus.Types.Reason Reason => reason;
}
