using Orchestrator.Core.Views.Services;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Contract.Marathon;

/// <summary>What of deployments Marathon does not tell: readiness of new instances is its own, the rest is ours.</summary>
[Trait("Category", "Contract")]
public sealed class MarathonDeploymentTests : IAsyncLifetime
{
    private static readonly DateTimeOffset s_start = ServiceSnapshots.Start;
    private MarathonEdge _edge = null!;

    public async ValueTask InitializeAsync()
    {
        var services = ServiceSnapshots.Busy;
        var asked = new ReadinessResultView("ready", "shop_web.instance-1._app.1", false, new ReadinessResponse(503, "text/plain", "warming up"));
        _edge = await MarathonEdge.StartAsync(services with
        {
            Apps = [.. services.Apps.Select(app => app.Id != "/shop/web" ? app : app with
            {
                Instances =
                [
                    app.Instances[0] with { Readiness = asked },
                    app.Instances[1] with { State = "TASK_KILLING", DrainsUntil = s_start.AddSeconds(20), Colour = "blue", CarriesTraffic = false },
                ],
            })],
            Deployments =
            [
                services.Deployments[0] with
                {
                    Steps = [[new DeploymentActionView("StartApplication", "/shop/web")], [new DeploymentActionView("ScaleApplication", "/shop/web") { Phase = "scaling", Deadline = s_start.AddMinutes(5) }]],
                    Times = [new DeploymentStepTimes(s_start, s_start.AddSeconds(1)), new DeploymentStepTimes(s_start.AddSeconds(1), null)],
                    Failures = 2,
                    Late = "it is late",
                },
            ],
            History = [Ended("d-3", "/shop/web", "succeeded"), Ended("d-2", "/batch", "succeeded"), Ended("d-0", "/shop/web", "rolledBack")],
        });
    }

    public ValueTask DisposeAsync() => _edge.DisposeAsync();

    private static DeploymentOutcomeView Ended(string id, string app, string outcome) => new()
    {
        Id = id,
        Version = s_start,
        StartedAt = s_start,
        EndedAt = s_start.AddSeconds(90),
        Outcome = outcome,
        Reason = outcome == "rolledBack" ? "too many failures" : null,
        RollbackOf = id == "d-3" ? "d-0" : null,
        Failures = 1,
        Steps = [[new DeploymentActionView("RestartApplication", app)]],
        Times = [new DeploymentStepTimes(s_start, s_start.AddSeconds(90))],
    };

    [Fact]
    public async Task History_is_newest_first_with_outcome_reason_and_the_times_of_each_step()
    {
        var rows = (await _edge.GetAsync("/v2/deployments/history")).EnumerateArray().ToList();

        Assert.Equal(["d-3", "d-2", "d-0"], rows.Select(row => row.GetProperty("id").GetString()));
        Assert.Equal("d-0", rows[0].GetProperty("rollbackOf").GetString());
        Assert.Equal(("rolledBack", "too many failures"), (rows[2].GetProperty("outcome").GetString(), rows[2].GetProperty("reason").GetString()));
        Assert.Equal("2026-01-31T12:01:30.000Z", rows[2].GetProperty("endedAt").GetString());
        var step = rows[2].GetProperty("steps")[0];
        Assert.Equal(("2026-01-31T12:00:00.000Z", "2026-01-31T12:01:30.000Z"), (step.GetProperty("startedAt").GetString(), step.GetProperty("endedAt").GetString()));
        Assert.Equal("RestartApplication", step.GetProperty("actions")[0].GetProperty("action").GetString());
    }

    [Theory]
    [InlineData("?app=/shop/web", "d-3 d-0")]
    [InlineData("?app=shop/web&limit=1", "d-3")]
    [InlineData("?limit=2", "d-3 d-2")]
    [InlineData("?app=/none", "")]
    public async Task History_of_an_app_and_of_a_length(string query, string ids) =>
        Assert.Equal(ids, string.Join(' ', (await _edge.GetAsync("/v2/deployments/history" + query)).EnumerateArray().Select(row => row.GetProperty("id").GetString())));

    [Theory]
    [InlineData("GET", "/v2/deployments/history?limit=0", 400)]
    [InlineData("GET", "/v2/deployments/history?limit=x", 400)]
    [InlineData("DELETE", "/v2/deployments/history", 405)]
    [InlineData("GET", "/v2/deployments/none", 404)]
    [InlineData("PUT", "/v2/deployments/d-1", 405)]
    public async Task What_is_asked_wrongly_is_said(string method, string path, int status) => Assert.Equal(status, (await _edge.SendAsync(method, path)).Status);

    [Fact]
    public async Task Deployment_that_runs_tells_phase_deadline_failures_and_why_it_is_late()
    {
        var running = await _edge.GetAsync("/v2/deployments/d-1");

        Assert.Equal(("running", "it is late", 2), (running.GetProperty("outcome").GetString(), running.GetProperty("reason").GetString(), running.GetProperty("failures").GetInt32()));
        var action = running.GetProperty("steps")[1].GetProperty("actions")[0];
        Assert.Equal(("scaling", "2026-01-31T12:05:00.000Z"), (action.GetProperty("phase").GetString(), action.GetProperty("deadline").GetString()));
        Assert.False(running.GetProperty("steps")[1].TryGetProperty("endedAt", out _));
        Assert.Equal("rolledBack", (await _edge.GetAsync("/v2/deployments/d-0")).GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Deployments_keep_the_keys_of_the_reference_and_show_who_is_not_ready()
    {
        var deployment = (await _edge.GetAsync("/v2/deployments"))[0];

        Assert.Equal(["id", "version", "affectedApps", "affectedPods", "steps", "currentActions", "currentStep", "totalSteps"], deployment.EnumerateObject().Select(field => field.Name));
        var result = deployment.GetProperty("currentActions")[0].GetProperty("readinessCheckResults")[0];
        Assert.Equal(("ready", "shop_web.instance-1._app.1", false), (result.GetProperty("name").GetString(), result.GetProperty("taskId").GetString(), result.GetProperty("ready").GetBoolean()));
        Assert.Equal((503, "text/plain", "warming up"), (result.GetProperty("lastResponse").GetProperty("status").GetInt32(), result.GetProperty("lastResponse").GetProperty("contentType").GetString(), result.GetProperty("lastResponse").GetProperty("body").GetString()));
        var app = (await _edge.GetAsync("/v2/apps?id=/shop/web&embed=apps.readiness")).GetProperty("apps")[0];
        Assert.Equal(1, app.GetProperty("readinessCheckResults").GetArrayLength());
    }

    [Fact]
    public async Task Tasks_have_keys_of_ours_only_when_they_are_drained_or_coloured()
    {
        var tasks = (await _edge.GetAsync("/v2/apps//shop/web/tasks")).GetProperty("tasks").EnumerateArray().ToList();

        Assert.DoesNotContain(tasks[0].EnumerateObject(), field => field.Name is "drainsUntil" or "colour" or "carriesTraffic" or "ordinal");
        Assert.Equal(("2026-01-31T12:00:20.000Z", "blue", false), (tasks[1].GetProperty("drainsUntil").GetString(), tasks[1].GetProperty("colour").GetString(), tasks[1].GetProperty("carriesTraffic").GetBoolean()));
        using var answer = await _edge.Client.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/v2/tasks") { Headers = { { "Accept", "text/plain" } } });
        Assert.DoesNotContain("two:31005", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
