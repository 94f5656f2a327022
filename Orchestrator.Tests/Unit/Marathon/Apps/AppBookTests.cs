using System.Text.Json;
using Orchestrator.Core.Marathon;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Tests.Support;
using static Orchestrator.Tests.Support.ServicesHarness;

namespace Orchestrator.Tests.Unit.Marathon.Apps;

/// <summary>Answers of calls that change apps: statuses, bodies, versions.</summary>
public sealed class AppBookTests
{
    private const string Web = "{'id':'/web','cmd':'x','cpus':0.1,'mem':32}";

    private static ServicesHarness Running(string app = Web)
    {
        var services = new ServicesHarness().Subscribed();
        Assert.Equal(201, services.Create(app).Status);
        return services;
    }

    private static (string Path, string Error) Detail(MarathonReply reply)
    {
        var detail = Body(reply).GetProperty("details")[0];
        return (detail.GetProperty("path").GetString()!, detail.GetProperty("errors")[0].GetString()!);
    }

    [Fact]
    public void Body_of_the_wrong_types_is_refused_with_invalid_json()
    {
        var reply = new ServicesHarness().Create("{'id':'/web','cmd':1}");

        Assert.Equal((422, "Invalid JSON"), (reply.Status, Body(reply).GetProperty("message").GetString()));
        Assert.Equal(("/cmd", "error.expected.jsstring"), Detail(reply));
    }

    [Fact]
    public void App_whose_path_is_another_s_with_a_zero_behind_it_is_not_below_it()
    {
        var services = Running();
        Assert.Equal(201, services.Create(Web.Replace("/web", "/web0", StringComparison.Ordinal)).Status);

        Assert.Equal(200, services.Update("/web", "{'instances':2}").Status);
        Assert.Equal(422, services.Create(Web.Replace("/web", "/web/a", StringComparison.Ordinal)).Status);
    }

    [Fact]
    public void Body_that_makes_no_sense_is_refused_as_not_valid()
    {
        var reply = new ServicesHarness().Create("{'id':'/web','cmd':'x','cpus':-1}");

        Assert.Equal((422, "Object is not valid"), (reply.Status, Body(reply).GetProperty("message").GetString()));
        Assert.Equal("/cpus", Detail(reply).Path);
    }

    [Fact]
    public void Refused_definition_leaves_nothing_behind()
    {
        var services = new ServicesHarness();
        services.Create("{'id':'/web','cmd':'x','cpus':-1}");

        Assert.Empty(services.Journal);
        Assert.Empty(services.Snapshot.Apps);
        Assert.Empty(services.Events);
    }

