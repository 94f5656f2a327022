using AngleSharp.Dom;
using Bunit;
using Orchestrator.Core.Marathon;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Console.Dialogs;
using Orchestrator.Web.Console.ViewModels.Forms;

namespace Orchestrator.Tests.Unit.Console.Dialogs;

public sealed class AppDialogTests : IAsyncLifetime
{
    private readonly ConsoleContext _console = new(Services.Snapshot());
    private int _done;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await _console.DisposeAsync();

    [Fact]
    public void Dialog_filled_by_its_form_creates_a_docker_app_with_port_and_health_check()
    {
        var dialog = Open(AppDraft.New());
        Type(dialog, "/id", "/webapp");
        Type(dialog, "/instances", "3");
        Section(dialog, "Container");
        Press(dialog, "Docker");
        Type(dialog, "/container/docker/image", "nginx");
        Section(dialog, "Network and ports");
        Type(dialog, "/container/portMappings(0)/containerPort", "8080");
        Section(dialog, "Health checks");
        Press(dialog, "Add health check");
        Type(dialog, "/healthChecks(0)/path", "/alive");
        Press(dialog, "Create");

        var create = Assert.IsType<MarathonCommand.CreateApp>(Assert.Single(_console.Engine.Commands));
        var app = create.Definition;
        Assert.Equal(("/webapp", 3), (app.GetProperty("id").GetString(), app.GetProperty("instances").GetInt32()));
        Assert.Equal("container/bridge", app.GetProperty("networks")[0].GetProperty("mode").GetString());
        Assert.Equal(8080, app.GetProperty("container").GetProperty("portMappings")[0].GetProperty("containerPort").GetInt32());
        Assert.Equal("/alive", app.GetProperty("healthChecks")[0].GetProperty("path").GetString());
        Assert.False(app.TryGetProperty("cmd", out _));
        Assert.Equal(1, _done);
    }

