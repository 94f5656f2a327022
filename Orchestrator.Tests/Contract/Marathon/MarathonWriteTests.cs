using System.Text.Json;
using Orchestrator.Core.Marathon;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Contract.Marathon;

/// <summary>Every endpoint that changes something: what the engine is told, and how its answer is written.</summary>
[Trait("Category", "Contract")]
public sealed class MarathonWriteTests : IAsyncLifetime
{
    private MarathonEdge _edge = null!;

    public async ValueTask InitializeAsync() => _edge = await MarathonEdge.StartAsync(ServiceSnapshots.Busy);

    public ValueTask DisposeAsync() => _edge.DisposeAsync();

    [Theory]
    [InlineData("/v2/apps", false)]
    [InlineData("/v2/apps/", false)]
    [InlineData("/v2/apps?force=true", true)]
    [InlineData("/v2/apps?force=True", true)]
    [InlineData("/v2/apps?force=False", false)]
    public async Task Post_of_an_app_is_a_creation_with_who_asked(string path, bool force)
    {
        await _edge.SendAsync("POST", path, """{"id":"/a","ports":null}""");
        var command = await _edge.Engine.NextAsync<MarathonCommand.CreateApp>();
        Assert.Equal("/a", command.Definition.GetProperty("id").GetString());
        Assert.Equal(force, command.Force);
        Assert.Contains(command.Origin.ClientIp, new[] { "127.0.0.1", "::ffff:127.0.0.1" });
        Assert.Equal(path.Split('?')[0], command.Origin.Uri);
    }

    [Fact]
    public async Task Answer_of_the_engine_is_written_with_its_headers()
    {
        _edge.Engine.Answer = _ => new MarathonReply(201, """{"id":"/a"}"""u8.ToArray(), "d-7", "/a");
        var (status, json, answer) = await _edge.SendAsync("POST", "/v2/apps", "{}");
        Assert.Equal(201, status);
        Assert.Equal("/a", json.GetProperty("id").GetString());
        Assert.Equal("d-7", answer.Headers.GetValues("Marathon-Deployment-Id").Single());
        Assert.Equal(new Uri(_edge.Address, "/a"), answer.Headers.Location);
    }

    [Fact]
    public async Task Answer_without_a_body_has_none()
    {
        _edge.Engine.Answer = _ => new MarathonReply(202, default);
        var (status, _, answer) = await _edge.SendAsync("DELETE", "/v2/deployments/d-1?force=true");
        Assert.Equal(202, status);
        Assert.Equal("", await answer.Content.ReadAsStringAsync());
        var command = await _edge.Engine.NextAsync<MarathonCommand.CancelDeployment>();
        Assert.Equal(("d-1", true), (command.DeploymentId, command.Force));
    }

    [Theory]
    [InlineData("PUT", "/v2/apps", null, true, true)]
    [InlineData("PUT", "/v2/apps?partialUpdate=false", null, false, true)]
    [InlineData("PATCH", "/v2/apps", null, true, false)]
    [InlineData("PUT", "/v2/apps//shop/web", "/shop/web", true, true)]
    [InlineData("PUT", "/v2/apps/shop/web/?partialUpdate=False", "/shop/web", false, true)]
    [InlineData("PATCH", "/v2/apps/shop/web?partialUpdate=false", "/shop/web", true, false)]
    public async Task Update_in_each_form_says_what_may_happen(string method, string path, string? id, bool partial, bool mayCreate)
    {
        await _edge.SendAsync(method, path, "[]");
        var command = await _edge.Engine.NextAsync<MarathonCommand.UpdateApps>();
        Assert.Equal((id, partial, mayCreate, false), (command.AppId, command.Partial, command.MayCreate, command.Force));
        Assert.Equal(JsonValueKind.Array, command.Update.ValueKind);
    }

    [Theory]
    [InlineData("/v2/apps/shop/web", true)]
    [InlineData("/v2/apps//shop/web?force=false", false)]
    public async Task Delete_of_an_app_forces_unless_told_not_to(string path, bool force)
    {
        await _edge.SendAsync("DELETE", path);
        var command = await _edge.Engine.NextAsync<MarathonCommand.DeleteApp>();
        Assert.Equal(("/shop/web", force), (command.AppId, command.Force));
    }

    [Fact]
    public async Task Restart_names_the_app_and_does_not_force_unless_told_to()
    {
        await _edge.SendAsync("POST", "/v2/apps//shop/web/restart");
        Assert.Equal(("/shop/web", false), await _edge.Engine.NextAsync<MarathonCommand.RestartApp>() is var command ? (command.AppId, command.Force) : default);
        await _edge.SendAsync("POST", "/v2/apps//shop/web/restart?force=true", "");
        Assert.True((await _edge.Engine.NextAsync<MarathonCommand.RestartApp>()).Force);
    }

    [Theory]
    [InlineData("", null, false, false)]
    [InlineData("?host=*", null, false, false)]
    [InlineData("?host=one&scale=true", "one", true, false)]
    [InlineData("?wipe=True", null, false, true)]
    public async Task Delete_of_tasks_of_an_app_says_which_and_how(string query, string? host, bool scale, bool wipe)
    {
        await _edge.SendAsync("DELETE", "/v2/apps/shop/web/tasks" + query);
        var command = await _edge.Engine.NextAsync<MarathonCommand.KillTasks>();
        Assert.Equal(("/shop/web", null, host, scale, wipe), (command.AppId, command.TaskIds, command.Host, command.Scale, command.Wipe));
    }

