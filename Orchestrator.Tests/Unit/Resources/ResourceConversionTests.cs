using Orchestrator.Core.Resources;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Resources;

public sealed class ResourceConversionTests
{
    [Fact]
    public void Reserve_and_create_and_their_opposites_end_where_they_began()
    {
        var start = ResourceList.Parse("cpus:4;disk:100;ports:[1-10]");
        var volume = Operations.Volume("v1", 40, "a");
        var operations = new[] { Operations.Reserve("disk:50;ports:[2-3]", "a"), Operations.Create(volume), Operations.Destroy(volume), Operations.Unreserve("disk:50;ports:[2-3]", "a") };
        var after = operations.Aggregate(start, (resources, operation) => ResourceConversion.Of(operation).Apply(resources)!);
        Assert.True(start.Contains(after) && after.Contains(start), after.ToFullText());
    }

    [Fact]
    public void Conversion_of_what_is_not_there_is_no_conversion() =>
        Assert.Null(ResourceConversion.Of(Operations.Reserve("disk:50", "a")).Apply(ResourceList.Parse("disk:49")));

    [Fact]
    public void Total_is_what_the_agent_declares_with_its_reservations_in_place()
    {
        var declared = ResourceList.Parse("cpus:4;disk:100;disk(s):10");
        var kept = ResourceList.FromProto([.. Operations.Reserved("cpus:1", "a>a/b"), Operations.Volume("v1", 40, "a")]);
        var total = ResourceConversion.Total(declared, kept);
        Assert.Equal("cpus:3; disk:60; disk(reservations: [(STATIC,s)]):10; cpus(reservations: [(DYNAMIC,a),(DYNAMIC,a/b)]):1; disk(reservations: [(DYNAMIC,a)])[v1:data]:40", total.ToFullText());
        Assert.Equal(kept.ToFullText(), ResourceConversion.Checkpointed(total).ToFullText());
        Assert.Throws<ResourceException>(() => ResourceConversion.Total(ResourceList.Parse("cpus:4"), kept));
    }

    [Fact]
    public void Volume_is_the_same_wherever_it_is_mounted_and_another_under_another_id()
    {
        var list = ResourceList.FromProto([Operations.Volume("v1", 40, "a", "data")]);
        Assert.True(list.Contains(ResourceList.FromProto([Operations.Volume("v1", 40, "a", "elsewhere")])));
        Assert.False(list.Contains(ResourceList.FromProto([Operations.Volume("v2", 40, "a", "data")])));
        Assert.False(list.Contains(ResourceList.FromProto([Operations.Volume("v1", 39, "a", "data")])));
    }

    [Fact]
    public void Shared_volume_counts_its_amount_once_and_its_users_each()
    {
        var one = ResourceList.FromProto([Operations.Volume("v1", 40, "a", shared: true)]);
        var two = one + one;
        Assert.Equal((40.0, true, false), (two.Scalar("disk").ToDouble(), two.Contains(two), one.Contains(two)));
        Assert.True((two - one).Contains(one));
        Assert.True((two - one - one).IsEmpty);
    }

    [Theory]
    [InlineData("data", true)]
    [InlineData("/var/lib/db", true)]
    [InlineData("a/b", true)]
    [InlineData("", false)]
    [InlineData(".", false)]
    [InlineData("/", false)]
    [InlineData("../x", false)]
    [InlineData("a/../../x", false)]
    [InlineData("a\n", false)]
    public void Container_path_stays_where_tasks_may_be(string path, bool good) => Assert.Equal(good, VolumePath.Check(path) is null);

    [Fact]
    public void Directory_of_a_volume_follows_role_and_id()
    {
        Assert.Equal("volumes/roles/a b/v1", VolumePath.Directory("a/b", "v1"));
        Assert.Throws<ResourceException>(() => VolumePath.Directory("a", "../x"));
        Assert.Throws<ResourceException>(() => VolumePath.Directory(new string('r', 256), "v"));
    }
}
