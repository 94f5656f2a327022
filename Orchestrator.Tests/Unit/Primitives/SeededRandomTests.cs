using Orchestrator.Core.Primitives;

namespace Orchestrator.Tests.Unit.Primitives;

public sealed class SeededRandomTests
{
    [Fact]
    public void Same_seed_twice_gives_the_same_sequence()
    {
        SeededRandom a = new(42), b = new(42), other = new(43);
        var first = Enumerable.Range(0, 100).Select(_ => a.NextUInt64()).ToList();
        Assert.Equal(first, Enumerable.Range(0, 100).Select(_ => b.NextUInt64()));
        Assert.NotEqual(first, Enumerable.Range(0, 100).Select(_ => other.NextUInt64()));
    }

    [Fact]
    public void NextInt32_many_draws_stay_below_the_bound_and_reach_every_value()
    {
        var random = new SeededRandom(1);
        var seen = Enumerable.Range(0, 10_000).Select(_ => random.NextInt32(10)).GroupBy(value => value).ToDictionary(group => group.Key, group => group.Count());
        Assert.Equal(Enumerable.Range(0, 10), seen.Keys.Order());
        Assert.All(seen.Values, count => Assert.InRange(count, 850, 1150));
    }

    [Fact]
    public void NextGuid_any_draw_is_a_version_4_uuid_and_new()
    {
        var random = new SeededRandom(9);
        var drawn = Enumerable.Range(0, 1000).Select(_ => random.NextGuid()).ToHashSet();
        Assert.Equal(1000, drawn.Count);
        Assert.All(drawn, id => Assert.Equal(4, id.Version));
        Assert.All(drawn, id => Assert.Contains(id.ToString("D")[19], "89ab"));
    }
}
