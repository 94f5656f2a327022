using System.Text.Json;
using Orchestrator.Core.Contract.Json;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Views;

namespace Orchestrator.Web.Api.Operator.Json;

/// <summary>Agents. Shape: operator API, SLAVE.</summary>
internal static class AgentJson
{
    /// <summary>Writes one registered agent.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="agent">The agent.</param>
    /// <param name="full">Whether the whole resources follow, as <c>/slaves</c> has them.</param>
    internal static void Write(Utf8JsonWriter writer, AgentView agent, bool full)
    {
        writer.WriteStartObject();
        WriteSummary(writer, agent);
        if (full)
        {
            ResourceJson.WriteReserved(writer, "reserved_resources_full"u8, agent.Total, full: true);
            ResourceJson.WriteFull(writer, "unreserved_resources_full"u8, agent.Total.Unreserved());
            ResourceJson.WriteFull(writer, "used_resources_full"u8, agent.Used);
            ResourceJson.WriteFull(writer, "offered_resources_full"u8, agent.Offered);
        }

        writer.WriteEndObject();
    }

    /// <summary>Writes the properties that every endpoint has, into an object that is open.</summary>
    internal static void WriteSummary(Utf8JsonWriter writer, AgentView agent)
    {
        WriteIdentity(writer, agent.Id.Value, agent.Info);
        writer.WriteString("pid"u8, agent.Pid);
        TimeJson.Write(writer, "registered_time"u8, agent.RegisteredAt);
        if (agent.ReregisteredAt is { } again)
        {
            TimeJson.Write(writer, "reregistered_time"u8, again);
        }

        ResourceJson.WriteSummary(writer, "resources"u8, agent.Total);
        ResourceJson.WriteSummary(writer, "used_resources"u8, agent.Used);
        ResourceJson.WriteSummary(writer, "offered_resources"u8, agent.Offered);
        ResourceJson.WriteReserved(writer, "reserved_resources"u8, agent.Total, full: false);
        ResourceJson.WriteSummary(writer, "unreserved_resources"u8, agent.Total.Unreserved());
        writer.WriteBoolean("active"u8, agent.Active);
        writer.WriteBoolean("deactivated"u8, agent.Deactivated);
        writer.WriteString("version"u8, agent.Version);
        writer.WriteStartArray("capabilities"u8);
        foreach (var capability in agent.Capabilities)
        {
            writer.WriteStringValue(capability);
        }

        writer.WriteEndArray();
        if (agent.Drain is not null)
        {
            writer.WritePropertyName("drain_info"u8);
            MesosJson.Write(writer, agent.Drain);
        }

        if (agent.DrainStartedAt is { } started)
        {
            TimeJson.Write(writer, "estimated_drain_start_time_seconds"u8, started);
        }
    }

    /// <summary>Writes the agents that are known and have not come back.</summary>
    internal static void WriteRecovered(Utf8JsonWriter writer, ClusterSnapshot snapshot)
    {
        writer.WriteStartArray("recovered_slaves"u8);
        foreach (var agent in snapshot.RecoveredAgents)
        {
            writer.WriteStartObject();
            WriteIdentity(writer, agent.Id.Value, agent.Info);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteIdentity(Utf8JsonWriter writer, string id, AgentInfo info)
    {
        writer.WriteString("id"u8, id);
        writer.WriteString("hostname"u8, info.Hostname);
        writer.WriteNumber("port"u8, info.Port);
        ResourceJson.WriteAttributes(writer, "attributes"u8, info.Attributes);
        if (info.Domain is not null)
        {
            writer.WritePropertyName("domain"u8);
            MesosJson.WriteWithoutSecrets(writer, info.Domain);
        }
    }
}
