using Google.Protobuf;
using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Master;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Views;

namespace Orchestrator.Tests.Support;

/// <summary>
/// The master's engine with a hand-set clock, as its loop drives it: every command is a turn of its own, what it wants
/// delivered is put into the inbox of its stream, its records are kept as a journal would.
/// </summary>
internal sealed class MasterHarness
{
    private readonly Func<MasterOptions, MasterOptions>? _change;
    private readonly Dictionary<StreamId, List<MasterEffects.Delivery>> _inboxes = [];
    private readonly MasterEffects _effects = new();
    private ulong _streams;

    internal MasterHarness(Func<MasterOptions, MasterOptions>? change = null, DateTimeOffset? now = null, IEnumerable<JournalRecord>? restored = null, string id = "master-1")
    {
        _change = change;
        Now = now ?? DateTimeOffset.UnixEpoch.AddDays(20000);
        var options = new MasterOptions { Id = id, Hostname = "localhost", Ip = "127.0.0.1", Port = 5050, Seed = 7 };
        foreach (var record in restored ?? [])
        {
            Journal[record.Key] = record;
        }

        Engine = new MasterEngine(change?.Invoke(options) ?? options, restored ?? [], Now);
    }

    internal MasterEngine Engine { get; }

    internal DateTimeOffset Now { get; private set; }

    /// <summary>What is durable, by key.</summary>
    internal Dictionary<string, JournalRecord> Journal { get; } = [];

    internal ClusterSnapshot Snapshot => Engine.Publish(Now);

    /// <summary>A turn with one command.</summary>
    internal MasterReply Tell(MasterCommand command)
    {
        _effects.Clear();
        var reply = Engine.Apply(command, Now, _effects);
        Engine.Advance(Now, _effects);
        Keep();
        return reply;
    }

    /// <summary>Time goes by, and the engine is woken whenever it said that something is due.</summary>
    internal void Pass(TimeSpan time)
    {
        var end = Now + time;
        while (Engine.NextDue is { } due && due <= end)
        {
            Now = due > Now ? due : Now;
            Advance();
            Assert.True(Engine.NextDue is not { } next || next > Now, "a turn leaves nothing due at its own time");
        }

        Now = end;
        Advance();
    }

    /// <summary>A new master with the durable records of this one, as after kill -9 of the host.</summary>
    internal MasterHarness Restart() => new(_change, Now, [.. Journal.Values], "master-2");

    internal HarnessFramework Subscribe(Action<FrameworkInfo>? change = null, string? id = null, params string[] suppressed)
    {
        var framework = new HarnessFramework(this, id);
        framework.Subscribe(change, suppressed);
        return framework;
    }

    /// <summary>An agent that registers, for example with <c>cpus:4;mem:1024</c>.</summary>
    internal HarnessAgent Register(string resources = "cpus:4;mem:1024;disk:1000;ports:[31000-32000]", string hostname = "node-1", Action<AgentCall.Types.Subscribe>? change = null)
    {
        var agent = new HarnessAgent(this, hostname, resources);
        agent.Subscribe(change);
        return agent;
    }

    internal StreamId NextStream()
    {
        var bytes = new byte[16];
        BitConverter.TryWriteBytes(bytes, ++_streams);
        return new StreamId(new Guid(bytes));
    }

    internal List<MasterEffects.Delivery> Inbox(StreamId stream)
    {
        if (!_inboxes.TryGetValue(stream, out var inbox))
        {
            _inboxes[stream] = inbox = [];
        }

        return inbox;
    }

    internal static ByteString Uuid(byte number) => ByteString.CopyFrom([.. Enumerable.Repeat(number, 16)]);

    private void Advance()
    {
        _effects.Clear();
        Engine.Advance(Now, _effects);
        Keep();
    }

    private void Keep()
    {
        foreach (var record in _effects.Records)
        {
            if (record.Value is null)
            {
                Journal.Remove(record.Key);
            }
            else
            {
                Journal[record.Key] = record;
            }
        }

        foreach (var delivery in _effects.Deliveries)
        {
            Inbox(delivery.Stream).Add(delivery);
        }
    }
}
