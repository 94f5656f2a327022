using System.Text.Json;
using Orchestrator.Core.Contract.Apps;

namespace Orchestrator.Core.Marathon.Apps;

/// <summary>How new instances replace old ones.</summary>
public static partial class AppParser
{
    private const double DefaultHookTimeoutSeconds = 600;

    private static List<ReadinessCheckDefinition> ReadReadinessChecks(FieldReader app) => [.. app.Objects("readinessChecks").Select(check =>
    {
        var defaults = new ReadinessCheckDefinition();
        return new ReadinessCheckDefinition
        {
            Name = check.Text("name") ?? defaults.Name,
            Protocol = check.Text("protocol") ?? defaults.Protocol,
            Path = check.Text("path") ?? defaults.Path,
            PortName = check.Text("portName") ?? defaults.PortName,
            IntervalSeconds = check.Number("intervalSeconds", defaults.IntervalSeconds),
            TimeoutSeconds = check.Number("timeoutSeconds", defaults.TimeoutSeconds),
            ReadyStatuses = check.Has("httpStatusCodesForReady") ? ReadStatuses(check) : defaults.ReadyStatuses,
            KeepsResponse = check.Flag("preserveLastResponse", false),
        };
    })];

    private static List<int> ReadStatuses(FieldReader check)
    {
        var statuses = new List<int>();
        foreach (var (item, path) in check.Items("httpStatusCodesForReady"))
        {
            if (item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out var status))
            {
                statuses.Add(status);
            }
            else
            {
                check.Errors.Add(path, "error.expected.int");
            }
        }

        return statuses;
    }

    private static UpgradeStrategy ReadUpgradeStrategy(FieldReader app, bool isSingle, bool isResident)
    {
        var fallback = isSingle || isResident ? 0.0 : 1.0;
        var healthy = isSingle ? 0.0 : isResident ? 0.5 : 1.0;
        return app.Child("upgradeStrategy") is not { } strategy
            ? new UpgradeStrategy(healthy, fallback)
            : new UpgradeStrategy(strategy.Number("minimumHealthCapacity", healthy), strategy.Number("maximumOverCapacity", fallback))
            {
                IsBlueGreen = ReadWord(strategy, "type", "ROLLING", "BLUE_GREEN") == "BLUE_GREEN",
                SoakSeconds = strategy.Number("soakSeconds", 0),
                IsOrdered = strategy.Flag("ordered", false),
                DeadlineSeconds = strategy.Has("deadlineSeconds") ? strategy.Number("deadlineSeconds", 1) : null,
                MaxFailures = strategy.Has("maxFailures") ? strategy.Whole("maxFailures", 0) : null,
                OnFailure = ReadWord(strategy, "onFailure", "ROLLBACK", "STOP", "WAIT") switch
                {
                    "ROLLBACK" => FailureReaction.Rollback,
                    "STOP" => FailureReaction.Stop,
                    "WAIT" => FailureReaction.Wait,
                    _ => null,
                },
                PreDeployment = strategy.Child("preDeployment") is { } hook
                    ? new PreDeploymentDefinition(hook.Text("cmd"), hook.Texts("args"), hook.Number("timeoutSeconds", DefaultHookTimeoutSeconds))
                    : null,
            };
    }

    private static string? ReadWord(FieldReader reader, string name, params string[] words)
    {
        var word = reader.Text(name)?.ToUpperInvariant();
        if (word is null || words.Contains(word))
        {
            return word;
        }

        reader.Error(name, $"'{reader.Text(name)}' is not one of {string.Join(", ", words)}");
        return null;
    }
}
