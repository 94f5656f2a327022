using Orchestrator.Core.Contract.Store;
using Orchestrator.Core.Marathon.Instances;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Core.Marathon.Pods;

/// <summary>A container of a pod's instance, as its task's status updates tell.</summary>
internal sealed class PodTask(string name, DateTimeOffset since)
{
    public string Name => name;

    public Condition Condition { get; private set; } = Condition.Provisioned;

    public DateTimeOffset Since { get; private set; } = since;

    public string Message { get; private set; } = "";

    /// <summary>Puts back what the journal holds.</summary>
    public static PodTask Of(StoredContainer stored) =>
        new(stored.Name, Storage.Time(stored.Since)) { Condition = Enum.Parse<Condition>(stored.Condition), Message = stored.Message };

    /// <summary>What the journal holds of it.</summary>
    public StoredContainer ToStored() => new() { Name = name, Condition = Condition.ToString(), Since = Storage.Milliseconds(Since), Message = Message };

    /// <summary>Its condition is another; false when it is not.</summary>
    public bool Move(Condition condition, string message, DateTimeOffset now)
    {
        if (condition == Condition)
        {
            return false;
        }

        (Condition, Since, Message) = (condition, now, message);
        return true;
    }

    public PodTaskView ToView(InstanceState instance)
    {
        var state = Condition switch
        {
            Condition.Provisioned => "TASK_STAGING",
            Condition.UnreachableInactive => "TASK_UNREACHABLE",
            _ => "TASK_" + Condition.ToString().ToUpperInvariant(),
        };
        var check = PodConditions.CheckOf(instance.Spec, name);
        return new PodTaskView(name, instance.TaskIdOf(name), state, Since, check is { } index && instance.Health[index] is { } health ? health.Alive : null, Message);
    }
}
