using System.Buffers;
using System.Text.Json;
using Orchestrator.Core.Contract.Json;
using Orchestrator.Core.Master;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Views;
using Orchestrator.Web.Api.Operator.Events;
using Orchestrator.Web.Api.Wire;

namespace Orchestrator.Web.Api.Operator;

/// <summary><c>/metrics/snapshot</c>: one flat object of numbers, and <c>/system/stats.json</c>.</summary>
public sealed class MetricsEndpoint(IEngineGateway<MasterCommand, MasterReply, ClusterSnapshot> master, DocumentCache cache, ClusterFeed feed, TimeProvider time)
{
    private static readonly string[] s_units = ["ns", "us", "ms", "secs", "mins", "hrs", "days", "weeks"];

    /// <summary>Sends the metrics of now.</summary>
    public Task HandleAsync(HttpContext context)
    {
        if (context.Request.Query.TryGetValue("timeout", out var timeout) && !IsDuration(timeout.ToString()))
        {
            return PlainAnswer.WriteAsync(context, StatusCodes.Status400BadRequest, "Failed to parse 'timeout': expecting a number and a unit, for example 5secs");
        }

        return JsonAnswer.WriteAsync(context, Write(Collect()));
    }

    /// <summary>Every metric by name.</summary>
    public SortedDictionary<string, double> Collect() => MasterMetrics.Collect(master.Current, cache.Hits, feed.Count, MachineFigures.Read(), time.GetUtcNow());

    /// <summary>Sends what the machine is doing.</summary>
    public static Task MachineAsync(HttpContext context)
    {
        var machine = MachineFigures.Read();
        return JsonAnswer.WriteAsync(context, Write(new SortedDictionary<string, double>(StringComparer.Ordinal)
        {
            ["avg_load_1min"] = machine.Load.One,
            ["avg_load_5min"] = machine.Load.Five,
            ["avg_load_15min"] = machine.Load.Fifteen,
            ["cpus_total"] = machine.Cpus,
            ["mem_total_bytes"] = machine.MemTotalBytes,
            ["mem_free_bytes"] = machine.MemFreeBytes,
        }));
    }

    private static Document Write(SortedDictionary<string, double> values)
    {
        var output = new ArrayBufferWriter<byte>(8192);
        using (var writer = new Utf8JsonWriter(output, MesosJson.WriterOptions))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in values)
            {
                writer.WritePropertyName(name);
                MesosJson.WriteNumber(writer, value);
            }

            writer.WriteEndObject();
        }

        return new Document(output.WrittenMemory, etag: null);
    }

    private static bool IsDuration(string text)
    {
        var digits = text.Length - text.TrimStart('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.').Length;
        return digits > 0 && Array.IndexOf(s_units, text[digits..]) >= 0;
    }
}
