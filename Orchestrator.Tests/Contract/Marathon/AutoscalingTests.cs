using Orchestrator.Core.Marathon;
using Orchestrator.Core.Views.Services;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Contract.Marathon;

/// <summary><c>GET /v2/apps/{id}/autoscaling</c>, and the field of the app.</summary>
[Trait("Category", "Contract")]
public sealed class AutoscalingTests
{
    private const string Rule = """ "autoscaling": { "max": 8, "target": 0.6 } """;

    [Fact]
    public async Task Document_tells_the_load_the_bounds_and_decisions_newest_first()
    {
        await using var edge = await MarathonEdge.StartAsync(Services.Snapshot(Services.App("/shop/web", 4, more: Rule) with
        {
            Autoscaling = new AutoscalingView(
                new ScalingVerdictView { At = Services.Now, Action = "InRange", Reason = "fine", Instances = 4, Wanted = 4, Min = 1, Max = 8, Utilization = 0.61234, Measured = 3, Missing = 0, Warming = 1 },
                [new ScalingDecisionView(Services.Now.AddMinutes(-2), "NoFigures", 2, 2, "none", null, null), new ScalingDecisionView(Services.Now, "ScaleUp", 2, 4, "busy", 0.9, "d-9")]),
        }));

        var document = await edge.GetAsync("/v2/apps//shop/web/autoscaling");

        Assert.Equal(
            """{"appId":"/shop/web","instances":4,"metric":"cpu","target":0.6,"current":{"at":"2026-11-24T12:00:00.000Z","action":"inRange","reason":"fine","instances":4,"wanted":4,"min":1,"max":8,"schedule":null,"utilization":0.612,"measured":3,"missing":0,"warming":1},"decisions":[{"at":"2026-11-24T12:00:00.000Z","action":"scaleUp","from":2,"to":4,"utilization":0.9,"reason":"busy","deploymentId":"d-9"},{"at":"2026-11-24T11:58:00.000Z","action":"noFigures","from":2,"to":2,"utilization":null,"reason":"none"}]}""",
            document.GetRawText());
    }

    [Fact]
    public async Task App_that_was_not_measured_yet_has_no_current_figures()
    {
        await using var edge = await MarathonEdge.StartAsync(Services.Snapshot(Services.App("/web", more: Rule)));

        var document = await edge.GetAsync("/v2/apps/web/autoscaling");

        Assert.Equal(System.Text.Json.JsonValueKind.Null, document.GetProperty("current").ValueKind);
        Assert.Equal(0, document.GetProperty("decisions").GetArrayLength());
    }

    [Fact]
    public async Task Field_is_written_with_its_defaults_and_only_for_apps_that_have_it()
    {
        await using var edge = await MarathonEdge.StartAsync(Services.Snapshot(Services.App("/plain"), Services.App("/web", more: Rule)));

        Assert.False((await edge.GetAsync("/v2/apps/plain")).GetProperty("app").TryGetProperty("autoscaling", out _));
        Assert.Equal(
            """{"min":1,"max":8,"metric":"cpu","target":0.6,"tolerance":0.1,"cooldownSeconds":60,"scaleDownCooldownSeconds":300,"warmUpSeconds":30,"schedule":[]}""",
            (await edge.GetAsync("/v2/apps/web")).GetProperty("app").GetProperty("autoscaling").GetRawText());
    }

    [Theory]
    [InlineData("GET", "/v2/apps/plain/autoscaling", 404, "App '/plain' does not scale itself; give it the field 'autoscaling', for example {\"max\": 10, \"target\": 0.6}")]
    [InlineData("GET", "/v2/apps/gone/autoscaling", 404, "App '/gone' does not exist")]
    public async Task App_without_autoscaling_is_told_so(string method, string path, int status, string message)
    {
        await using var edge = await MarathonEdge.StartAsync(Services.Snapshot(Services.App("/plain")));

        var answer = await edge.SendAsync(method, path);

        Assert.Equal((status, message), (answer.Status, answer.Json.GetProperty("message").GetString()));
    }

    [Fact]
    public async Task App_whose_id_ends_like_the_document_is_still_an_app()
    {
        await using var edge = await MarathonEdge.StartAsync(Services.Snapshot(Services.App("/shop/autoscaling")));

        Assert.Equal("/shop/autoscaling", (await edge.GetAsync("/v2/apps/shop/autoscaling")).GetProperty("app").GetProperty("id").GetString());
        await edge.SendAsync("DELETE", "/v2/apps/new/autoscaling");
        Assert.Equal("/new/autoscaling", (await edge.Engine.NextAsync<MarathonCommand.DeleteApp>()).AppId);
    }
}
