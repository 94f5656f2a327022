using System.Text.Json;
using Orchestrator.Core.Contract.Apps;

namespace Orchestrator.Core.Marathon.Apps;

/// <summary>How new instances replace old ones; our own keys only where they are used.</summary>
public static partial class AppJson
{
    private static void WriteReadinessChecks(Utf8JsonWriter json, IReadOnlyList<ReadinessCheckDefinition> checks)
    {
        if (checks.Count == 0)
        {
            return;
        }

        json.WriteStartArray("readinessChecks");
        foreach (var check in checks)
        {
            json.WriteStartObject();
            json.WriteString("name", check.Name);
            json.WriteString("protocol", check.Protocol);
            json.WriteString("path", check.Path);
            json.WriteString("portName", check.PortName);
            WriteNumber(json, "intervalSeconds", check.IntervalSeconds);
            WriteNumber(json, "timeoutSeconds", check.TimeoutSeconds);
            json.WriteStartArray("httpStatusCodesForReady");
            foreach (var status in check.ReadyStatuses)
            {
                json.WriteNumberValue(status);
            }

            json.WriteEndArray();
            json.WriteBoolean("preserveLastResponse", check.KeepsResponse);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteUpgradeStrategy(Utf8JsonWriter json, UpgradeStrategy strategy)
    {
        json.WriteStartObject("upgradeStrategy");
        WriteNumber(json, "minimumHealthCapacity", strategy.MinimumHealthCapacity);
        WriteNumber(json, "maximumOverCapacity", strategy.MaximumOverCapacity);
        if (strategy.IsBlueGreen)
        {
            json.WriteString("type", "BLUE_GREEN");
        }

        if (strategy.SoakSeconds > 0)
        {
            WriteNumber(json, "soakSeconds", strategy.SoakSeconds);
        }

        if (strategy.IsOrdered)
        {
            json.WriteBoolean("ordered", true);
        }

        if (strategy.DeadlineSeconds is { } deadline)
        {
            WriteNumber(json, "deadlineSeconds", deadline);
        }

        if (strategy.MaxFailures is { } failures)
        {
            json.WriteNumber("maxFailures", failures);
        }

        WriteIf(json, "onFailure", strategy.OnFailure?.ToString().ToUpperInvariant());
        if (strategy.PreDeployment is { } hook)
        {
            json.WriteStartObject("preDeployment");
            WriteIf(json, "cmd", hook.Cmd);
            WriteTexts(json, "args", hook.Args);
            WriteNumber(json, "timeoutSeconds", hook.TimeoutSeconds);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WritePersistent(Utf8JsonWriter json, VolumeDefinition volume, PersistentVolume persistent)
    {
        json.WriteStartObject();
        json.WriteString("containerPath", volume.ContainerPath);
        json.WriteString("mode", volume.IsReadOnly ? "RO" : "RW");
        json.WriteStartObject("persistent");
        json.WriteString("type", persistent.Type);
        json.WriteNumber("size", persistent.SizeMiB);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
