using Orchestrator.Core.Marathon;
using Orchestrator.Core.Marathon.Deployments;
using Orchestrator.Core.Marathon.Instances;
using Orchestrator.Tests.Unit.Marathon.Apps;

namespace Orchestrator.Tests.Unit.Marathon.Deployments;

/// <summary>Who goes first when there are too many.</summary>
public sealed class VictimSelectionTests
{
    private static readonly DateTimeOffset s_start = DateTimeOffset.UnixEpoch.AddDays(20000);

    private static (AppState App, InstanceState[] Instances) Make(string fields, params (string Id, Condition Condition, string Rack, int Age)[] rows)
    {
        var app = new AppState(AppParserTests.Parse($"{{'id':'/web','cmd':'x'{fields}}}"));
        return (app, [.. rows.Select(row => new InstanceState(row.Id, app, app.Definition, s_start)
        {
            Condition = row.Condition,
            Attributes = new Dictionary<string, string> { ["rack"] = row.Rack },
            StartedAt = s_start.AddSeconds(-row.Age),
        })]);
    }

    private static string Choose((AppState App, InstanceState[] Instances) made, int count) =>
        string.Join(' ', VictimSelection.Choose(made.App.Definition, made.Instances, count).Select(instance => instance.Id));

    [Fact]
    public void Instances_go_in_the_order_of_what_their_end_costs()
    {
        var made = Make("", ("run", Condition.Running, "", 9), ("start", Condition.Starting, "", 9), ("stage", Condition.Staging, "", 9), ("lost", Condition.Unreachable, "", 9), ("wait", Condition.Scheduled, "", 9));

        Assert.Equal("wait lost stage start run", Choose(made, 5));
    }

    [Theory]
    [InlineData("", "young middle")]
    [InlineData(",'killSelection':'OLDEST_FIRST'", "old middle")]
    public void Equal_instances_go_by_age(string fields, string victims) =>
        Assert.Equal(victims, Choose(Make(fields, ("old", Condition.Running, "", 30), ("middle", Condition.Running, "", 20), ("young", Condition.Running, "", 10)), 2));

    [Fact]
    public void Even_spread_is_kept_whatever_the_age()
    {
        var made = Make(",'constraints':[['rack','GROUP_BY']]", ("a1", Condition.Running, "a", 50), ("a2", Condition.Running, "a", 40), ("a3", Condition.Running, "a", 30), ("b1", Condition.Running, "b", 1));

        Assert.Equal("a3 a2", Choose(made, 2));
    }

    [Theory]
    [InlineData(",'constraints':[['rack','GROUP_BY'],['zone','GROUP_BY']]", "b1 a1")]
    [InlineData(",'constraints':[['rack','MAX_PER','2']]", "b2 b1")]
    public void Spread_over_several_fields_is_kept_in_their_order(string fields, string victims)
    {
        var made = Make(fields, ("a1", Condition.Running, "a", 20), ("a2", Condition.Running, "a", 30), ("b1", Condition.Running, "b", 11), ("b2", Condition.Running, "b", 10));
        foreach (var (instance, zone) in made.Instances.Zip(["x", "x", "x", "y"]))
        {
            instance.Attributes = new Dictionary<string, string>(instance.Attributes) { ["zone"] = zone };
        }

        Assert.Equal(victims, Choose(made, 2));
    }

    [Fact]
    public void Even_spread_stays_even_when_many_go()
    {
        var rows = Enumerable.Range(0, 3000).Select(number => ($"i{number:0000}", Condition.Running, $"r{number % 7 * number % 5}", number)).ToArray();
        var made = Make(",'constraints':[['rack','GROUP_BY']]", rows);
        var gone = VictimSelection.Choose(made.App.Definition, made.Instances, 2900).ToHashSet();

        var left = made.Instances.Where(instance => !gone.Contains(instance)).CountBy(instance => instance.Attributes["rack"]).Select(group => group.Value).ToList();

        Assert.Equal(100, left.Sum());
        Assert.InRange(left.Max() - left.Min(), 0, 1);
    }

    [Fact]
    public void More_than_there_are_is_all_of_them() => Assert.Equal("a", Choose(Make("", ("a", Condition.Running, "", 1)), 5));
}
