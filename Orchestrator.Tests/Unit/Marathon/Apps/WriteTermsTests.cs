using System.Text.Json;
using Orchestrator.Core.Marathon;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Marathon.Apps;

/// <summary>Dry runs, strict bodies, merge patches and conditions of writes to apps.</summary>
public sealed class WriteTermsTests
{
    private const string Web = "{'id':'/web','cmd':'web','cpus':0.1,'mem':32,'instances':3,'labels':{'a/b':'1','c':'2'},'env':{'X':'1'},'user':'nobody'}";

    [Fact]
    public void Dry_run_of_a_change_names_each_field_and_changes_nothing()
    {
        var services = Running(out var before, out var journal);

        var plan = Plan(services, Update("{'cpus':0.2,'instances':5,'labels':{'a/b':'9'}}"));

        Assert.Equal("RestartApplication", plan.GetProperty("steps")[0].GetProperty("actions")[0].GetProperty("action").GetString());
        var app = plan.GetProperty("apps")[0];
        Assert.Equal("changed", app.GetProperty("change").GetString());
        Assert.Equal((2, 0, 3, 0), Counts(app));
        Assert.Equal(
            ["/instances 3 5", "/cpus 0.1 0.2", "/labels/a~1b \"1\" \"9\"", "/labels/c \"2\" -"],
            app.GetProperty("fields").EnumerateArray().Select(field => $"{field.GetProperty("path").GetString()} {Raw(field, "before")} {Raw(field, "after")}"));
        Assert.Same(before, services.App());
        Assert.Equal(journal, services.Log.Count);
    }

    [Theory]
    [InlineData("{'instances':5}", "scaled", 2, 0, 0, 3)]
    [InlineData("{'instances':1}", "scaled", 0, 2, 0, 1)]
    [InlineData("{'cmd':'other','instances':1}", "changed", 0, 2, 1, 0)]
    public void Dry_run_counts_what_starts_stops_moves_and_stays(string update, string change, int starts, int stops, int replaces, int stays)
    {
        var app = Plan(Running(out _, out _), Update(update)).GetProperty("apps")[0];

        Assert.Equal(change, app.GetProperty("change").GetString());
        Assert.Equal((starts, stops, replaces, stays), Counts(app));
    }

    [Fact]
    public void Dry_run_of_a_change_to_nothing_new_is_an_empty_plan()
    {
        var plan = Plan(Running(out _, out _), Update("{'cmd':'web'}"));

        Assert.Equal((0, 0), (plan.GetProperty("steps").GetArrayLength(), plan.GetProperty("apps").GetArrayLength()));
    }

    [Fact]
    public void Dry_runs_of_the_other_writes_are_plans_too()
    {
        var services = Running(out var before, out var journal);

        var restart = Plan(services, new MarathonCommand.RestartApp("/web", false, ServicesHarness.Origin));
        var delete = Plan(services, new MarathonCommand.DeleteApp("/web", true, ServicesHarness.Origin));
        var create = Plan(services, new MarathonCommand.CreateApp(ServicesHarness.Json("{'id':'/g/new','cmd':'x','instances':2}"), false, ServicesHarness.Origin));
        var scale = Plan(services, new MarathonCommand.KillTasks("/web", [services.TaskIds()[0]], null, true, false, false, ServicesHarness.Origin));

        Assert.Equal(("restarted", (0, 0, 3, 0)), Of(restart));
        Assert.Equal(("deleted", (0, 3, 0, 0)), Of(delete));
        Assert.Equal(("created", (2, 0, 0, 0)), Of(create));
        Assert.Equal("/g created", $"{create.GetProperty("groups")[0].GetProperty("id").GetString()} {create.GetProperty("groups")[0].GetProperty("change").GetString()}");
        Assert.Equal(("scaled", (0, 1, 0, 2)), Of(scale));
        Assert.Same(before, services.App());
        Assert.Equal(journal, services.Log.Count);
    }

    [Fact]
    public void Dry_run_of_a_kill_names_the_tasks_and_ends_none()
    {
        var services = Running(out var before, out _);

        var tasks = Plan(services, new MarathonCommand.KillTasks("/web", null, null, false, false, false, ServicesHarness.Origin));
        services.Run();

        Assert.Equal(3, tasks.GetProperty("tasks").GetArrayLength());
        Assert.Same(before, services.App());
    }

    [Fact]
    public void Dry_run_names_the_deployments_that_stand_in_the_way()
    {
        var services = new ServicesHarness();
        services.Create(Web);

        var plan = Plan(services, Update("{'cpus':0.2}"));

        Assert.Equal(services.Snapshot.Deployments.Single().Id, plan.GetProperty("lockedBy")[0].GetProperty("id").GetString());
    }

    [Fact]
    public void Dry_run_of_what_is_wrong_says_so()
    {
        var reply = Running(out _, out _).Tell(Update("{'cpus':-1}") with { Terms = new WriteTerms { DryRun = true } });

        Assert.Equal(422, reply.Status);
    }

    [Theory]
    [InlineData("{'instnces':3}", "/instnces", "did you mean 'instances'?")]
    [InlineData("{'container':{'docker':{'image':'x','privileged':false,'forcePullImag':true}}}", "/container/docker/forcePullImag", "did you mean 'forcePullImage'?")]
    [InlineData("{'healthChecks':[{'protocol':'TCP'},{'intervall':3}]}", "/healthChecks(1)/intervall", "is not a known field; known here are")]
    [InlineData("{'upgradeStrategy':{'minimumHealthCapacty':1}}", "/upgradeStrategy/minimumHealthCapacty", "did you mean 'minimumHealthCapacity'?")]
    public void Strict_body_with_an_unknown_field_says_where_and_what_was_meant(string update, string path, string text)
    {
        var services = Running(out var before, out _);

        var reply = services.Tell(Update(update) with { Terms = new WriteTerms { Strict = true } });

        var detail = ServicesHarness.Body(reply).GetProperty("details")[0];
        Assert.Equal((422, path), (reply.Status, detail.GetProperty("path").GetString()));
        Assert.Contains(text, detail.GetProperty("errors")[0].GetString(), StringComparison.Ordinal);
        Assert.Same(before, services.App());
    }

