using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.Core.Agent.Executors;

/// <summary>What the tasks of an executor that is over are told to be.</summary>
/// <param name="State">FAILED, or GONE where the framework cannot know any more.</param>
/// <param name="Reason">Why.</param>
/// <param name="Message">One sentence, without the executor's id.</param>
internal sealed record ExecutorEnd(TaskState State, TaskStatus.Types.Reason Reason, string Message);
