using Orchestrator.Core.Marathon.Events;
using Orchestrator.Core.Marathon.Instances;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Core.Marathon.Health;

/// <summary>
/// What new instances answer when a deployment asks them whether they are ready. Once ready is ready, until the next
/// incarnation; it is durable, so that a restart of the host asks nobody again.
/// </summary>
internal sealed class ReadinessBook(ServicesState state, InstanceBook instances)
{
    /// <summary>Longest body that is kept, in characters.</summary>
    public const int MaxBody = 4096;

    /// <summary>An answer arrived.</summary>
    public void Checked(Turn turn, MarathonCommand.ReadinessChecked answer)
    {
        if (!state.Tasks.TryGetValue(answer.TaskId, out var instance) || !instance.AwaitsReadiness || answer.CheckIndex < 0 || answer.CheckIndex >= instance.Spec.ReadinessChecks.Count)
        {
            return;
        }

        var check = instance.Spec.ReadinessChecks[answer.CheckIndex];
        var isReady = check.ReadyStatuses.Contains(answer.Response.Status);
        var response = answer.Response.Body.Length > MaxBody ? answer.Response with { Body = answer.Response.Body[..MaxBody] } : answer.Response;
        instance.LastReadiness = new ReadinessResultView(check.Name, answer.TaskId, isReady, check.KeepsResponse ? response : null);
        if (!isReady)
        {
            instance.Changed();
            state.Show(instance.App);
            return;
        }

        instance.WasReady = true;
        Storage.Store(turn, instance);
        EventWriter.Ready(turn, instance, check.Name);
        instances.Touch(instance);
    }
}
