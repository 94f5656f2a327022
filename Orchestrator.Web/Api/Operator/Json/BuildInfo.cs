using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Orchestrator.Core.Contract.Json;

namespace Orchestrator.Web.Api.Operator.Json;

/// <summary>What this program is, in the fields that clients of Mesos read.</summary>
internal static class BuildInfo
{
    private static readonly DateTimeOffset s_built = File.GetLastWriteTimeUtc(typeof(BuildInfo).Assembly.Location);

    /// <summary>The version whose API is spoken: clients parse three integers and switch features by them.</summary>
    internal const string ApiVersion = "1.11.0";

    /// <summary>Our own version.</summary>
    internal static string ProductVersion { get; } =
        typeof(BuildInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";

    internal static string BuildDate { get; } = s_built.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    internal static double BuildTime { get; } = s_built.ToUnixTimeSeconds();

    internal const string BuildUser = "orchestrator";

    /// <summary>Writes the properties into an object that is open.</summary>
    internal static void Write(Utf8JsonWriter writer)
    {
        writer.WriteString("version"u8, ApiVersion);
        writer.WriteString("orchestrator_version"u8, ProductVersion);
        writer.WriteString("build_date"u8, BuildDate);
        writer.WritePropertyName("build_time"u8);
        MesosJson.WriteNumber(writer, BuildTime);
        writer.WriteString("build_user"u8, BuildUser);
    }
}