    [Theory]
    [InlineData("/web/api", "'/web' is an app")]
    [InlineData("/", "root path")]
    public void App_where_a_group_or_nothing_can_be_is_refused(string id, string problem)
    {
        var reply = Running().Create($"{{'id':'{id}','cmd':'x'}}");

        Assert.Equal(422, reply.Status);
        Assert.Equal("/id", Detail(reply).Path);
        Assert.Contains(problem, Detail(reply).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void App_above_another_app_is_refused()
    {
        var reply = Running("{'id':'/shop/web','cmd':'x'}").Create("{'id':'/shop','cmd':'x'}");

        Assert.Equal(("/id", 422), (Detail(reply).Path, reply.Status));
    }

    [Fact]
    public void New_app_answers_with_its_definition_zero_counts_and_its_deployment()
    {
        var reply = new ServicesHarness().Create(Web);

        var body = Body(reply);
        Assert.Equal(["tasksStaged", "tasksRunning", "tasksHealthy", "tasksUnhealthy"], new[] { "tasksStaged", "tasksRunning", "tasksHealthy", "tasksUnhealthy" }.Where(name => body.GetProperty(name).GetInt32() == 0));
        Assert.Equal(body.GetProperty("version").GetString(), body.GetProperty("versionInfo").GetProperty("lastConfigChangeAt").GetString());
        Assert.Equal(10000, body.GetProperty("portDefinitions")[0].GetProperty("port").GetInt32());
    }

    [Fact]
    public void Service_ports_of_two_apps_differ_and_a_deleted_app_gives_its_own_back()
    {
        var services = Running();
        services.Create("{'id':'/b','cmd':'x'}");
        Assert.Equal(10001, services.App("/b").Definition.PortDefinitions[0].Port);

        services.Delete("/web");
        services.Create("{'id':'/c','cmd':'x'}");

        Assert.Equal(10000, services.App("/c").Definition.PortDefinitions[0].Port);
    }

    [Fact]
    public void Service_ports_that_are_exhausted_are_told_with_the_range()
    {
        var services = new ServicesHarness(options => options with { LocalPortMax = 10000 });
        services.Create(Web);

        var reply = services.Create("{'id':'/b','cmd':'x'}");

        Assert.Equal(500, reply.Status);
        Assert.Contains("10000 to 10000", Body(reply).GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Update_that_changes_nothing_answers_200_with_an_ended_deployment()
    {
        var services = Running();
        var (before, tasks) = (services.App().Definition, services.TaskIds());

        var reply = services.Update("/web", "{'cmd':'x'}");

        Assert.Equal(200, reply.Status);
        Assert.NotNull(reply.DeploymentId);
        Assert.Equal(before.Version, services.App().Definition.Version);
        Assert.Equal(tasks, services.TaskIds());
        Assert.Equal(reply.DeploymentId, services.EventsOf("deployment_success").Last().GetProperty("id").GetString());
        Assert.Single(services.App().Versions);
    }

    [Fact]
    public void Scaling_keeps_the_time_of_the_last_configuration()
    {
        var services = Running();
        var before = services.App().Definition;
        services.Now += TimeSpan.FromSeconds(1);

        services.Update("/web", "{'instances':2}");

        var after = services.App().Definition;
        Assert.Equal(before.LastConfigChangeAt, after.LastConfigChangeAt);
        Assert.True(after.Version > before.Version);
        Assert.Equal(after.Version, after.LastScalingAt);
    }

    [Fact]
    public void Put_of_an_app_that_is_missing_creates_it_and_patch_does_not()
    {
        var services = new ServicesHarness().Subscribed();

        var patch = services.Update("/web", "{'cmd':'x'}", mayCreate: false);
        Assert.Equal((404, "App '/web' does not exist"), (patch.Status, Body(patch).GetProperty("message").GetString()));

        var put = services.Update("/web", "{'cmd':'x'}");
        Assert.Equal((201, "/web"), (put.Status, put.Location));
        Assert.Equal(1, services.App().TasksRunning);
    }

    [Fact]
    public void Replacing_update_sets_back_what_it_does_not_say()
    {
        var services = Running("{'id':'/web','cmd':'x','cpus':0.1,'mem':32,'instances':3,'env':{'A':'1'}}");

        services.Update("/web", "{'cmd':'x','cpus':0.1,'mem':32}", partial: false);

        Assert.Equal(1, services.App().Definition.Instances);
        Assert.Empty(services.App().Definition.Env);
    }

    [Fact]
    public void Version_alone_rolls_back_to_it()
    {
        var services = Running();
        var first = Timestamps.Write(services.App().Definition.Version);
        services.Now += TimeSpan.FromSeconds(1);
        services.Update("/web", "{'cmd':'y'}");

        var reply = services.Update("/web", $"{{'version':'{first}','id':'/web'}}");

        Assert.Equal(200, reply.Status);
        Assert.Equal("x", services.App().Definition.Cmd);
        Assert.Equal(3, services.App().Versions.Count);
        Assert.Equal(services.App().Versions.OrderDescending(), services.App().Versions);
    }

    [Fact]
    public void Version_with_other_fields_or_unknown_or_malformed_is_refused()
    {
        var services = Running();

        var mixed = services.Update("/web", "{'version':'2020-01-01T00:00:00.000Z','cmd':'y'}");
        Assert.Equal(422, mixed.Status);
        Assert.Contains("may only be combined with the 'id' field", Detail(mixed).Error, StringComparison.Ordinal);
        Assert.Equal(422, services.Update("/web", "{'version':'yesterday'}").Status);
        var unknown = services.Update("/web", "{'version':'2020-01-01T00:00:00.000Z'}");
        Assert.Equal((404, "App '/web' does not exist in version 2020-01-01T00:00:00.000Z"), (unknown.Status, Body(unknown).GetProperty("message").GetString()));
    }

    [Fact]
    public void Versions_are_kept_up_to_their_limit()
    {
        var services = new ServicesHarness(options => options with { MaxVersions = 3 }).Subscribed();
        services.Create(Web);
        for (var i = 2; i < 8; i++)
        {
            services.Update("/web", $"{{'env':{{'I':'{i}'}}}}");
        }

        Assert.InRange(services.App().Versions.Count, 3, 4);
        Assert.Equal(services.App().Versions.Count, services.Journal.Keys.Count(key => key.StartsWith("version/", StringComparison.Ordinal)));
        Assert.Equal("7", services.App().Definition.Env["I"].Text);
    }

    private static MarathonReply Put(ServicesHarness services, string array)
    {
        var reply = services.Tell(new MarathonCommand.UpdateApps(null, Json(array), true, true, false, Origin));
        services.Run();
        return reply;
    }

    [Fact]
    public void Service_ports_are_the_lowest_that_are_free_also_those_given_back()
    {
        var services = new ServicesHarness().Subscribed();
        Put(services, "[{'id':'/a','cmd':'x'},{'id':'/b','cmd':'x'},{'id':'/c','cmd':'x','ports':[10003]}]");
        services.Delete("/a");

        Put(services, "[{'id':'/d','cmd':'x','ports':[0,0]},{'id':'/e','cmd':'x'}]");

        Assert.Equal([10001, 10003, 10000, 10002, 10004], services.Snapshot.Apps.SelectMany(app => app.Definition.Ports).Select(port => port.Service));
    }

    [Fact]
    public void Array_of_apps_is_one_deployment()
    {
        var services = Running();

        var reply = Put(services, "[{'id':'/web','instances':2},{'id':'/b','cmd':'y'}]");

        Assert.Equal(200, reply.Status);
        Assert.Equal((2, 1), (services.App().TasksRunning, services.App("/b").TasksRunning));
        Assert.Equal(services.App().Definition.Version, services.App("/b").Definition.Version);
    }

    [Theory]
    [InlineData("[{'cmd':'x'}]", "/(0)/id")]
    [InlineData("[{'id':'/a','cmd':'x'},{'id':'/a','cmd':'x'}]", "/(1)/id")]
    [InlineData("[1]", "/(0)")]
    [InlineData("{}", "/")]
    public void Array_with_a_wrong_member_changes_nothing(string array, string path)
    {
        var services = new ServicesHarness();

        var reply = Put(services, array);

        Assert.Equal((422, path), (reply.Status, Detail(reply).Path));
        Assert.Empty(services.Snapshot.Apps);
    }

    [Fact]
    public void Array_whose_dependencies_come_back_to_themselves_is_refused()
    {
        var reply = Put(new ServicesHarness(), "[{'id':'/a','cmd':'x','dependencies':['/b']},{'id':'/b','cmd':'x','dependencies':['/a']}]");

        Assert.Equal((422, "/(0)/dependencies"), (reply.Status, Detail(reply).Path));
        Assert.Contains("cyclic", Detail(reply).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Calls_for_an_app_that_is_missing_answer_404()
    {
        var services = new ServicesHarness();

        Assert.All([services.Delete("/x"), services.Restart("/x"), services.Kill("/x")], reply =>
            Assert.Equal((404, "App '/x' does not exist"), (reply.Status, Body(reply).GetProperty("message").GetString())));
    }

    [Fact]
    public void Delay_of_an_app_that_does_not_wait_is_not_found()
    {
        var reply = Running().Tell(new MarathonCommand.ResetDelay("/web", Origin));

        Assert.Equal((404, "Application /web not found in tasks queue."), (reply.Status, Body(reply).GetProperty("message").GetString()));
    }

    [Fact]
    public void Deployment_result_holds_version_and_id()
    {
        var services = Running();

        var body = Body(services.Update("/web", "{'instances':2}"));

        Assert.Equal(["deploymentId", "version"], body.EnumerateObject().Select(field => field.Name).Order());
        Assert.Equal(Timestamps.Write(services.App().Definition.Version), body.GetProperty("version").GetString());
        Assert.Equal(JsonValueKind.String, body.GetProperty("deploymentId").ValueKind);
    }
}
