using Orchestrator.Core.Marathon;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Marathon.Groups;

/// <summary>Groups as calls create, change, scale, set back and delete them.</summary>
public sealed class GroupBookTests
{
    private const string Shop = """
        {'id':'/shop','apps':[{'id':'web','cmd':'web','cpus':0.1,'dependencies':['db/main']}],
         'groups':[{'id':'db','apps':[{'id':'main','cmd':'db','cpus':0.1},{'id':'/shop/db/replica','cmd':'db','cpus':0.1,'instances':2,'dependencies':['main']}]}]}
        """;

    [Fact]
    public void Nested_groups_with_relative_ids_become_apps_and_groups()
    {
        var services = With(Shop, out var reply);

        Assert.Equal((201, "/shop"), (reply.Status, reply.Location));
        Assert.Equal(["/shop/db/main", "/shop/db/replica", "/shop/web"], services.Snapshot.Apps.Select(app => app.Id));
        Assert.Equal(["/", "/shop", "/shop/db"], services.Snapshot.Groups.Select(group => group.Id));
        Assert.Equal("/shop/db/main", services.App("/shop/db/replica").Definition.Dependencies.Single());
        Assert.All(services.Snapshot.Apps, app => Assert.Equal(services.Snapshot.Groups[0].Version, app.Definition.Version));
    }

    [Fact]
    public void Group_that_is_there_or_an_app_on_its_path_is_a_conflict()
    {
        var services = With(Shop, out _);

        Assert.Equal(409, Post(services, "{'id':'/shop'}").Status);
        Assert.Equal(409, Post(services, "{'id':'/shop/web'}").Status);
        Assert.Equal(409, Post(services, "{}").Status);
    }

    [Fact]
    public void Put_replaces_the_children_that_it_names_and_keeps_the_others()
    {
        var services = With(Shop, out _);

        var reply = Put(services, "/shop", "{'apps':[{'id':'api','cmd':'api','cpus':0.1}]}");

        Assert.Equal(200, reply.Status);
        Assert.Equal(["/shop/api", "/shop/db/main", "/shop/db/replica"], services.Snapshot.Apps.Select(app => app.Id));
        Put(services, "/shop", "{'groups':[]}");
        Assert.Equal(["/shop/api"], services.Snapshot.Apps.Select(app => app.Id));
        Assert.Equal(["/", "/shop"], services.Snapshot.Groups.Select(group => group.Id));
    }

    [Fact]
    public void Put_of_a_missing_group_makes_it_with_those_above_and_answers_200()
    {
        var services = new ServicesHarness().Subscribed();

        Assert.Equal(200, Put(services, "/a/b/c", "{'dependencies':['../x']}").Status);

        Assert.Equal(["/", "/a", "/a/b", "/a/b/c"], services.Snapshot.Groups.Select(group => group.Id));
        Assert.Equal("/a/b/x", services.Snapshot.Groups[3].Dependencies.Single());
        Assert.Equal(404, Put(services, "/gone", "{'scaleBy':2}").Status);
    }

    [Fact]
    public void Put_of_the_same_tree_restarts_nothing()
    {
        var services = With(Shop, out _);
        var tasks = services.Snapshot.Apps.SelectMany(app => app.Instances).Select(instance => instance.TaskId).ToList();
        var versions = services.Snapshot.Apps.Select(app => app.Definition.Version).ToList();

        Put(services, "/", Shop);

        Assert.Equal(tasks, services.Snapshot.Apps.SelectMany(app => app.Instances).Select(instance => instance.TaskId));
        Assert.Equal(versions, services.Snapshot.Apps.Select(app => app.Definition.Version));
    }

