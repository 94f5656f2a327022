using System.Text.Json;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Views.Services;
using Attribute = Orchestrator.Core.Contract.Mesos.Attribute;

namespace Orchestrator.Web.Api.Marathon.Json;

/// <summary>What waits to be launched, and why. Shape: Marathon's <c>GET /v2/queue</c>.</summary>
internal static class QueueDocument
{
    /// <summary>The order in which an offer is looked at; a later reason counts only offers that passed the earlier ones.</summary>
    private static readonly string[] s_funnel =
    [
        "UnfulfilledRole", "UnfulfilledConstraint", "NoCorrespondingReservationFound", "AgentMaintenance",
        "InsufficientCpus", "InsufficientMemory", "InsufficientDisk", "InsufficientGpus", "InsufficientPorts", "DeclinedScarceResources",
    ];

    internal static void Write(Utf8JsonWriter json, ServicesSnapshot snapshot, string defaultRole, bool withOffers, DateTimeOffset now)
    {
        json.WriteStartObject();
        json.WriteStartArray("queue");
        foreach (var app in snapshot.Apps)
        {
            if (app.Queue is { } queue)
            {
                WriteItem(json, app, queue, defaultRole, withOffers, now);
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteItem(Utf8JsonWriter json, AppView app, QueueView queue, string defaultRole, bool withOffers, DateTimeOffset now)
    {
        var left = queue.DelayedUntil is { } until && until > now ? (long)Math.Ceiling((until - now).TotalSeconds) : 0;
        json.WriteStartObject();
        json.WriteNumber("count", queue.Count);
        json.WriteStartObject("delay");
        json.WriteNumber("timeLeftSeconds", left);
        json.WriteBoolean("overdue", left == 0);
        json.WriteEndObject();
        json.WriteString("since", Timestamps.Write(queue.Since));
        json.WriteString("role", app.Definition.Role ?? defaultRole);
        json.WriteStartObject("processedOffersSummary");
        json.WriteNumber("processedOffersCount", queue.ProcessedOffers);
        json.WriteNumber("unusedOffersCount", queue.UnusedOffers);
        WriteTime(json, "lastUnusedOfferAt", queue.LastUnusedOfferAt);
        WriteTime(json, "lastUsedOfferAt", queue.LastUsedOfferAt);
        WriteFunnel(json, "rejectSummaryLastOffers", queue.LastUnusedOffers);
        WriteFunnel(json, "rejectSummaryLaunchAttempt", queue.LastUnusedOffers);
        json.WriteEndObject();
        if (withOffers)
        {
            WriteOffers(json, queue.LastUnusedOffers);
        }

        json.WriteStartObject("app");
        AppJson.WriteFields(json, app.Definition);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteFunnel(Utf8JsonWriter json, string name, IReadOnlyList<UnusedOfferView> offers)
    {
        json.WriteStartArray(name);
        var rest = offers.ToList();
        foreach (var reason in s_funnel)
        {
            var processed = rest.Count;
            var declined = rest.RemoveAll(offer => offer.Reasons.Any(rejection => rejection.Reason == reason));
            json.WriteStartObject();
            json.WriteString("reason", reason);
            json.WriteNumber("declined", declined);
            json.WriteNumber("processed", processed);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteOffers(Utf8JsonWriter json, IReadOnlyList<UnusedOfferView> offers)
    {
        json.WriteStartArray("lastUnusedOffers");
        foreach (var unused in offers)
        {
            json.WriteStartObject();
            json.WriteStartObject("offer");
            json.WriteString("id", unused.OfferId);
            json.WriteString("hostname", unused.Hostname);
            json.WriteString("agentId", unused.AgentId);
            json.WriteStartArray("resources");
            foreach (var resource in unused.Offer.Resources)
            {
                WriteResource(json, resource);
            }

            json.WriteEndArray();
            json.WriteStartArray("attributes");
            foreach (var attribute in unused.Offer.Attributes)
            {
                WriteAttribute(json, attribute);
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteStartArray("reason");
            foreach (var rejection in unused.Reasons)
            {
                json.WriteStringValue(rejection.Reason);
            }

            json.WriteEndArray();
            json.WriteString("timestamp", Timestamps.Write(unused.At));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteResource(Utf8JsonWriter json, Resource resource)
    {
        json.WriteStartObject();
        json.WriteString("name", resource.Name);
#pragma warning disable CS0612 // Offers without RESERVATION_REFINEMENT carry the role here.
        json.WriteString("role", resource.Reservations.Count > 0 ? resource.Reservations[^1].Role : resource.HasRole ? resource.Role : "*");
#pragma warning restore CS0612
        WriteValue(json, resource.Scalar, resource.Ranges, resource.Set);
        json.WriteEndObject();
    }

    private static void WriteAttribute(Utf8JsonWriter json, Attribute attribute)
    {
        json.WriteStartObject();
        json.WriteString("name", attribute.Name);
        if (attribute.Text is { } text)
        {
            json.WriteString("text", text.Value);
        }

        WriteValue(json, attribute.Scalar, attribute.Ranges, attribute.Set);
        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, Value.Types.Scalar? scalar, Value.Types.Ranges? ranges, Value.Types.Set? set)
    {
        if (scalar is not null)
        {
            AppJson.WriteNumber(json, "scalar", scalar.Value);
        }

        if (ranges is not null)
        {
            json.WriteStartArray("ranges");
            foreach (var range in ranges.Range)
            {
                json.WriteStartObject();
                json.WriteNumber("begin", range.Begin);
                json.WriteNumber("end", range.End);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        if (set is not null)
        {
            json.WriteStartArray("set");
            foreach (var item in set.Item)
            {
                json.WriteStringValue(item);
            }

            json.WriteEndArray();
        }
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } at)
        {
            json.WriteString(name, Timestamps.Write(at));
        }
    }
}
