using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Orchestrator.Tests.Contract.Marathon;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Integration.EndToEnd;

/// <summary>A tree of definitions in the forms of Marathon 1.4 and 1.8, on real containers.</summary>
[Trait("Category", "Integration")]
public sealed class OldDefinitionTests : IClassFixture<BusyboxFixture>
{
    [Fact]
    public async Task Group_of_old_and_new_definitions_runs_unchanged_and_is_deleted_whole()
    {
        await using var cluster = await Cluster.StartAsync();
        var body = new JsonObject { ["id"] = "/shop", ["apps"] = new JsonArray(JsonNode.Parse(OldDefinitions.Bridge14), JsonNode.Parse(OldDefinitions.Bridge18)) };
        using (var created = await cluster.Client.PostAsJsonAsync("/v2/groups", body))
        {
            Assert.True((int)created.StatusCode == 201, await created.Content.ReadAsStringAsync());
        }

        foreach (var id in new[] { "/shop/web", "/shop/api" })
        {
            await cluster.UntilRunningAsync(id, 1);
            await cluster.UntilAsync($"{id} is healthy", async () => (await cluster.GetAsync($"/v2/apps/{id}")).GetProperty("app").GetProperty("tasksHealthy").GetInt32() == 1);
        }

        using (var deleted = await cluster.Client.DeleteAsync("/v2/groups/shop?force=true"))
        {
            Assert.True(deleted.IsSuccessStatusCode, await deleted.Content.ReadAsStringAsync());
        }

        await cluster.UntilAsync("no container is left", async () => (await cluster.ContainersAsync()).Count == 0);
        Assert.Equal(404, (int)(await cluster.Client.GetAsync("/v2/groups/shop")).StatusCode);
    }
}