    [Theory]
    [InlineData(2, 2, 4)]
    [InlineData(1.5, 2, 3)]
    [InlineData(0, 0, 0)]
    public void Scaling_multiplies_and_rounds_up_at_every_depth(double scale, int main, int replica)
    {
        var services = With(Shop, out _);

        var reply = Put(services, "/shop", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{{'scaleBy':{scale}}}"));

        Assert.Equal(200, reply.Status);
        Assert.Equal((main, replica), (services.App("/shop/db/main").Instances.Count, services.App("/shop/db/replica").Instances.Count));
    }

    [Fact]
    public void Scaling_by_tenths_does_not_count_the_error_of_binary_fractions()
    {
        var services = With("{'id':'/g','apps':[{'id':'a','cmd':'x','cpus':0.1,'instances':10}]}", out _);

        Put(services, "/g", "{'scaleBy':1.1}");

        Assert.Equal(11, services.App("/g/a").Definition.Instances);
    }

    [Theory]
    [InlineData("{'scaleBy':2,'apps':[]}", "/scaleBy")]
    [InlineData("{'version':'2026-01-31T12:00:00.000Z','scaleBy':2}", "/version")]
    [InlineData("{'scaleBy':-1}", "/scaleBy")]
    [InlineData("{'version':'yesterday'}", "/version")]
    [InlineData("{'version':'2001-01-31T12:00:00.000Z'}", "/version")]
    [InlineData("{'id':'/other','apps':[]}", "/id")]
    [InlineData("{'apps':[{'id':'/other/x','cmd':'x'}]}", "/apps(0)/id")]
    [InlineData("{'apps':[{'id':'x/y','cmd':'x'}]}", "/apps(0)/id")]
    [InlineData("{'apps':[{'cmd':'x'}]}", "/apps(0)/id")]
    [InlineData("{'apps':[{'id':'x','cmd':'x','cpus':-1}]}", "/apps(0)/cpus")]
    [InlineData("{'apps':[{'id':'x','cmd':7}]}", "/apps(0)/cmd")]
    [InlineData("{'groups':[{'id':'a'},{'id':'a'}]}", "/groups(1)/id")]
    [InlineData("{'groups':[{'id':'a','apps':[{'id':'x'}]}]}", "/groups(0)/apps(0)")]
    [InlineData("{'groups':[{'id':'a','scaleBy':2}]}", "/groups(0)/scaleBy")]
    [InlineData("{'groups':[{'apps':[]}]}", "/groups(0)/id")]
    [InlineData("{'groups':7}", "/groups")]
    [InlineData("{'groups':[{'id':'web'}]}", "/groups(0)/id")]
    [InlineData("{'enforceRole':true}", "/enforceRole")]
    [InlineData("[]", "/")]
    public void Group_that_cannot_be_changes_nothing_and_says_where(string body, string path)
    {
        var services = With("{'id':'/shop','apps':[{'id':'web','cmd':'x','cpus':0.1}]}", out _);
        var version = services.Snapshot.Groups[0].Version;

        var reply = Put(services, "/shop", body);

        Assert.Equal(422, reply.Status);
        Assert.Equal(path, ServicesHarness.Body(reply).GetProperty("details")[0].GetProperty("path").GetString());
        Assert.Equal((version, 1), (services.Snapshot.Groups[0].Version, services.Snapshot.Apps.Count));
    }

    [Fact]
    public void Group_goes_back_to_a_version_and_what_runs_its_content_goes_on()
    {
        var services = With(Shop, out _);
        var first = services.Snapshot.Groups[0].Version;
        var kept = services.TaskIds("/shop/db/main");
        services.Update("/shop/web", "{'cmd':'other'}");
        services.Delete("/shop/db/replica");
        services.Create("{'id':'/shop/new','cmd':'x','cpus':0.1}");
        services.Create("{'id':'/elsewhere','cmd':'x','cpus':0.1}");

        var reply = Put(services, "/shop", $"{{'version':'{Timestamps.Write(first)}'}}");

        Assert.Equal(200, reply.Status);
        Assert.Equal(["/elsewhere", "/shop/db/main", "/shop/db/replica", "/shop/web"], services.Snapshot.Apps.Select(app => app.Id));
        Assert.Equal("web", services.App("/shop/web").Definition.Cmd);
        Assert.Equal(kept, services.TaskIds("/shop/db/main"));
        Assert.Equal(2, services.App("/shop/db/replica").TasksRunning);
    }

    [Fact]
    public void History_and_groups_outlive_a_restart()
    {
        var services = With(Shop, out _);
        var first = services.Snapshot.Groups[0].Version;
        Put(services, "/empty", "{'dependencies':['/shop']}");
        services.Delete("/shop/web");
        services.Delete("/shop/db/replica");
        var groups = services.Snapshot.Groups;

        var next = services.Restart();

        Assert.Equal(groups.Select(group => (group.Id, group.Version, string.Join(',', group.Dependencies))), next.Snapshot.Groups.Select(group => (group.Id, group.Version, string.Join(',', group.Dependencies))));
        Assert.Equal(200, Put(next, "/shop", $"{{'version':'{Timestamps.Write(first)}'}}").Status);
        Assert.Equal(["/shop/db/main", "/shop/db/replica", "/shop/web"], next.Snapshot.Apps.Select(app => app.Id));
    }

    [Fact]
    public void Journal_without_records_of_groups_has_those_that_ids_name()
    {
        var services = With(Shop, out _);
        foreach (var key in services.Journal.Keys.Where(key => key.StartsWith("group/", StringComparison.Ordinal) || key.StartsWith("tree/", StringComparison.Ordinal)).ToList())
        {
            services.Journal.Remove(key);
        }

        Assert.Equal(["/", "/shop", "/shop/db"], services.Restart().Snapshot.Groups.Select(group => group.Id));
    }

    [Fact]
    public void History_is_bounded_in_memory_and_in_the_journal()
    {
        var services = new ServicesHarness(options => options with { MaxVersions = 3 }).Subscribed();
        for (var i = 0; i < 9; i++)
        {
            Put(services, $"/g{i}", "{}");
        }

        Assert.Equal(3, services.Snapshot.TreeHistory.Count);
        Assert.Equal(3, services.Journal.Keys.Count(key => key.StartsWith("tree/", StringComparison.Ordinal)));
    }

    [Fact]
    public void Deletion_takes_everything_below_and_nothing_beside()
    {
        var services = With(Shop, out _);
        services.Create("{'id':'/shopping','cmd':'x','cpus':0.1}");

        Assert.Equal(404, Delete(services, "/gone").Status);
        Assert.Equal(200, Delete(services, "/shop").Status);

        Assert.Equal(["/shopping"], services.Snapshot.Apps.Select(app => app.Id));
        Assert.Equal(["/"], services.Snapshot.Groups.Select(group => group.Id));
        Assert.Equal(200, Delete(services, "/").Status);
        Assert.Empty(services.Snapshot.Apps);
        Assert.Equal(["/"], services.Snapshot.Groups.Select(group => group.Id));
    }

    [Fact]
    public void Group_that_a_deployment_holds_needs_force_and_the_refusal_names_it()
    {
        var services = new ServicesHarness();
        Post(services, Shop);
        var deployment = services.Snapshot.Deployments.Single().Id;

        var refused = Delete(services, "/shop");

        Assert.Equal(409, refused.Status);
        Assert.Equal(deployment, ServicesHarness.Body(refused).GetProperty("deployments")[0].GetProperty("id").GetString());
        Assert.Equal(200, Delete(services, "/shop", force: true).Status);
    }

    [Fact]
    public void Dependencies_of_groups_order_the_steps_of_apps()
    {
        var services = new ServicesHarness();

        Post(services, """
            {'id':'/p','groups':[
              {'id':'front','dependencies':['back'],'apps':[{'id':'a','cmd':'x'},{'id':'b','cmd':'x','dependencies':['a']}]},
              {'id':'back','apps':[{'id':'c','cmd':'x'},{'id':'d','cmd':'x','dependencies':['c']}]}]}
            """);

        var steps = services.Snapshot.Deployments.Single().Steps.Skip(1).Select(step => string.Join(' ', step.Select(action => action.App)));
        Assert.Equal(["/p/back/c", "/p/back/d", "/p/front/a", "/p/front/b"], steps);
    }

    [Theory]
    [InlineData("{'id':'/p','groups':[{'id':'a','dependencies':['b'],'apps':[{'id':'x','cmd':'x'}]},{'id':'b','dependencies':['a'],'apps':[{'id':'y','cmd':'x'}]}]}")]
    [InlineData("{'id':'/p','dependencies':['/p/a'],'groups':[{'id':'a','apps':[{'id':'x','cmd':'x'}]}]}")]
    [InlineData("{'id':'/p','groups':[{'id':'a','dependencies':['b'],'apps':[{'id':'x','cmd':'x'}]},{'id':'b','apps':[{'id':'y','cmd':'x','dependencies':['/p/a/x']}]}]}")]
    public void Dependencies_that_come_back_to_themselves_are_refused(string body)
    {
        var reply = Post(new ServicesHarness(), body);

        Assert.Equal(422, reply.Status);
        Assert.Contains("cyclic", System.Text.Encoding.UTF8.GetString(reply.Json.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void App_that_closes_a_cycle_through_a_group_is_refused()
    {
        var services = With("{'id':'/p','groups':[{'id':'a','apps':[]},{'id':'b','apps':[{'id':'y','cmd':'x','cpus':0.1,'dependencies':['/p/a']}]}]}", out _);

        Assert.Equal(422, services.Create("{'id':'/p/a/x','cmd':'x','dependencies':['/p/b/y']}").Status);
        Assert.Equal(201, services.Create("{'id':'/p/a/z','cmd':'x','cpus':0.1}").Status);
    }

    [Fact]
    public void Dependency_that_is_missing_is_refused_for_those_who_are_strict_only()
    {
        var services = new ServicesHarness();
        const string Body = "{'id':'/p','dependencies':['/gone'],'apps':[{'id':'a','cmd':'x','dependencies':['b','nothing']},{'id':'b','cmd':'x'}]}";

        var refused = services.Tell(new MarathonCommand.CreateGroup("/", ServicesHarness.Json(Body), false, ServicesHarness.Origin) { Terms = new WriteTerms { Strict = true } });

        Assert.Equal(422, refused.Status);
        Assert.Equal(["/dependencies(0)", "/apps(0)/dependencies(1)"], ServicesHarness.Body(refused).GetProperty("details").EnumerateArray().Select(detail => detail.GetProperty("path").GetString()));
        Assert.Equal(201, Post(services, Body).Status);
    }

    [Fact]
    public void Chain_that_is_too_long_is_refused_and_not_an_overflow()
    {
        var apps = string.Join(',', Enumerable.Range(0, 3000).Select(i => $"{{'id':'a{i}','cmd':'x','dependencies':['a{i + 1}']}}"));

        Assert.Equal(422, Post(new ServicesHarness(), $"{{'id':'/p','apps':[{apps}]}}").Status);
    }

    [Fact]
    public void Patch_changes_enforceRole_alone()
    {
        var services = With(Shop, out _);
        MarathonReply Patch(string body) => services.Tell(new MarathonCommand.PatchGroup("/shop", ServicesHarness.Json(body), ServicesHarness.Origin));

        Assert.Equal((200, 0), (Patch("{'enforceRole':false}").Status, Patch("{'enforceRole':false}").Json.Length));
        Assert.Equal(422, Patch("{'enforceRole':true}").Status);
        Assert.Equal(422, Patch("{'apps':[]}").Status);
    }

    [Fact]
    public void Merge_patch_removes_what_is_null()
    {
        var services = With("{'id':'/shop','dependencies':['/x'],'apps':[{'id':'web','cmd':'x','cpus':0.1}],'groups':[{'id':'db'}]}", out _);

        services.Tell(new MarathonCommand.UpdateGroup("/shop", ServicesHarness.Json("{'dependencies':null,'groups':null}"), false, false, ServicesHarness.Origin) { Terms = new WriteTerms { MergePatch = true } });

        Assert.Empty(services.Snapshot.Groups[1].Dependencies);
        Assert.Equal(["/", "/shop"], services.Snapshot.Groups.Select(group => group.Id));
        Assert.Single(services.Snapshot.Apps);
    }

    [Fact]
    public void Event_names_the_group_that_changed()
    {
        var services = With(Shop, out _);

        Assert.Equal("/shop", services.EventsOf("group_change_success").Single().GetProperty("groupId").GetString());
    }

    [Fact]
    public void Conditions_are_held_against_the_version_of_the_group()
    {
        var services = With(Shop, out _);
        var version = Timestamps.Write(services.Snapshot.Groups[1].Version);
        MarathonReply Try(WriteTerms terms) => services.Tell(new MarathonCommand.UpdateGroup("/shop", ServicesHarness.Json("{'dependencies':['/x']}"), true, true, ServicesHarness.Origin) { Terms = terms });

        Assert.Equal(412, Try(new WriteTerms { MustBeNew = true }).Status);
        Assert.Equal(412, Try(new WriteTerms { IfMatch = ["2001-01-31T12:00:00.000Z"] }).Status);
        Assert.Equal(200, Try(new WriteTerms { IfMatch = [version] }).Status);
        Assert.Equal(412, Try(new WriteTerms { IfMatch = [version] }).Status);
        Assert.Equal(200, Try(new WriteTerms { IfMatch = ["*"] }).Status);
    }

    private static ServicesHarness With(string body, out MarathonReply reply)
    {
        var services = new ServicesHarness().Subscribed();
        reply = Post(services, body);
        services.Run();
        Assert.True(reply.IsSuccess, System.Text.Encoding.UTF8.GetString(reply.Json.Span));
        return services;
    }

    private static MarathonReply Post(ServicesHarness services, string body) => services.Tell(new MarathonCommand.CreateGroup("/", ServicesHarness.Json(body), false, ServicesHarness.Origin));

    private static MarathonReply Put(ServicesHarness services, string id, string body)
    {
        var reply = services.Tell(new MarathonCommand.UpdateGroup(id, ServicesHarness.Json(body), true, false, ServicesHarness.Origin));
        services.Run();
        return reply;
    }

    private static MarathonReply Delete(ServicesHarness services, string id, bool force = false)
    {
        var reply = services.Tell(new MarathonCommand.DeleteGroup(id, force, ServicesHarness.Origin));
        services.Run();
        return reply;
    }
}
