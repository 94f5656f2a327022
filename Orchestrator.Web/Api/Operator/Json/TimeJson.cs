using System.Text.Json;
using Orchestrator.Core.Contract.Json;

namespace Orchestrator.Web.Api.Operator.Json;

/// <summary>Times as endpoints write them: seconds since 1970 with microseconds.</summary>
internal static class TimeJson
{
    internal static double Seconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond / 1e6;

    internal static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> name, DateTimeOffset time)
    {
        writer.WritePropertyName(name);
        MesosJson.WriteNumber(writer, Seconds(time));
    }
}
