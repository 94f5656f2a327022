using Google.Protobuf;
using Orchestrator.Core.Contract.Checkpoint;
using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Resources;

namespace Orchestrator.Core.Agent;

/// <content>
/// Reservations and persistent volumes. What operations made of the agent's resources is written before anything is said of
/// it, together with the outcomes that nobody has acknowledged; the store makes and removes the directories of volumes.
/// </content>
public sealed partial class AgentEngine
{
    private readonly Dictionary<ByteString, HeldOperation> _operations = [];
    private readonly ResourceList _declared = ResourceList.FromProto(options.Info.Resources);
    private ResourceList? _total;

    /// <summary>An outcome that is repeated until it is acknowledged.</summary>
    private sealed class HeldOperation(Operation operation)
    {
        public Operation Operation => operation;

        public DateTimeOffset? RetryAt { get; set; }

        public TimeSpan Pause { get; set; } = UpdateStream.FirstRetry;
    }

    private ResourceList Total => _total ??= _declared;

    private ResourceList Reserved => ResourceConversion.Checkpointed(Total);

    private void RecoverResources(ResourcesRecord record)
    {
        _total = ResourceConversion.Total(_declared, ResourceList.FromProto(record.Resources));
        foreach (var operation in record.Operations)
        {
            _operations[operation.Uuid.Value] = new HeldOperation(operation);
        }
    }

    private void ApplyOperation(AgentEvent.Types.ApplyOperation apply, DateTimeOffset now, AgentEffects effects)
    {
        var status = new OperationStatus { State = OperationState.OperationFinished };
        try
        {
            var conversion = ResourceConversion.Of(apply.Operation);
            if (conversion.Apply(Total) is { } after)
            {
                CheckDirectories(conversion.Converted);
                status.ConvertedResources.AddRange(conversion.Converted.ToProto());
                _total = after;
            }
            else
            {
                status = Dropped($"The agent has {Total.ToFullText()}, which does not contain {conversion.Consumed.ToFullText()}");
            }
        }
        catch (ResourceException error)
        {
            status = Dropped(error.Message);
        }

        status.AgentId = _info?.Id;
        if (apply.Operation.Id is { } id)
        {
            status.OperationId = id;
            status.Uuid = new UUID { Value = ByteString.CopyFrom(random.NextGuid().ToByteArray(bigEndian: true)) };
            Hold(apply, status);
        }

        StoreResources(effects);
        if (_operations.TryGetValue(apply.OperationUuid, out var held))
        {
            SendOutcome(held, now, effects);
        }
        else
        {
            effects.Send(new AgentCall { UpdateOperation = new AgentCall.Types.UpdateOperation { OperationUuid = apply.OperationUuid, FrameworkId = apply.FrameworkId, Status = status } });
        }
    }

    /// <summary>Every volume must be able to have a directory before the store is told to make one.</summary>
    private static void CheckDirectories(ResourceList made)
    {
        foreach (var item in made.Items)
        {
            if (item.VolumeId is { } volume)
            {
                VolumePath.Directory(item.Role, volume);
            }
        }
    }

    private void Hold(AgentEvent.Types.ApplyOperation apply, OperationStatus status) => _operations[apply.OperationUuid] = new HeldOperation(new Operation
    {
        FrameworkId = apply.FrameworkId,
        AgentId = status.AgentId,
        Info = apply.Operation,
        LatestStatus = status,
        Statuses = { status },
        Uuid = new UUID { Value = apply.OperationUuid },
    });

    private void AcknowledgeOperation(AgentEvent.Types.AcknowledgeOperation acknowledge, AgentEffects effects)
    {
        if (_operations.TryGetValue(acknowledge.OperationUuid, out var held) && held.Operation.LatestStatus.Uuid.Value == acknowledge.StatusUuid)
        {
            _operations.Remove(acknowledge.OperationUuid);
            StoreResources(effects);
        }
    }

    private void StoreResources(AgentEffects effects)
    {
        var record = new ResourcesRecord();
        record.Resources.AddRange(Reserved.ToProto());
        record.Operations.AddRange(_operations.Values.Select(held => held.Operation));
        effects.Checkpoint(new AgentCheckpoint.ResourcesStored(record));
    }

    private void SendOutcome(HeldOperation held, DateTimeOffset now, AgentEffects effects)
    {
        if (!_connected)
        {
            return;
        }

        held.RetryAt = now + held.Pause;
        held.Pause = held.Pause * 2 < UpdateStream.LastRetry ? held.Pause * 2 : UpdateStream.LastRetry;
        effects.Send(new AgentCall
        {
            UpdateOperation = new AgentCall.Types.UpdateOperation { OperationUuid = held.Operation.Uuid.Value, FrameworkId = held.Operation.FrameworkId, Status = held.Operation.LatestStatus },
        });
    }

    private void RetryOutcomes(DateTimeOffset now, AgentEffects effects)
    {
        foreach (var held in _operations.Values)
        {
            if (_connected && held.RetryAt <= now)
            {
                SendOutcome(held, now, effects);
            }
        }
    }

    /// <summary>The registration has told the master of them; until they are acknowledged they are told again.</summary>
    private void ResetOutcomes(DateTimeOffset now)
    {
        foreach (var held in _operations.Values)
        {
            held.Pause = UpdateStream.FirstRetry;
            held.RetryAt = now + held.Pause;
        }
    }

    /// <summary>Whether the reservations and volumes of a task are here; the first that is not.</summary>
    private ResourceItem? MissingResource(TaskInfo info)
    {
        var needed = ResourceConversion.Checkpointed(ResourceList.FromProto(info.Resources.Concat(info.Executor?.Resources ?? [])));
        return Total.FirstMissing(needed);
    }

    private List<TaskVolume> VolumesOf(TaskInfo info)
    {
        var volumes = new List<TaskVolume>();
        foreach (var resource in info.Resources)
        {
            // Its resources were checked when it was taken, in this run of the agent or an earlier one.
            if (resource.Disk is { Persistence: not null, Volume: { } mount })
            {
                var item = ResourceItem.FromProto(resource);
                volumes.Add(new TaskVolume(VolumePath.Of(options.WorkDirectory, item), mount.ContainerPath, mount.Mode == Volume.Types.Mode.Ro, item.IsShared));
            }
        }

        return volumes;
    }

    private static OperationStatus Dropped(string message) => new() { State = OperationState.OperationDropped, Message = message };
}
