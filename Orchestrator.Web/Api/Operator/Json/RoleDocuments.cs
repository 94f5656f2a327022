using System.Text.Json;
using Google.Protobuf;
using Orchestrator.Core.Contract.Json;
using Orchestrator.Core.Contract.MasterApi;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.QuotaApi;
using Orchestrator.Core.Views;

namespace Orchestrator.Web.Api.Operator.Json;

/// <summary>Quotas, weights and maintenance, as endpoints and as v1 calls answer them.</summary>
internal static class RoleDocuments
{
    internal static void WriteQuota(Utf8JsonWriter writer, ClusterSnapshot snapshot) => MesosJson.Write(writer, Quota(snapshot));

    internal static void WriteWeights(Utf8JsonWriter writer, ClusterSnapshot snapshot)
    {
        writer.WriteStartArray();
        foreach (var weight in Weights(snapshot).WeightInfos)
        {
            MesosJson.Write(writer, weight);
        }

        writer.WriteEndArray();
    }

    internal static IMessage GetQuota(ClusterSnapshot snapshot) => new Response.Types.GetQuota { Status = Quota(snapshot) };

    internal static IMessage GetMaintenanceSchedule(ClusterSnapshot snapshot) => new Response.Types.GetMaintenanceSchedule { Schedule = snapshot.Maintenance.Schedule };

    internal static IMessage GetMaintenanceStatus(ClusterSnapshot snapshot) => new Response.Types.GetMaintenanceStatus { Status = snapshot.Maintenance.Status };

    internal static Response.Types.GetWeights Weights(ClusterSnapshot snapshot) => new()
    {
        WeightInfos = { snapshot.Weights.Select(weight => new WeightInfo { Role = weight.Key, Weight = weight.Value }) },
    };

    private static QuotaStatus Quota(ClusterSnapshot snapshot)
    {
        var status = new QuotaStatus { Configs = { snapshot.Quotas.Values } };
        foreach (var config in snapshot.Quotas.Values)
        {
            var info = new QuotaInfo { Role = config.Role };
            foreach (var (name, amount) in config.Guarantees.OrderBy(guarantee => guarantee.Key, StringComparer.Ordinal))
            {
                info.Guarantee.Add(new Resource { Name = name, Type = Value.Types.Type.Scalar, Scalar = amount });
            }

#pragma warning disable CS0612 // Older clients read the guarantees here.
            status.Infos.Add(info);
#pragma warning restore CS0612
        }

        return status;
    }
}
