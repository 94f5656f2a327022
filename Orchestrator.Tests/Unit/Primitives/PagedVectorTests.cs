using Orchestrator.Core.Primitives;

namespace Orchestrator.Tests.Unit.Primitives;

public sealed class PagedVectorTests
{
    [Fact]
    public void Vector_after_random_changes_equals_a_list_and_leaves_every_earlier_version_alone()
    {
        var random = new SeededRandom(7);
        var model = new List<int>();
        var vector = PagedVector<int>.Empty;
        var versions = new List<(PagedVector<int> Vector, int[] Expected)>();
        for (var round = 0; round < 60; round++)
        {
            var builder = vector.ToBuilder();
            for (var change = 0; change < 40; change++)
            {
                if (model.Count == 0 || random.NextInt32(3) > 0)
                {
                    model.Add(change + (round * 1000));
                    builder.Add(model[^1]);
                }
                else
                {
                    var index = random.NextInt32(model.Count);
                    model[index] = -change;
                    builder[index] = -change;
                }
            }

            vector = builder.ToVector();
            versions.Add((vector, [.. model]));
        }

        Assert.All(versions, version => Assert.Equal(version.Expected, version.Vector));
        Assert.Equal(model[^1], vector[model.Count - 1]);
    }

    [Fact]
    public void Index_outside_the_vector_throws()
    {
        var builder = PagedVector<string>.Empty.ToBuilder();
        builder.Add("a");
        var vector = builder.ToVector();
        Assert.Throws<ArgumentOutOfRangeException>(() => vector[1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => vector[-1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => vector.ToBuilder()[3] = "d");
    }

    [Fact]
    public void Empty_vector_has_no_entries() => Assert.Empty(PagedVector<int>.Empty);
}