    [Theory]
    [MemberData(nameof(AppParserTests.Definitions), MemberType = typeof(AppParserTests))]
    public void Strict_body_may_hold_whatever_an_answer_holds(string definition)
    {
        var errors = new FieldErrors();
        KnownFields.App.Check(ServicesHarness.Json(definition), errors);
        KnownFields.App.Check(ServicesHarness.Json(System.Text.Encoding.UTF8.GetString(AppJson.ToBytes(AppParser.Parse(ServicesHarness.Json(definition), null, errors)))), errors);

        Assert.Empty(errors.All);
    }

    [Fact]
    public void Strict_array_says_which_member()
    {
        var reply = new ServicesHarness().Tell(new MarathonCommand.UpdateApps(null, ServicesHarness.Json("[{'id':'/a','cmd':'x'},{'id':'/b','cmd':'x','cpu':1}]"), true, true, false, ServicesHarness.Origin) { Terms = new WriteTerms { Strict = true } });

        Assert.Equal("/(1)/cpu", ServicesHarness.Body(reply).GetProperty("details")[0].GetProperty("path").GetString());
    }

    [Fact]
    public void Unknown_field_without_strict_is_passed_over() => Assert.Equal(200, Running(out _, out _).Tell(Update("{'instnces':3}")).Status);

    [Fact]
    public void Merge_patch_merges_objects_and_removes_what_is_null()
    {
        var services = Running(out _, out _);

        var reply = services.Tell(Update("{'user':null,'labels':{'c':null,'d':'3'},'instances':null}") with { Terms = new WriteTerms { MergePatch = true } });

        var app = services.App().Definition;
        Assert.Equal(200, reply.Status);
        Assert.Null(app.User);
        Assert.Equal(["a/b=1", "d=3"], app.Labels.Select(label => $"{label.Key}={label.Value}"));
        Assert.Equal((1, "1"), (app.Instances, app.Env["X"].Text));
    }

    [Fact]
    public void Merge_patch_in_old_forms_replaces_the_new_ones()
    {
        var services = Running(out _, out _);

        services.Tell(Update("{'ports':[8080],'args':['a'],'cmd':null,'container':{'docker':{'image':'nginx'}}}") with { Terms = new WriteTerms { MergePatch = true } });

        Assert.Equal(8080, services.App().Definition.PortDefinitions.Single().Port);
        Assert.Null(services.App().Definition.Cmd);
    }

    [Fact]
    public void Condition_on_the_version_lets_one_of_two_writers_win()
    {
        var services = Running(out var before, out _);
        var terms = new WriteTerms { IfMatch = [Timestamps.Write(before.Definition.Version)] };

        Assert.Equal(200, services.Tell(Update("{'instances':4}") with { Terms = terms }).Status);
        services.Run();
        var late = services.Tell(Update("{'instances':9}") with { Terms = terms });

        Assert.Equal(412, late.Status);
        Assert.Equal(4, services.App().Definition.Instances);
        Assert.Equal(412, services.Tell(new MarathonCommand.DeleteApp("/web", true, ServicesHarness.Origin) { Terms = terms }).Status);
        Assert.Equal(412, services.Tell(new MarathonCommand.RestartApp("/web", true, ServicesHarness.Origin) { Terms = terms }).Status);
        Assert.Equal(412, services.Tell(Update("{'instances':9}") with { Terms = new WriteTerms { MustBeNew = true } }).Status);
    }

    [Fact]
    public void Condition_on_what_is_not_there_does_not_hold()
    {
        var put = new MarathonCommand.UpdateApps("/new", ServicesHarness.Json("{'cmd':'x'}"), true, true, false, ServicesHarness.Origin);

        Assert.Equal(412, new ServicesHarness().Tell(put with { Terms = new WriteTerms { IfMatch = ["*"] } }).Status);
        Assert.Equal(201, new ServicesHarness().Tell(put with { Terms = new WriteTerms { MustBeNew = true } }).Status);
    }

    private static ServicesHarness Running(out Core.Views.Services.AppView app, out int journal)
    {
        var services = new ServicesHarness().Subscribed();
        services.Create(Web);
        (app, journal) = (services.App(), services.Log.Count);
        Assert.Equal(3, app.TasksRunning);
        return services;
    }

    private static MarathonCommand.UpdateApps Update(string json) => new("/web", ServicesHarness.Json(json), true, true, false, ServicesHarness.Origin);

    private static JsonElement Plan(ServicesHarness services, MarathonCommand command)
    {
        var reply = services.Tell(command with { Terms = new WriteTerms { DryRun = true } });
        Assert.Equal(200, reply.Status);
        return ServicesHarness.Body(reply);
    }

    private static (string?, (int, int, int, int)) Of(JsonElement plan) => (plan.GetProperty("apps")[0].GetProperty("change").GetString(), Counts(plan.GetProperty("apps")[0]));

    private static (int Starts, int Stops, int Replaces, int Stays) Counts(JsonElement app) =>
        (app.GetProperty("starts").GetInt32(), app.GetProperty("stops").GetInt32(), app.GetProperty("replaces").GetInt32(), app.GetProperty("stays").GetInt32());

    private static string Raw(JsonElement field, string name) => field.TryGetProperty(name, out var value) ? value.GetRawText() : "-";
}
