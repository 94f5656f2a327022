using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Marathon.Launching;
using Orchestrator.Core.Primitives;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Marathon.Launching;

/// <summary>Placement rules, one row for each operator and case.</summary>
public sealed class PlacementRuleTests
{
    private static Dictionary<string, string> Machine(string rack) => new() { ["hostname"] = "h", ["rack"] = rack };

    private static bool Allows(PlacementConstraint constraint, Dictionary<string, string> machine, params IEnumerable<Dictionary<string, string>> placed) =>
        !new PlacementRules([constraint], placed).UnmetBy(machine).Any();

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
    [InlineData("IS", "A", "a", "", false)]
    [InlineData("IS", "4.0005", "4", "", true)]
    [InlineData("LIKE", "r1|r2", "r2", "", true)]
    [InlineData("LIKE", "r1", "r1\n", "", false)]
    [InlineData("CLUSTER", "", "b", "a", false)]
    [InlineData("GROUP_BY", "", "a", "a", true)]
    [InlineData("GROUP_BY", "3", "a", "a,b", false)]
    [InlineData("GROUP_BY", "1", "b", "a", true)]
    [InlineData("GROUP_BY", "2", "b", "a,a,b,c,c", true)]
    [InlineData("GROUP_BY", "2", "a", "a,a,b,c,c", false)]
    [InlineData("MAX_PER", "0", "a", "", false)]
    public void Rule_opens_or_closes_a_machine(string rule, string? value, string rack, string placed, bool open) =>
        Assert.Equal(open, Allows(new PlacementConstraint("rack", rule, value), Machine(rack), placed.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Machine)));

    [Theory]
    [InlineData("UNIQUE", false)]
    [InlineData("CLUSTER", false)]
    [InlineData("GROUP_BY", false)]
    [InlineData("MAX_PER", false)]
    [InlineData("LIKE", false)]
    [InlineData("UNLIKE", true)]
    [InlineData("IS", false)]
    public void Machine_without_the_attribute_is_closed_but_for_unlike(string rule, bool open) =>
        Assert.Equal(open, Allows(new PlacementConstraint("zone", rule, "1"), Machine("a")));

    [Theory]
    [InlineData("LIKE")]
    [InlineData("UNLIKE")]
    public void Pattern_that_never_ends_lets_nobody_in(string rule) =>
        Assert.False(Allows(new PlacementConstraint("rack", rule, "(a+)+b"), Machine(new string('a', 40))));

    [Fact]
    public void Rules_kept_in_step_say_the_same_as_rules_made_anew()
    {
        var random = new SeededRandom(11);
        PlacementConstraint[] constraints = [new("rack", "GROUP_BY", "3"), new("rack", "GROUP_BY", null), new("rack", "MAX_PER", "4"), new("rack", "UNIQUE", null), new("rack", "CLUSTER", null)];
        foreach (var constraint in constraints)
        {
            var kept = new PlacementRules([constraint], []);
            var placed = new List<Dictionary<string, string>>();
            for (var i = 0; i < 200; i++)
            {
                var machine = Machine($"r{random.NextInt32(5)}");
                Assert.Equal(Allows(constraint, machine, placed), !kept.UnmetBy(machine).Any());
                kept.Add(machine);
                placed.Add(machine);
            }
        }
    }

    [Fact]
    public void Fields_of_an_offer_are_its_host_attributes_and_domain()
    {
        var fields = MachineFields.Of(ServicesHarness.Offer("O", "S1", 1, offer =>
        {
            offer.Attributes.Add(new Orchestrator.Core.Contract.Mesos.Attribute { Name = "rack", Type = Value.Types.Type.Text, Text = new Value.Types.Text { Value = "r1" } });
            offer.Attributes.Add(new Orchestrator.Core.Contract.Mesos.Attribute { Name = "cores", Type = Value.Types.Type.Scalar, Scalar = new Value.Types.Scalar { Value = 4.5005 } });
            offer.Domain = new DomainInfo { FaultDomain = new DomainInfo.Types.FaultDomain { Region = new() { Name = "eu" }, Zone = new() { Name = "eu-1" } } };
        }));

        Assert.Equal(("host-S1", "host-S1", "r1", "4.5", "eu", "eu-1"), (fields["hostname"], fields["@hostname"], fields["rack"], fields["cores"], fields["@region"], fields["@zone"]));
    }
}