    [Fact]
    public void Preview_shows_what_would_be_done_until_something_is_changed()
    {
        _console.Engine.Answer = _ => ScriptedServices.Reply(200, """{"steps":[{"actions":[{"action":"ScaleApplication","app":"/a"}]}],"apps":[{"id":"/a","change":"scaled","starts":2,"stops":0,"replaces":0,"stays":1,"fields":[{"path":"/instances","before":1,"after":3}]}],"groups":[],"lockedBy":[]}""");
        var draft = AppDraft.New();
        draft.TextChanged("""{ "id": "/a", "cmd": "x" }""");
        var dialog = Open(draft);
        Press(dialog, "Preview");

        Assert.True(Assert.Single(_console.Engine.Commands).Terms.DryRun);
        Assert.Equal(0, _done);
        Assert.Contains("/a scaled: 2 start, 1 stay", dialog.Find(".plan h3").TextContent, StringComparison.Ordinal);
        Assert.Equal("/instances13", dialog.Find(".plan tr").TextContent.Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal));
        Type(dialog, "/instances", "4");
        Assert.Empty(dialog.FindAll(".plan"));
    }

    [Fact]
    public void Dialog_submitted_with_mistakes_sends_nothing_and_shows_them_at_their_fields()
    {
        var dialog = Open(AppDraft.New());
        Type(dialog, "/cpus", "many");
        Assert.Empty(dialog.FindAll(".error"));
        Press(dialog, "Create");

        Assert.Empty(_console.Engine.Commands);
        Assert.Equal("invalid", Field(dialog, "/cpus").ClassList[^1]);
        Assert.Contains("number", Field(dialog, "/cpus").ParentElement!.QuerySelector(".error")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("3 to correct", dialog.Find(".foot-hint").TextContent, StringComparison.Ordinal);

        Type(dialog, "/cpus", "0.5");
        Assert.Equal("input", Field(dialog, "/cpus").ClassName!.Trim());
    }

    [Fact]
    public void Dialog_refused_by_the_engine_goes_to_the_section_of_the_field_and_shows_the_rest_below()
    {
        _console.Engine.Answer = _ => ScriptedServices.Reply(422, """{"message":"Object is not valid","details":[{"path":"/container/volumes(0)/hostPath","errors":["--policy=baseline does not allow it"]},{"path":"/readinessChecks(0)","errors":["odd"]}]}""");
        var draft = AppDraft.New();
        draft.TextChanged("""{ "id": "/a", "cmd": "x", "container": { "type": "MESOS", "volumes": [{ "containerPath": "/d", "hostPath": "/etc", "mode": "RO" }] } }""");
        var dialog = Open(draft);
        Press(dialog, "Create");

        Assert.Equal("Volumes", dialog.Find(".sections .on").TextContent.Trim()[..7]);
        Assert.Contains("--policy=baseline", Field(dialog, "/container/volumes(0)/hostPath").ParentElement!.TextContent, StringComparison.Ordinal);
        Assert.Contains("/readinessChecks(0): odd", dialog.Find(".note").TextContent, StringComparison.Ordinal);
        Assert.Equal(0, _done);
    }

    [Fact]
    public void Dialog_held_by_a_deployment_offers_to_force_and_does()
    {
        _console.Engine.Answer = command => command is MarathonCommand.UpdateApps { Force: false } ? ScriptedServices.Reply(409, """{"message":"App is locked","deployments":[{"id":"d1"}]}""") : ScriptedServices.Reply(200, "{}");
        var dialog = Open(AppDraft.Edit(Services.Definition("""{ "id": "/a", "cmd": "x" }""")));
        Type(dialog, "/instances", "2");
        Press(dialog, "Deploy changes");
        Assert.Contains("App is locked", dialog.Find(".note").TextContent, StringComparison.Ordinal);
        Press(dialog, "Deploy changes anyway");

        var update = Assert.IsType<MarathonCommand.UpdateApps>(_console.Engine.Commands[1]);
        Assert.Equal(("""{"instances":2}""", true), (update.Update.GetRawText(), update.Force));
        Assert.Equal(1, _done);
    }

    [Fact]
    public void Dialog_with_json_beside_the_form_keeps_both_in_step()
    {
        var dialog = Open(AppDraft.New());
        Press(dialog, "JSON");
        Type(dialog, "/id", "/typed");
        Assert.Contains("\"id\": \"/typed\"", dialog.Find(".json textarea").GetAttribute("value"), StringComparison.Ordinal);

        dialog.Find(".json textarea").Input("""{ "id": "/written", "cmd": "x", "x-owner": 1 }""");
        Assert.Equal("/written", Field(dialog, "/id").GetAttribute("value"));

        Type(dialog, "/mem", "64");
        Assert.Contains("x-owner", dialog.Find(".json textarea").GetAttribute("value"), StringComparison.Ordinal);

        dialog.Find(".json textarea").Input("{ broken");
        Assert.Contains("Line 1", dialog.Find(".json .error").TextContent, StringComparison.Ordinal);
        Assert.True(Button(dialog, "Create").HasAttribute("disabled"));
        Assert.Equal("/written", Field(dialog, "/id").GetAttribute("value"));
    }

    private IRenderedComponent<AppDialog> Open(AppDraft draft) =>
        _console.Render<AppDialog>(parameters => parameters.Add(dialog => dialog.Draft, draft).Add(dialog => dialog.OnDone, _ => _done++).Add(dialog => dialog.OnClose, () => { }));

    private static IElement Field(IRenderedComponent<AppDialog> dialog, string path) => dialog.Find($"[data-field='{path}']");

    private static void Type(IRenderedComponent<AppDialog> dialog, string path, string text) => Field(dialog, path).Input(text);

    private static void Section(IRenderedComponent<AppDialog> dialog, string title) => dialog.FindAll(".sections button").Single(button => button.TextContent.Trim().StartsWith(title, StringComparison.Ordinal)).Click();

    private static IElement Button(IRenderedComponent<AppDialog> dialog, string text) => dialog.FindAll("button").Single(button => button.TextContent.Trim() == text);

    private static void Press(IRenderedComponent<AppDialog> dialog, string text) => Button(dialog, text).Click();
}
