using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;

namespace Orchestrator.Tests.Unit.Resources;

public sealed class ResourceListTests
{
    [Fact]
    public void Parse_flag_text_reads_scalars_ranges_sets_and_roles()
    {
        var list = ResourceList.Parse("cpus:4;cpus(web):2;mem:1024;ports:[1-2, 5-9, 3-4];zones:{b,a}");
        Assert.Equal(Quantity.FromDouble(6), list.Scalar("cpus"));
        Assert.Equal(Quantity.FromDouble(2), list.ReservedByRole()["web"].Scalar("cpus"));
        Assert.Equal([new ValueRange(1, 9)], list.Ranges("ports"));
        Assert.Equal("cpus:4; mem:1024; ports:[1-9]; zones:{a, b}", list.Unreserved().ToString());
    }

    [Fact]
    public void Parse_json_array_equals_the_text_form()
    {
        var json = ResourceList.Parse("""[{"name":"cpus","type":"SCALAR","scalar":{"value":4},"role":"web"},{"name":"ports","type":"RANGES","ranges":{"range":[{"begin":1,"end":2}]}}]""");
        Assert.Equal(ResourceList.Parse("cpus(web):4;ports:[1-2]").ToString(), json.ToString());
    }

    [Theory]
    [InlineData("cpus", "cpus")]
    [InlineData("cpus:many", "many")]
    [InlineData("ports:[5-1]", "5-1")]
    [InlineData("ports:[1-2", "closing bracket")]
    [InlineData("x:{a", "closing brace")]
    [InlineData("cpus(:4", "cpus(")]
    [InlineData("[{\"name\":\"cpus\"}]", "type")]
    [InlineData("[3]", "array of objects")]
    public void Parse_malformed_text_names_the_part(string text, string named) =>
        Assert.Contains(named, Assert.Throws<ResourceException>(() => ResourceList.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Arithmetic_over_random_lists_keeps_its_laws()
    {
        var random = new SeededRandom(3);
        for (var round = 0; round < 500; round++)
        {
            ResourceList a = Draw(random), b = Draw(random);
            var sum = a + b;
            Assert.True(sum.Contains(a) && sum.Contains(b));
            Assert.Equal((b + a).Scalar("cpus"), sum.Scalar("cpus"));
            Assert.Equal((b + a).Ranges("ports"), sum.Ranges("ports"));
            Assert.Equal(a.Scalar("cpus"), (sum - b).Scalar("cpus"));
            Assert.True((sum - sum).IsEmpty);
            Assert.Equal((a - b).Ranges("ports").Sum(range => range.Length), PortSet(a).Except(PortSet(b)).Count());
            Assert.Equal(PortSet(b).IsSubsetOf(PortSet(a)) && b.Scalar("cpus") <= a.Scalar("cpus"), a.Contains(b));
        }
    }

    [Fact]
    public void Contains_of_a_reserved_amount_in_an_unreserved_one_is_false() =>
        Assert.False(ResourceList.Parse("cpus:4").Contains(ResourceList.Parse("cpus(web):1")));

    [Fact]
    public void AllocatableTo_a_role_is_unreserved_and_reserved_to_it_or_above()
    {
        var list = ResourceList.Parse("cpus:1;cpus(a):2;cpus(a/b):4;cpus(c):8");
        Assert.Equal(Quantity.FromDouble(7), list.AllocatableTo("a/b").Scalar("cpus"));
        Assert.Equal(Quantity.FromDouble(3), list.AllocatableTo("a").Scalar("cpus"));
        Assert.Equal(Quantity.FromDouble(1), list.AllocatableTo("*").Scalar("cpus"));
    }

    [Theory]
    [InlineData(ResourceFormat.Refined)]
    [InlineData(ResourceFormat.PreRefinement)]
    [InlineData(ResourceFormat.Endpoint)]
    public void ToProto_in_each_form_reads_back_the_same(ResourceFormat format)
    {
        var list = ResourceList.Parse("cpus:4;mem(web):64;ports:[1-2,7-9];zones:{a}");
        var wire = list.ToProto(format, "web");
        Assert.Equal(list.ToString(), ResourceList.FromProto(wire).ToString());
        Assert.All(wire, resource => Assert.Equal("web", resource.AllocationInfo.Role));
    }

    [Fact]
    public void ToProto_forms_differ_in_role_and_reservations()
    {
#pragma warning disable CS0612 // The old form is what is tested.
        var list = ResourceList.Parse("cpus(web):4");
        Assert.False(list.ToProto()[0].HasRole);
        Assert.Single(list.ToProto()[0].Reservations);
        Assert.Equal("web", list.ToProto(ResourceFormat.PreRefinement)[0].Role);
        Assert.Empty(list.ToProto(ResourceFormat.PreRefinement)[0].Reservations);
        Assert.Equal("web", list.ToProto(ResourceFormat.Endpoint)[0].Role);
        Assert.Single(list.ToProto(ResourceFormat.Endpoint)[0].Reservations);
#pragma warning restore CS0612
    }

    [Theory]
    [InlineData(-1d)]
    [InlineData(double.NaN)]
    public void FromProto_bad_amount_names_the_resource(double amount)
    {
        var resource = new Resource { Name = "cpus", Type = Value.Types.Type.Scalar, Scalar = new Value.Types.Scalar { Value = amount } };
        Assert.Contains("'cpus'", Assert.Throws<ResourceException>(() => ResourceList.FromProto([resource])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Persistent_volumes_of_one_size_are_never_merged()
    {
        Resource VolumeOf(string id) => new()
        {
            Name = "disk",
            Type = Value.Types.Type.Scalar,
            Scalar = new Value.Types.Scalar { Value = 10 },
            Disk = new Resource.Types.DiskInfo { Persistence = new Resource.Types.DiskInfo.Types.Persistence { Id = id }, Volume = new Volume { ContainerPath = "data", Mode = Volume.Types.Mode.Rw } },
            Reservations = { new Resource.Types.ReservationInfo { Role = "web", Type = Resource.Types.ReservationInfo.Types.Type.Dynamic } },
        };
        var two = ResourceList.FromProto([VolumeOf("a"), VolumeOf("b")]);
        Assert.Equal(2, two.Items.Length);
        Assert.Equal(ResourceList.FromProto([VolumeOf("b")]).ToString(), (two - ResourceList.FromProto([VolumeOf("a")])).ToString());
    }

    private static ResourceList Draw(SeededRandom random)
    {
        var items = new List<ResourceItem> { ResourceItem.OfScalar("cpus", new Quantity(random.NextInt32(5) * 500)) };
        for (var i = random.NextInt32(4); i > 0; i--)
        {
            var begin = random.NextInt32(30);
            items.Add(ResourceItem.OfRanges("ports", [new ValueRange(begin, begin + random.NextInt32(8))]));
        }

        return ResourceList.Of(items);
    }

    private static HashSet<long> PortSet(ResourceList list) =>
        [.. list.Ranges("ports").SelectMany(range => Enumerable.Range((int)range.Begin, (int)range.Length).Select(port => (long)port))];
}
