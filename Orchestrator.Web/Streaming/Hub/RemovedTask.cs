namespace Orchestrator.Web.Streaming.Hub;

/// <summary>A task that left a stream.</summary>
/// <param name="FrameworkId">Its framework.</param>
/// <param name="TaskId">Its id.</param>
/// <param name="State">Wire name of the state in which it left; empty when that is not known any more.</param>
/// <param name="Message">What its last status update said.</param>
public sealed record RemovedTask(string FrameworkId, string TaskId, string State, string Message);
