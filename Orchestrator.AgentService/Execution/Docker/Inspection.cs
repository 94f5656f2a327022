using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

#pragma warning disable CA1507 // The wire's names happen to be those of the properties.

namespace Orchestrator.AgentService.Execution.Docker;

/// <summary>What <c>docker inspect</c> says of one container, read.</summary>
internal sealed class Inspection(JsonElement json)
{
    private static readonly JsonWriterOptions s_indented = new() { Indented = true, IndentSize = 4, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal string Id => json.GetProperty("Id").GetString()!;

    /// <summary><c>created</c>, <c>running</c>, <c>paused</c>, <c>exited</c> …</summary>
    internal string Status => State.GetProperty("Status").GetString()!;

    /// <summary>Whether it was made but never started.</summary>
    internal bool IsOnlyCreated => Status == "created";

    internal bool IsRunning => State.GetProperty("Running").GetBoolean();

    internal bool HasTerminal => json.GetProperty("Config").GetProperty("Tty").GetBoolean();

    internal int? Pid => State.GetProperty("Pid").GetInt32() is > 0 and var pid ? pid : null;

    /// <summary>When it ended; null when that is not known.</summary>
    internal DateTimeOffset? FinishedAt =>
        DateTimeOffset.TryParse(State.GetProperty("FinishedAt").GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.Year > 1 ? time : null;

    private JsonElement State => json.GetProperty("State");

    /// <summary>How it ended.</summary>
    internal ContainerExit ToExit()
    {
        var code = State.GetProperty("ExitCode").GetInt32();
        var error = State.TryGetProperty("Error", out var text) ? text.GetString() : null;
        var message = string.Create(CultureInfo.InvariantCulture, $"Container exited with status {code}");
        return new ContainerExit(code, State.GetProperty("OOMKilled").GetBoolean(), string.IsNullOrEmpty(error) ? message : $"{message}: {error}");
    }

    /// <summary>As a container that runs, or ran.</summary>
    internal RunningContainer ToRunning() => new(Addresses(), Pid, ToText());

    /// <summary>IPv4 first; none when it shares the host's network.</summary>
    private List<string> Addresses()
    {
        var networks = json.GetProperty("NetworkSettings").GetProperty("Networks");
        var addresses = new List<string>();
        foreach (var field in new[] { "IPAddress", "GlobalIPv6Address" })
        {
            foreach (var network in networks.EnumerateObject())
            {
                if (network.Value.TryGetProperty(field, out var address) && address.GetString() is { Length: > 0 } text)
                {
                    addresses.Add(text);
                }
            }
        }

        return addresses;
    }

    /// <summary>As the command line prints it: an array, indented by four.</summary>
    private string ToText()
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, s_indented))
        {
            writer.WriteStartArray();
            json.WriteTo(writer);
            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length) + "\n";
    }
}