    [Fact]
    public async Task Delete_of_one_task_names_it()
    {
        await _edge.SendAsync("DELETE", "/v2/apps//shop/web/tasks/shop_web.instance-1._app.1?scale=true");
        var command = await _edge.Engine.NextAsync<MarathonCommand.KillTasks>();
        Assert.Equal("shop_web.instance-1._app.1", Assert.Single(command.TaskIds!));
        Assert.Equal(("/shop/web", true), (command.AppId, command.Scale));
    }

    [Fact]
    public async Task Delete_of_tasks_by_id_is_for_any_app()
    {
        await _edge.SendAsync("POST", "/v2/tasks/delete?wipe=true", """{"ids":["a.instance-1._app.1","b.0b4e"]}""");
        var command = await _edge.Engine.NextAsync<MarathonCommand.KillTasks>();
        Assert.Equal(["a.instance-1._app.1", "b.0b4e"], command.TaskIds!);
        Assert.Equal((null, true), (command.AppId, command.Wipe));
    }

    [Theory]
    [InlineData("/v2/queue/shop/db/delay")]
    [InlineData("/v2/queue//shop/db/delay")]
    [InlineData("/v2/queue/%2Fshop%2Fdb/delay")]
    public async Task Delay_of_an_app_can_be_forgotten(string path)
    {
        await _edge.SendAsync("DELETE", path);
        Assert.Equal("/shop/db", (await _edge.Engine.NextAsync<MarathonCommand.ResetDelay>()).AppId);
    }

    [Theory]
    [InlineData("POST", "/v2/apps", "{", "Invalid JSON")]
    [InlineData("POST", "/v2/apps", "", "Invalid JSON")]
    [InlineData("PUT", "/v2/apps/a", "id: /a", "Invalid JSON")]
    [InlineData("POST", "/v2/tasks/delete", "no", "Invalid JSON")]
    [InlineData("POST", "/v2/tasks/delete", "{}", "\"ids\"")]
    [InlineData("POST", "/v2/tasks/delete", "[]", "\"ids\"")]
    [InlineData("POST", "/v2/tasks/delete", """{"ids":[7]}""", "'7'")]
    [InlineData("POST", "/v2/tasks/delete", """{"ids":["nodot"]}""", "'nodot'")]
    [InlineData("POST", "/v2/tasks/delete?scale=true&wipe=true", """{"ids":[]}""", "scale and wipe")]
    [InlineData("DELETE", "/v2/apps/a/tasks?scale=true&wipe=true", null, "scale and wipe")]
    [InlineData("DELETE", "/v2/apps/a/tasks/t?scale=maybe", null, "'scale'")]
    [InlineData("DELETE", "/v2/apps/a?force=", null, "'force'")]
    [InlineData("POST", "/v2/apps?force=yes", "{}", "'force'")]
    [InlineData("PUT", "/v2/apps?partialUpdate=1", "[]", "'partialUpdate'")]
    [InlineData("POST", "/v2/apps/a/restart?force=1", null, "'force'")]
    [InlineData("DELETE", "/v2/deployments/d?force=1", null, "'force'")]
    public async Task Request_that_is_malformed_is_400_names_the_part_and_reaches_nobody(string method, string path, string? body, string named)
    {
        var (status, json, _) = await _edge.SendAsync(method, path, body);
        Assert.Equal(400, status);
        Assert.Contains(named, json.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(json.GetProperty("message").GetString() == "Invalid JSON", json.TryGetProperty("details", out var details) && details.ValueKind == JsonValueKind.String);
        Assert.False(_edge.Engine.Commands.TryRead(out _));
    }

    [Fact]
    public async Task Body_nested_beyond_measure_is_refused()
    {
        Assert.Equal(400, (await _edge.SendAsync("POST", "/v2/apps", new string('[', 10_000))).Status);
    }

    [Theory]
    [InlineData("DELETE", "/v2/apps", "GET, POST, PUT, PATCH")]
    [InlineData("POST", "/v2/apps/a", "GET, PUT, PATCH, DELETE")]
    [InlineData("POST", "/v2/apps/a/tasks", "GET, DELETE")]
    [InlineData("GET", "/v2/apps/a/tasks/t", "DELETE")]
    [InlineData("GET", "/v2/apps/a/restart", "POST")]
    [InlineData("PUT", "/v2/apps/a/versions", "GET")]
    [InlineData("DELETE", "/v2/apps/a/*", "GET")]
    [InlineData("POST", "/v2/tasks", "GET")]
    [InlineData("GET", "/v2/tasks/delete", "POST")]
    [InlineData("POST", "/v2/deployments", "GET")]
    [InlineData("POST", "/v2/deployments/d", "GET, DELETE")]
    [InlineData("POST", "/v2/queue", "GET")]
    [InlineData("GET", "/v2/queue/a/delay", "DELETE")]
    [InlineData("POST", "/v2/info", "GET")]
    [InlineData("POST", "/v2/events", "GET")]
    public async Task Method_that_is_not_there_is_405_and_the_others_are_named(string method, string path, string allowed)
    {
        var (status, json, answer) = await _edge.SendAsync(method, path, method == "GET" ? null : "{}");
        Assert.Equal(405, status);
        Assert.Equal(allowed, string.Join(", ", answer.Content.Headers.Allow));
        Assert.Contains(allowed, json.GetProperty("message").GetString(), StringComparison.Ordinal);
    }
}
