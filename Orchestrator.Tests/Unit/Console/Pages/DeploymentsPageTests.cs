using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Core.Views.Services;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Console.Pages;
using Orchestrator.Web.Console.ViewModels;

namespace Orchestrator.Tests.Unit.Console.Pages;

public sealed class DeploymentsPageTests
{
    private static readonly DateTimeOffset s_now = ServiceSnapshots.Start;

    private static ServicesSnapshot Shop => ServiceSnapshots.Empty with
    {
        Version = 3,
        Deployments =
        [
            new DeploymentView
            {
                Id = "d-2",
                Version = s_now,
                StartedAt = s_now,
                AffectedApps = ["/shop/web"],
                Steps = [[new DeploymentActionView("RestartApplication", "/shop/web") { Phase = "soaking" }]],
                CurrentStep = 1,
                Failures = 2,
                Late = "it is late",
            },
        ],
        History = [Ended("d-1", "/shop/web", "rolledBack", "too many failures"), Ended("d-0", "/batch", "succeeded", null)],
    };

    private static DeploymentOutcomeView Ended(string id, string app, string outcome, string? reason) => new()
    {
        Id = id,
        Version = s_now,
        StartedAt = s_now.AddMinutes(-5),
        EndedAt = s_now.AddMinutes(-4),
        Outcome = outcome,
        Reason = reason,
        Steps = [[new DeploymentActionView("RestartApplication", app)]],
        Times = [new DeploymentStepTimes(s_now.AddMinutes(-5), s_now.AddMinutes(-4))],
    };

    private static ConsolePageContext Context()
    {
        var console = new ConsolePageContext(services: Shop);
        console.Services.AddSingleton<ServiceCommands>();
        return console;
    }

    [Fact]
    public void Page_shows_what_a_deployment_does_now_and_what_became_of_earlier_ones()
    {
        using var console = Context();

        var text = console.Open<Deployments>("/ui/deployments").Markup;

        Assert.Contains("Switched; the old colour waits", text, StringComparison.Ordinal);
        Assert.Contains("Late", text, StringComparison.Ordinal);
        Assert.Contains("2 failed", text, StringComparison.Ordinal);
        Assert.Contains("Rolled back", text, StringComparison.Ordinal);
        Assert.Contains("too many failures", text, StringComparison.Ordinal);
        Assert.Contains("60 s", text, StringComparison.Ordinal);
        Assert.Contains("step 1: RestartApplication /batch: 60 s", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Search_holds_for_those_that_ended_too()
    {
        using var console = Context();

        var text = console.Open<Deployments>("/ui/deployments?q=batch").Markup;

        Assert.Contains("/batch", text, StringComparison.Ordinal);
        Assert.DoesNotContain("/shop/web", text, StringComparison.Ordinal);
    }
}
