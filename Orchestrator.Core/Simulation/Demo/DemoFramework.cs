using System.Globalization;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Master;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;
using Orchestrator.Core.Runtime.Streams;
using Capability = Orchestrator.Core.Contract.Mesos.FrameworkInfo.Types.Capability.Types.Type;

namespace Orchestrator.Core.Simulation.Demo;

/// <summary>
/// A framework of a demo cluster: keeps as many tasks running as its load wants, refuses what it does not need for long, and
/// asks for offers again when it wants more.
/// </summary>
internal sealed class DemoFramework(DemoLoad load, DemoMaster master, SimulationQueue queue, SeededRandom random, TimeSpan refusal)
{
    private const int MaxPerOffer = 12;
    private static readonly TimeSpan s_reviveEvery = TimeSpan.FromSeconds(15);
    private readonly Dictionary<string, DateTimeOffset> _live = [];
    private readonly DateTimeOffset _startedAt = queue.Now;
    private EventStream<Event>? _stream;
    private FrameworkID? _id;
    private DateTimeOffset _reviveAt;
    private long _launched;

    /// <summary>Tasks that are launched and not ended.</summary>
    public int Live => _live.Count;

    /// <summary>Tasks that are missing.</summary>
    private int Missing => load.Wanted(queue.Now - _startedAt) - _live.Count;

    public void Subscribe()
    {
        var info = new FrameworkInfo { Name = load.Name, User = "root", FailoverTimeout = 3600, Checkpoint = true, WebuiUrl = $"http://{load.Name}.demo/", Hostname = $"{load.Name}.demo" };
        info.Roles.Add(load.Role);
        info.Id = _id;
        foreach (var capability in new[] { Capability.MultiRole, Capability.PartitionAware, Capability.TaskKillingState, Capability.ReservationRefinement })
        {
            info.Capabilities.Add(new FrameworkInfo.Types.Capability { Type = capability });
        }

        if (load.WantsGpus)
        {
            info.Capabilities.Add(new FrameworkInfo.Types.Capability { Type = Capability.GpuResources });
        }

        _stream = master.OpenScheduler();
        master.Post(new MasterCommand.SubscribeScheduler(_stream.Id, new Call { Type = Call.Types.Type.Subscribe, FrameworkId = _id, Subscribe = new Call.Types.Subscribe { FrameworkInfo = info } }, null));
    }

    /// <summary>Takes what the master has sent, and asks for more offers when tasks are missing.</summary>
    public void Poll()
    {
        if (_stream is not { } stream)
        {
            return;
        }

        while (stream.Reader.TryRead(out var message))
        {
            Receive(message);
        }

        if (stream.Reader.Completion.IsCompleted)
        {
            stream.Dispose();
            _stream = null;
            queue.After(TimeSpan.FromSeconds(5), Subscribe);
        }
        else if (_id is not null && queue.Now >= _reviveAt && Missing > Math.Max(2, _live.Count / 50))
        {
            _reviveAt = queue.Now + s_reviveEvery;
            Send(new Call { Type = Call.Types.Type.Revive });
        }
    }

    private void Receive(Event message)
    {
        switch (message.Type)
        {
            case Event.Types.Type.Subscribed:
                _id = message.Subscribed.FrameworkId;
                _reviveAt = queue.Now + s_reviveEvery;
                Send(new Call { Type = Call.Types.Type.Reconcile, Reconcile = new Call.Types.Reconcile() });
                break;
            case Event.Types.Type.Offers:
                Use(message.Offers.Offers_);
                break;
            case Event.Types.Type.Update:
                Note(message.Update.Status);
                break;
            case Event.Types.Type.Error:
                // Removed by an operator: begin anew.
                _id = null;
                _live.Clear();
                break;
        }
    }

    private void Use(IReadOnlyList<Offer> offers)
    {
        var decline = new Call.Types.Decline { Filters = new Filters { RefuseSeconds = refusal.TotalSeconds } };
        var missing = Missing;
        for (var i = 0; i < offers.Count; i++)
        {
            // Spread over the offers that are still to come.
            var share = Math.Min(MaxPerOffer, (missing + offers.Count - i - 1) / (offers.Count - i));
            var launched = share > 0 ? Launch(offers[i], share) : 0;
            missing -= launched;
            if (launched == 0)
            {
                decline.OfferIds.Add(offers[i].Id);
            }
        }

        if (decline.OfferIds.Count > 0)
        {
            Send(new Call { Type = Call.Types.Type.Decline, Decline = decline });
        }
    }

    private int Launch(Offer offer, int share)
    {
        var rest = ResourceList.FromProto(offer.Resources);
        if (load.WantsGpus && rest.Scalar("gpus") == Quantity.Zero)
        {
            return 0;
        }

        var accept = new Call.Types.Accept { Filters = new Filters { RefuseSeconds = refusal.TotalSeconds } };
        var launch = new Offer.Types.Operation { Type = Offer.Types.Operation.Types.Type.Launch, Launch = new Offer.Types.Operation.Types.Launch() };
        for (var i = 0; i < share; i++)
        {
            var kind = load.Kinds[random.NextInt32(load.Kinds.Count)];
            if (!Fits(rest, kind.Needs))
            {
                break;
            }

            rest -= kind.Needs;
            var id = string.Create(CultureInfo.InvariantCulture, $"{load.Name}.{kind.Name}.{++_launched}");
            launch.Launch.TaskInfos.Add(kind.Make(id, offer.AgentId));
            _live[id] = queue.Now;
        }

        if (launch.Launch.TaskInfos.Count > 0)
        {
            accept.OfferIds.Add(offer.Id);
            accept.Operations.Add(launch);
            Send(new Call { Type = Call.Types.Type.Accept, Accept = accept });
        }

        return launch.Launch.TaskInfos.Count;
    }

    private void Note(TaskStatus status)
    {
        if (status.HasUuid)
        {
            Send(new Call { Type = Call.Types.Type.Acknowledge, Acknowledge = new Call.Types.Acknowledge { AgentId = status.AgentId, TaskId = status.TaskId, Uuid = status.Uuid } });
        }

        if (status.State is not (TaskState.TaskStaging or TaskState.TaskStarting or TaskState.TaskRunning or TaskState.TaskKilling))
        {
            // Unreachable ones are replaced; should one come back, there is one more for a while.
            _live.Remove(status.TaskId.Value);
        }
        else
        {
            _live.TryAdd(status.TaskId.Value, queue.Now);
        }
    }

    private void Send(Call call)
    {
        call.FrameworkId = _id;
        master.Post(new MasterCommand.CallScheduler(_stream!.Id.ToString(), call, null));
    }

    private static bool Fits(ResourceList rest, ResourceList needs)
    {
        foreach (var item in needs.Items)
        {
            if (rest.Scalar(item.Name) < item.Scalar)
            {
                return false;
            }
        }

        return true;
    }
}
