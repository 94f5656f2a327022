using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Core.Marathon;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Contract.Marathon;

/// <summary>Every field of an app, in old and new forms: what an answer shows of what was given, and where what cannot be is named.</summary>
[Trait("Category", "Contract")]
public sealed class AppFieldTests
{
    private static readonly string[][] s_rows = [.. AppFieldTable.Rows.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(row => row.Split('|').Select(cell => cell.Trim()).ToArray())];

    /// <summary>Ours, or what answers add; other tests hold them.</summary>
    private static readonly string[] s_elsewhere =
    [
        "autoscaling", "daemon", "drainSeconds", "tasksStaged", "tasksRunning", "tasksHealthy", "tasksUnhealthy", "deployments", "readinessCheckResults", "lastTaskFailure", "tasks", "tasksStats",
        "upgradeStrategy.type", "upgradeStrategy.soakSeconds", "upgradeStrategy.ordered", "upgradeStrategy.deadlineSeconds", "upgradeStrategy.maxFailures", "upgradeStrategy.onFailure", "upgradeStrategy.preDeployment",
        "container.linuxInfo", "container.docker.pullConfig.secret", "container.docker.portMappings.", "container.volumes.persistent", "container.volumes.external", "container.volumes.secret",
        "ipAddress.groups", "ipAddress.discovery", "check.", "residency.", "versionInfo.",
    ];

    public static TheoryData<string, string, string, string?> Rows
    {
        get
        {
            var data = new TheoryData<string, string, string, string?>();
            foreach (var row in s_rows)
            {
                data.Add(row[0], row[1], row[2], row.Length > 3 ? row[3] : null);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Field_is_accepted_as_a_new_form_or_refused_by_name(string field, string given, string place, string? value)
    {
        var body = Body(given);
        var services = new ServicesHarness(options => options with { Role = "ops" });

        var reply = services.Tell(new MarathonCommand.CreateApp(body, false, ServicesHarness.Origin) { Terms = new WriteTerms { Strict = field != "dependencies" } });

        var answer = ServicesHarness.Body(reply);
        if (place.StartsWith('!'))
        {
            Assert.True(reply.Status == 422, $"{field} {given}: {reply.Status} {answer}");
            Assert.Contains(place[1..].Trim(), answer.GetProperty("details").EnumerateArray().Select(detail => detail.GetProperty("path").GetString()));
            return;
        }

        Assert.True(reply.Status == 201, $"{field} {given}: {reply.Status} {answer}");
        var found = Find(JsonNode.Parse(answer.GetRawText()), place);
        if (value == "stamped")
        {
            Assert.Equal(Timestamps.Write(services.Snapshot.Apps[0].Definition.Version), found?.GetValue<string>());
        }
        else
        {
            Assert.True(value == "absent" ? found is null : JsonNode.DeepEquals(JsonNode.Parse(value!), found), $"{field}: {place} is {found?.ToJsonString() ?? "absent"}, not {value}");
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Answer_given_again_changes_nothing(string field, string given, string place, string? value)
    {
        _ = (field, value);
        if (place.StartsWith('!'))
        {
            return;
        }

        var services = new ServicesHarness(options => options with { Role = "ops" });
        services.Tell(new MarathonCommand.CreateApp(Body(given), false, ServicesHarness.Origin));
        var app = services.Snapshot.Apps[0];
        var written = (JsonObject)JsonNode.Parse(AppJson.ToBytes(app.Definition))!;
        written.Remove("version");

        var reply = services.Tell(new MarathonCommand.UpdateApps(app.Id, JsonSerializer.SerializeToElement(written), false, false, true, ServicesHarness.Origin) { Terms = new WriteTerms { DryRun = true } });

        Assert.Equal(0, ServicesHarness.Body(reply).GetProperty("apps").GetArrayLength());
    }

    [Fact]
    public void Table_has_every_field_that_is_known_and_no_other()
    {
        var known = KnownFields.App.Paths().ToHashSet();
        var rows = s_rows.Select(row => row[0]).ToHashSet();

        var missing = known.Except(rows).Where(path => !Array.Exists(s_elsewhere, other => other.EndsWith('.') ? path.StartsWith(other, StringComparison.Ordinal) : path == other || path.StartsWith(other + ".", StringComparison.Ordinal)));

        Assert.Equal("", string.Join(' ', rows.Except(known)));
        Assert.Equal("", string.Join(' ', missing));
    }

    private static JsonElement Body(string given)
    {
        var body = new JsonObject { ["id"] = "/a", ["cmd"] = "sleep 1" };
        foreach (var (name, value) in JsonNode.Parse("{" + given + "}")!.AsObject())
        {
            body[name] = value?.DeepClone();
        }

        return JsonSerializer.SerializeToElement(body);
    }

    private static JsonNode? Find(JsonNode? node, string pointer)
    {
        foreach (var step in pointer.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            node = node switch
            {
                JsonArray array => int.Parse(step, System.Globalization.CultureInfo.InvariantCulture) is var index && index < array.Count ? array[index] : null,
                JsonObject item => item[step],
                _ => null,
            };
        }

        return node;
    }
}
