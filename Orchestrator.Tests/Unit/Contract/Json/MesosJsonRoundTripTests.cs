using System.Reflection;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Orchestrator.Core.Contract.Binary;
using Orchestrator.Core.Contract.Json;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Contract.Json;

/// <summary>Holds for every message type of the contract, so that no message can be forgotten.</summary>
public sealed class MesosJsonRoundTripTests
{
    private const int SeedsPerMessage = 12;

    [Fact]
    public void Contract_has_the_messages_of_every_api()
    {
        var names = ContractMessages.All.Select(message => message.FullName).ToHashSet();
        Assert.True(names.Count > 300, $"only {names.Count} messages");
        Assert.Superset(new HashSet<string> { "mesos.v1.scheduler.Call", "mesos.v1.scheduler.Event", "mesos.v1.executor.Call", "mesos.v1.master.Response", "mesos.v1.agent.Call", "orchestrator.link.AgentCall" }, names);
    }

    [Fact]
    public void Every_message_survives_json_and_back()
    {
        foreach (var type in ContractMessages.All)
        {
            for (ulong seed = 1; seed <= SeedsPerMessage; seed++)
            {
                var message = new MessageGenerator(seed).Create(type);
                var json = MesosJson.Format(message);
                var back = Parse(nameof(MesosJson), type, System.Text.Encoding.UTF8.GetBytes(json));
                Assert.True(message.Equals(back), $"{type.FullName}, seed {seed}: {json}");
            }
        }
    }

    [Fact]
    public void Every_message_survives_protobuf_and_back()
    {
        foreach (var type in ContractMessages.All)
        {
            for (ulong seed = 1; seed <= SeedsPerMessage; seed++)
            {
                var message = new MessageGenerator(seed).Create(type);
                var back = Parse(nameof(MesosBinary), type, message.ToByteArray());
                Assert.True(message.Equals(back), $"{type.FullName}, seed {seed}");
            }
        }
    }

    [Fact]
    public void Every_required_field_is_missed_by_name()
    {
        foreach (var type in ContractMessages.All)
        {
            var required = type.Fields.InDeclarationOrder().Where(field => field.IsRequired).Select(field => field.Name).ToList();
            if (required.Count == 0)
            {
                continue;
            }

            var json = Assert.Throws<Orchestrator.Core.Contract.MessageFormatException>(() => Parse(nameof(MesosJson), type, "{}"u8.ToArray()));
            var binary = Assert.Throws<Orchestrator.Core.Contract.MessageFormatException>(() => Parse(nameof(MesosBinary), type, []));
            Assert.Equal($"Missing required fields of {type.Name}: {string.Join(", ", required)}", json.Message);
            Assert.Equal(json.Message, binary.Message);
        }
    }

    private static IMessage Parse(string reader, MessageDescriptor type, byte[] bytes)
    {
        var method = typeof(MesosJsonRoundTripTests).GetMethod($"Parse{reader}", BindingFlags.Static | BindingFlags.NonPublic)!;
        try
        {
            return (IMessage)method.MakeGenericMethod(type.ClrType).Invoke(null, [bytes])!;
        }
        catch (TargetInvocationException e)
        {
            throw e.InnerException!;
        }
    }

    private static T ParseMesosJson<T>(byte[] bytes)
        where T : class, IMessage, new() => MesosJson.Parse<T>(bytes.AsSpan());

    private static T ParseMesosBinary<T>(byte[] bytes)
        where T : class, IMessage, new() => MesosBinary.Parse<T>(bytes.AsSpan());
}
