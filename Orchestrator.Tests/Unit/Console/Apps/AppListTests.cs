using Orchestrator.Core.Views.Services;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Console.ViewModels.Apps;

namespace Orchestrator.Tests.Unit.Console.Apps;

public sealed class AppListTests
{
    [Fact]
    public void Health_of_an_app_counts_every_part_of_the_bar()
    {
        var counts = HealthCounts.Of(Services.App("/a", instances: 10, running: 6, staged: 1, healthy: 3, unhealthy: 1));
        Assert.Equal(new HealthCounts(3, 1, 2, 1, 0, 3), counts);
        Assert.Equal("3 healthy, 1 unhealthy, 2 unknown, 1 staged, 3 unscheduled", counts.Text);
        Assert.Equal(2, HealthCounts.Of(Services.App("/a", instances: 1, running: 3)).OverCapacity);
        Assert.Equal("no instances", HealthCounts.Of(Services.App("/a", instances: 0)).Text);
    }

    [Fact]
    public void Status_of_an_app_says_what_it_does()
    {
        var idle = Services.App("/a", instances: 2, running: 2);
        var deploying = idle with { DeploymentIds = ["d"] };
        Assert.Equal(AppStatus.Running, AppRow.StatusOf(idle, Services.Now));
        Assert.Equal(AppStatus.Deploying, AppRow.StatusOf(deploying, Services.Now));
        Assert.Equal(AppStatus.Suspended, AppRow.StatusOf(Services.App("/a", instances: 0), Services.Now));
        Assert.Equal(AppStatus.Running, AppRow.StatusOf(Services.App("/a", instances: 0, running: 1), Services.Now));
        Assert.Equal(AppStatus.Delayed, AppRow.StatusOf(deploying with { Queue = Services.Queue(delayed: TimeSpan.FromSeconds(5)) }, Services.Now));
        Assert.Equal(AppStatus.Waiting, AppRow.StatusOf(deploying with { Queue = Services.Queue(delayed: TimeSpan.FromSeconds(-5)) }, Services.Now));
    }

    [Fact]
    public void Status_of_an_app_that_has_just_begun_to_wait_is_deploying()
    {
        var app = Services.App("/a") with { DeploymentIds = ["d"], Queue = Services.Queue(waited: TimeSpan.FromSeconds(1)) };
        Assert.Equal(AppStatus.Deploying, AppRow.StatusOf(app, Services.Now));
        Assert.Equal(AppStatus.Waiting, AppRow.StatusOf(app with { DeploymentIds = [] }, Services.Now));
    }

    [Fact]
    public void Query_written_to_an_address_reads_back_the_same()
    {
        var query = new AppListQuery { Text = "a&b=ü", Group = "/shop/db", Statuses = [AppStatus.Waiting, AppStatus.Delayed], Healths = [HealthPart.OverCapacity], Labels = ["team:shop & co", "x"], Sort = AppSort.Health, IsDescending = true };
        var read = AppListQuery.Parse(query.ToUri("/ui/apps"));
        Assert.Equal(query.ToUri("/ui/apps"), read.ToUri("/ui/apps"));
        Assert.Equal(query.Labels, read.Labels);
        Assert.Equal("/shop/db", read.Group);
        Assert.Equal(query.Statuses, read.Statuses);
        Assert.Equal("/ui/apps", new AppListQuery().ToUri("/ui/apps"));
    }

    [Theory]
    [InlineData("/ui/apps?status=sleeping&sort=7&health=9")]
    [InlineData("/ui/apps?status=&sort")]
    [InlineData("/ui/apps?group=Not%20A%20Path")]
    [InlineData("/ui/apps?group=%2F")]
    [InlineData("/ui/apps")]
    public void Query_of_an_address_that_means_nothing_lists_everything(string uri) =>
        Assert.Equal("/ui/apps", AppListQuery.Parse(uri).ToUri("/ui/apps"));

    [Fact]
    public void List_of_a_group_has_what_is_below_it_and_its_groups_as_folders()
    {
        var services = Services.Snapshot(Services.App("/top"), Services.App("/shop/web"), Services.App("/shop/db/main"), Services.App("/shop/db/replica"), Services.App("/shopping/cart")) with
        {
            Groups = [new GroupView("/", [], false, Services.Now), new GroupView("/empty", [], false, Services.Now)],
        };

        var all = AppList.Make(services, new AppListQuery(), Services.Now);
        var shop = AppList.Make(services, new AppListQuery { Group = "/shop" }, Services.Now);

        Assert.Equal([("/empty", 0), ("/shop", 3), ("/shopping", 1)], all.Folders);
        Assert.Equal(["/shop/db/main", "/shop/db/replica", "/shop/web"], shop.Rows.Select(row => row.Id));
        Assert.Equal([("/shop/db", 2)], shop.Folders);
        Assert.Equal((5, 5), (all.Rows.Count, shop.All));
    }

    [Fact]
    public void List_filtered_by_everything_leaves_what_matches_all()
    {
        var services = Services.Snapshot(
            Services.App("/shop/web", 1, 1, healthy: 1, more: "\"labels\": { \"team\": \"shop\" }"),
            Services.App("/shop/db", 1, 1, unhealthy: 1, more: "\"labels\": { \"team\": \"shop\" }"),
            Services.App("/other", 0));

        string[] Ids(string query) => [.. AppList.Make(services, AppListQuery.Parse(query), Services.Now).Rows.Select(row => row.Id)];

        Assert.Equal(["/other", "/shop/db", "/shop/web"], Ids(""));
        Assert.Equal(["/shop/web", "/shop/db"], Ids("?sort=-name&status=running"));
        Assert.Equal(["/shop/db"], Ids("?label=team:shop&health=unhealthy"));
        Assert.Equal(["/shop/db", "/shop/web"], Ids("?label=team"));
        Assert.Equal(["/shop/web"], Ids("?q=spwb"));
        Assert.Equal(["/other"], Ids("?status=suspended&q=oth"));
        Assert.Empty(Ids("?q=nothing"));
    }

    [Fact]
    public void List_counts_what_each_filter_would_leave()
    {
        var services = Services.Snapshot(
            Services.App("/a", 2, 1, healthy: 1, more: "\"labels\": { \"team\": \"shop\", \"flag\": \"\" }"),
            Services.App("/b", 1, 1, unhealthy: 1, more: "\"labels\": { \"team\": \"shop\" }"));
        var list = AppList.Make(services, AppListQuery.Parse("?q=a"), Services.Now);

        Assert.Equal(2, list.All);
        Assert.Equal(2, list.ByStatus[AppStatus.Running]);
        Assert.Equal((1, 1, 1), (list.ByHealth[HealthPart.Healthy], list.ByHealth[HealthPart.Unhealthy], list.ByHealth[HealthPart.Unscheduled]));
        Assert.Equal([("flag", 1), ("team:shop", 2)], list.ByLabel);
    }

    [Fact]
    public void List_sorted_by_health_puts_the_unhealthy_first()
    {
        var services = Services.Snapshot(Services.App("/fine", 1, 1, healthy: 1), Services.App("/ill", 2, 2, healthy: 1, unhealthy: 1), Services.App("/none", 0), Services.App("/staged", 1, staged: 1));
        Assert.Equal(["/ill", "/staged", "/fine", "/none"], AppList.Make(services, AppListQuery.Parse("?sort=health"), Services.Now).Rows.Select(row => row.Id));
    }
}
