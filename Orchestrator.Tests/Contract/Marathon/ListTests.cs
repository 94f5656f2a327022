using System.Diagnostics;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Contract.Marathon;

/// <summary>Parts of the list of apps and of their fields, and documents that are written once for all who ask.</summary>
[Trait("Category", "Contract")]
public sealed class ListTests
{
    [Theory]
    [InlineData("limit=2", "/batch,/shop/db", 3, 2)]
    [InlineData("limit=2&offset=2", "/shop/web", 3, null)]
    [InlineData("offset=1", "/shop/db,/shop/web", 3, null)]
    [InlineData("limit=0", "", 3, 0)]
    [InlineData("limit=1&id=shop", "/shop/db", 2, 1)]
    [InlineData("offset=9", "", 3, null)]
    public async Task Part_of_the_list_says_how_long_the_list_is_and_where_the_next_part_begins(string query, string ids, int total, int? next)
    {
        await using var edge = await MarathonEdge.StartAsync(ServiceSnapshots.Busy);

        var answer = await edge.GetAsync($"/v2/apps?{query}");

        Assert.Equal(ids, string.Join(',', answer.GetProperty("apps").EnumerateArray().Select(app => app.GetProperty("id").GetString())));
        Assert.Equal((total, next), (answer.GetProperty("total").GetInt32(), answer.TryGetProperty("next", out var following) ? following.GetInt32() : null));
    }

    [Theory]
    [InlineData("fields=id,instances,tasksRunning", "id instances tasksRunning")]
    [InlineData("fields=id&fields=labels", "id labels")]
    [InlineData("fields=id,tasks", "id tasks")]
    [InlineData("fields=nothing", "")]
    public async Task Fields_that_are_asked_for_come_alone(string query, string fields)
    {
        await using var edge = await MarathonEdge.StartAsync(ServiceSnapshots.Busy);

        var apps = await edge.GetAsync($"/v2/apps?{query}");
        var app = apps.GetProperty("apps")[2];

        Assert.Equal(fields.Split(' ', StringSplitOptions.RemoveEmptyEntries), app.EnumerateObject().Select(field => field.Name));
        var whole = (await edge.GetAsync("/v2/apps?embed=apps.tasks")).GetProperty("apps")[2];
        Assert.All(app.EnumerateObject(), field => Assert.Equal(whole.GetProperty(field.Name).GetRawText(), field.Value.GetRawText()));
        Assert.Equal(["apps"], apps.EnumerateObject().Select(field => field.Name));
    }

    [Theory]
    [InlineData("limit=x", "The query parameter 'limit' is 'x'; write a whole number, for example limit=100")]
    [InlineData("offset=-1", "The query parameter 'offset' is '-1'; write a whole number, for example offset=100")]
    public async Task Part_that_is_no_number_is_refused(string query, string message)
    {
        await using var edge = await MarathonEdge.StartAsync(ServiceSnapshots.Busy);

        var (status, json, _) = await edge.SendAsync("GET", $"/v2/apps?{query}");

        Assert.Equal((400, message), (status, json.GetProperty("message").GetString()));
    }

    [Fact]
    public async Task Pages_of_ten_thousand_apps_come_at_once()
    {
        var apps = Enumerable.Range(0, 10_000).Select(number => ServiceSnapshots.App(ServiceSnapshots.Batch with { Id = $"/team-{number % 100:00}/app-{number:00000}" })).OrderBy(app => app.Id, StringComparer.Ordinal).ToList();
        await using var edge = await MarathonEdge.StartAsync(ServiceSnapshots.Busy with { Apps = apps });
        var seen = new List<string>();
        var slowest = TimeSpan.Zero;
        for (int? next = 0; next is { } offset;)
        {
            var started = Stopwatch.GetTimestamp();
            var page = await edge.GetAsync($"/v2/apps?fields=id,instances,tasksRunning&limit=500&offset={offset}");
            slowest = slowest > Stopwatch.GetElapsedTime(started) ? slowest : Stopwatch.GetElapsedTime(started);
            seen.AddRange(page.GetProperty("apps").EnumerateArray().Select(app => app.GetProperty("id").GetString()!));
            next = page.TryGetProperty("next", out var following) ? following.GetInt32() : null;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"slowest page of 500 of 10,000: {slowest.TotalMilliseconds:0} ms");
        Assert.Equal(apps.Select(app => app.Id), seen);
    }

    [Fact]
    public async Task Queue_and_groups_follow_each_new_snapshot()
    {
        var time = new ManualTimeProvider();
        time.Advance(ServiceSnapshots.Start - time.GetUtcNow());
        await using var edge = await MarathonEdge.StartAsync(ServiceSnapshots.Busy, time);
        Assert.Equal(30, await LeftAsync(edge));
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(25, await LeftAsync(edge));

        edge.Engine.Publish(ServiceSnapshots.Busy with { Version = 3, Apps = [ServiceSnapshots.App(ServiceSnapshots.Batch)] });

        Assert.Equal(0, (await edge.GetAsync("/v2/queue")).GetProperty("queue").GetArrayLength());
        Assert.Equal("/batch", (await edge.GetAsync("/v2/groups")).GetProperty("apps")[0].GetProperty("id").GetString());
    }

    private static async Task<int> LeftAsync(MarathonEdge edge) => (await edge.GetAsync("/v2/queue")).GetProperty("queue")[0].GetProperty("delay").GetProperty("timeLeftSeconds").GetInt32();
}
