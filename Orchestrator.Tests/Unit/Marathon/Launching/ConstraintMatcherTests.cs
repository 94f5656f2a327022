using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Marathon.Launching;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Marathon.Launching;

/// <summary>Placement rules, one row for each operator and case.</summary>
public sealed class ConstraintMatcherTests
{
    private static Dictionary<string, string> Machine(string rack) => new() { ["hostname"] = "h", ["rack"] = rack };

    /// <summary>Whether a machine of <paramref name="rack"/> is open when others stand in <paramref name="placed"/> (comma separated).</summary>
    [Theory]
    [InlineData("UNIQUE", null, "a", "", true)]
    [InlineData("UNIQUE", null, "a", "b,c", true)]
    [InlineData("UNIQUE", null, "a", "a", false)]
    [InlineData("CLUSTER", "a", "a", "", true)]
    [InlineData("CLUSTER", "a", "b", "", false)]
    [InlineData("CLUSTER", null, "b", "", true)]
    [InlineData("CLUSTER", null, "b", "a", false)]
    [InlineData("CLUSTER", null, "a", "a,a", true)]
    [InlineData("GROUP_BY", null, "a", "", true)]
    [InlineData("GROUP_BY", null, "b", "a", true)]
    [InlineData("GROUP_BY", null, "a", "a", true)]
    [InlineData("GROUP_BY", "2", "a", "a", false)]
    [InlineData("GROUP_BY", "2", "a", "a,b", true)]
    [InlineData("GROUP_BY", "2", "a", "a,a,b", false)]
    [InlineData("GROUP_BY", null, "a", "a,a,b", false)]
    [InlineData("MAX_PER", "2", "a", "a", true)]
    [InlineData("MAX_PER", "2", "a", "a,a", false)]
    [InlineData("LIKE", "r[0-9]", "r1", "", true)]
    [InlineData("LIKE", "r[0-9]", "r12", "", false)]
    [InlineData("UNLIKE", "r[0-9]", "r12", "", true)]
    [InlineData("UNLIKE", "r[0-9]", "r1", "", false)]
    [InlineData("IS", "4", "4.000", "", true)]
    [InlineData("IS", "4", "5", "", false)]
    [InlineData("IS", "a", "a", "", true)]
    public void Rule_opens_or_closes_a_machine(string rule, string? value, string rack, string placed, bool open) =>
        Assert.Equal(open, ConstraintMatcher.Matches(new PlacementConstraint("rack", rule, value), Machine(rack), [.. placed.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Machine)]));

    [Theory]
    [InlineData("UNIQUE", false)]
    [InlineData("CLUSTER", false)]
    [InlineData("GROUP_BY", false)]
    [InlineData("MAX_PER", false)]
    [InlineData("LIKE", false)]
    [InlineData("UNLIKE", true)]
    [InlineData("IS", false)]
    public void Machine_without_the_attribute_is_closed_but_for_unlike(string rule, bool open) =>
        Assert.Equal(open, ConstraintMatcher.Matches(new PlacementConstraint("zone", rule, "1"), Machine("a"), []));

    [Fact]
    public void Pattern_that_never_ends_matches_nothing() =>
        Assert.False(ConstraintMatcher.Matches(new PlacementConstraint("rack", "LIKE", "(a+)+b"), Machine(new string('a', 40)), []));

    [Fact]
    public void Fields_of_an_offer_are_its_host_attributes_and_domain()
    {
        var fields = ConstraintMatcher.FieldsOf(ServicesHarness.Offer("O", "S1", 1, offer =>
        {
            offer.Attributes.Add(new Orchestrator.Core.Contract.Mesos.Attribute { Name = "rack", Type = Value.Types.Type.Text, Text = new Value.Types.Text { Value = "r1" } });
            offer.Attributes.Add(new Orchestrator.Core.Contract.Mesos.Attribute { Name = "cores", Type = Value.Types.Type.Scalar, Scalar = new Value.Types.Scalar { Value = 4.5 } });
            offer.Domain = new DomainInfo { FaultDomain = new DomainInfo.Types.FaultDomain { Region = new() { Name = "eu" }, Zone = new() { Name = "eu-1" } } };
        }));

        Assert.Equal(("host-S1", "host-S1", "r1", "4.5", "eu", "eu-1"), (fields["hostname"], fields["@hostname"], fields["rack"], fields["cores"], fields["@region"], fields["@zone"]));
    }
}
