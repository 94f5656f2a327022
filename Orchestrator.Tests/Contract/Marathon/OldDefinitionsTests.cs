using System.Text.Json;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Contract.Marathon;

/// <summary>Definitions written for Marathon 1.4 and 1.8 are taken unchanged, and shown in the new forms.</summary>
[Trait("Category", "Contract")]
public sealed class OldDefinitionsTests
{
    public static TheoryData<string, string, string> Definitions => new()
    {
        { OldDefinitions.Command14, "portDefinitions", """[{"port":10000,"protocol":"tcp","labels":{}},{"port":10001,"protocol":"tcp","labels":{}}]""" },
        { OldDefinitions.Command14, "fetch", """[{"uri":"http://repo.example/conf.tar.gz","extract":true,"executable":false,"cache":false},{"uri":"http://repo.example/motd","extract":false,"executable":false,"cache":false}]""" },
        { OldDefinitions.Command14, "networks", """[{"mode":"host"}]""" },
        { OldDefinitions.Bridge14, "networks", """[{"mode":"container/bridge"}]""" },
        { OldDefinitions.Bridge14, "container", """{"type":"DOCKER","docker":{"image":"orchestrator-e2e:busybox","forcePullImage":false,"privileged":false,"parameters":[]},"volumes":[],"portMappings":[{"containerPort":8080,"hostPort":0,"servicePort":10080,"protocol":"tcp","labels":{"VIP_0":"/shop-web:80"}}]}""" },
        { OldDefinitions.Bridge18, "container", """{"type":"DOCKER","docker":{"image":"orchestrator-e2e:busybox","forcePullImage":false,"privileged":false,"parameters":[]},"volumes":[],"portMappings":[{"containerPort":8080,"hostPort":0,"servicePort":10081,"protocol":"tcp","name":"http","labels":{}}]}""" },
        { OldDefinitions.Bridge18, "upgradeStrategy", """{"minimumHealthCapacity":1,"maximumOverCapacity":0.2}""" },
        { OldDefinitions.Host18, "portDefinitions", """[{"port":10000,"protocol":"tcp","name":"http-api","labels":{"VIP_0":"/indexer:80"}},{"port":10001,"protocol":"udp,tcp","name":"gossip","labels":{}}]""" },
        { OldDefinitions.Host18, "constraints", """[["@zone","MAX_PER","2"]]""" },
    };

    [Theory]
    [MemberData(nameof(Definitions))]
    public void Definition_of_old_is_shown_in_new_forms(string definition, string field, string shown)
    {
        var services = new ServicesHarness();

        var reply = services.Tell(new Core.Marathon.MarathonCommand.CreateApp(Parse(definition), false, ServicesHarness.Origin));

        var answer = ServicesHarness.Body(reply);
        Assert.True(reply.Status == 201, answer.ToString());
        Assert.True(JsonElement.DeepEquals(Parse(shown), answer.GetProperty(field)), answer.GetProperty(field).GetRawText());
        foreach (var old in new[] { "ports", "uris", "ipAddress", "storeUrls" })
        {
            Assert.False(answer.TryGetProperty(old, out _), old);
        }
    }

    [Theory]
    [InlineData(OldDefinitions.Command14)]
    [InlineData(OldDefinitions.Bridge14)]
    [InlineData(OldDefinitions.Bridge18)]
    [InlineData(OldDefinitions.Host18)]
    public void Definition_put_again_as_it_was_written_changes_nothing(string definition)
    {
        var services = new ServicesHarness().Subscribed();
        services.Tell(new Core.Marathon.MarathonCommand.CreateApp(Parse(definition), false, ServicesHarness.Origin));
        services.Run();
        var id = services.Snapshot.Apps[0].Id;
        var version = services.App(id).Definition.Version;

        var reply = services.Tell(new Core.Marathon.MarathonCommand.UpdateApps(id, Parse(definition), false, true, true, ServicesHarness.Origin));

        Assert.Equal(200, reply.Status);
        Assert.Equal(Timestamps.Write(version), Timestamps.Write(services.App(id).Definition.Version));
    }

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
