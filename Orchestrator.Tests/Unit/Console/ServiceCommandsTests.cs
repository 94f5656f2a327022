using Orchestrator.Core.Marathon;
using Orchestrator.Core.Runtime;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Console.ViewModels;
using Orchestrator.Web.Console.ViewModels.Forms;

namespace Orchestrator.Tests.Unit.Console;

public sealed class ServiceCommandsTests
{
    private readonly ScriptedServices _engine = new(Services.Snapshot());
    private readonly ServiceCommands _commands;

    public ServiceCommandsTests() => _commands = new ServiceCommands(_engine);

    [Fact]
    public async Task Command_of_each_action_is_the_one_that_the_rest_api_uses()
    {
        await _commands.ScaleAsync("/a", 4, force: true);
        await _commands.ApplyVersionAsync("/a", Services.Now, force: false);
        await _commands.KillAsync("/a", ["t1"], scale: true, force: false);
        await _commands.CancelDeploymentAsync("d", rollBack: true);
        await _commands.CancelDeploymentAsync("d", rollBack: false);

        var scale = Assert.IsType<MarathonCommand.UpdateApps>(_engine.Commands[0]);
        Assert.Equal(("/a", """{"instances":4}""", true, false, true), (scale.AppId, scale.Update.GetRawText(), scale.Partial, scale.MayCreate, scale.Force));
        Assert.Equal("""{"version":"2026-11-24T12:00:00.000Z"}""", Assert.IsType<MarathonCommand.UpdateApps>(_engine.Commands[1]).Update.GetRawText());
        var kill = Assert.IsType<MarathonCommand.KillTasks>(_engine.Commands[2]);
        Assert.Equal(("/a", "t1", true, false), (kill.AppId, Assert.Single(kill.TaskIds!), kill.Scale, kill.Force));
        Assert.False(Assert.IsType<MarathonCommand.CancelDeployment>(_engine.Commands[3]).Force);
        Assert.True(Assert.IsType<MarathonCommand.CancelDeployment>(_engine.Commands[4]).Force);
        Assert.Equal("console", scale.Origin.ClientIp);
    }

    [Fact]
    public async Task Command_of_a_draft_creates_or_updates()
    {
        var change = new AppChange(System.Text.Json.JsonDocument.Parse("{}").RootElement, IsPartial: true);
        await _commands.SubmitAsync(null, change, force: false);
        await _commands.SubmitAsync("/a", change, force: true);

        Assert.IsType<MarathonCommand.CreateApp>(_engine.Commands[0]);
        Assert.True(Assert.IsType<MarathonCommand.UpdateApps>(_engine.Commands[1]) is { AppId: "/a", Partial: true, Force: true });
    }

    [Fact]
    public async Task Preview_is_a_dry_run_that_tells_of_mistyped_fields()
    {
        _engine.Answer = _ => ScriptedServices.Reply(200, """{"steps":[{"actions":[{"action":"RestartApplication","app":"/a"}]}],"apps":[{"id":"/a","change":"changed","starts":1,"stops":0,"replaces":2,"stays":0,"fields":[{"path":"/cpus","before":1,"after":2},{"path":"/user","after":"x"}]}],"groups":[],"lockedBy":[{"id":"d"}]}""");
        var change = new AppChange(System.Text.Json.JsonDocument.Parse("{}").RootElement, IsPartial: true);

        var plan = (await _commands.PreviewAsync("/a", change)).Plan!;
        var submitted = await _commands.SubmitAsync("/a", change, force: false);

        Assert.Equal(("Restart /a", "d"), (plan.Steps.Single().Single(), plan.LockedBy.Single()));
        Assert.Equal(("changed", "1 start, 2 are replaced"), (plan.Apps.Single().Change, plan.Apps.Single().Counts));
        Assert.Equal([new PlanPreview.FieldChange("/cpus", "1", "2"), new PlanPreview.FieldChange("/user", null, "\"x\"")], plan.Apps.Single().Fields);
        Assert.Equal((true, true), (_engine.Commands[0].Terms.DryRun, _engine.Commands[0].Terms.Strict));
        Assert.Equal((false, true), (_engine.Commands[1].Terms.DryRun, _engine.Commands[1].Terms.Strict));
        Assert.Null(submitted.Plan);
    }

    [Fact]
    public async Task Command_that_the_engine_does_not_take_has_an_outcome_that_says_so()
    {
        _engine.Answer = _ => throw new EngineOverloadedException();
        Assert.Contains("too much", (await _commands.RestartAsync("/a", force: false)).Message, StringComparison.Ordinal);
        Assert.Equal(503, (await new ServiceCommands().DestroyAsync("/a", force: false)).Status);
    }
}
