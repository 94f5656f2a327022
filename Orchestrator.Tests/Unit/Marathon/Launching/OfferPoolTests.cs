using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Marathon.Launching;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Views.Services;
using Orchestrator.Tests.Support;
using Orchestrator.Tests.Unit.Marathon.Apps;

namespace Orchestrator.Tests.Unit.Marathon.Launching;

/// <summary>What an instance takes of an offer, and every requirement that it fails.</summary>
public sealed class OfferPoolTests
{
    private static OfferPool Pool(Offer? offer = null) => new(offer ?? ServicesHarness.Offer("O1", "S1", 4), new SeededRandom(3));

    private static (Placement? Placement, List<OfferRejection> Rejections) Take(OfferPool pool, string fields)
    {
        var rejections = new List<OfferRejection>();
        var app = AppParserTests.Parse($"{{'id':'/web','cmd':'x',{fields}}}");
        return (pool.Take(app, new PlacementRules(app.Constraints, []), rejections), rejections);
    }

    [Fact]
    public void Offer_holds_as_many_instances_as_fit()
    {
        var pool = Pool();
        for (var i = 0; i < 8; i++)
        {
            Assert.NotNull(Take(pool, "'cpus':0.5").Placement);
        }

        var (placement, rejections) = Take(pool, "'cpus':0.5");
        Assert.Null(placement);
        Assert.Equal([("InsufficientCpus", "0.5 cpus", "0 cpus")], rejections.Select(rejection => (rejection.Reason, rejection.Needed, rejection.Offered)));
    }

    [Theory]
    [InlineData("'mem':2000000", "InsufficientMemory")]
    [InlineData("'disk':2000000", "InsufficientDisk")]
    [InlineData("'gpus':1", "InsufficientGpus")]
    [InlineData("'ports':[80],'requirePorts':true", "InsufficientPorts")]
    [InlineData("'acceptedResourceRoles':['dev']", "UnfulfilledRole")]
    [InlineData("'constraints':[['rack','LIKE','r1']]", "UnfulfilledConstraint")]
    public void Requirement_that_fails_is_named(string fields, string reason) => Assert.Contains(Take(Pool(), fields).Rejections, rejection => rejection.Reason == reason);

    [Fact]
    public void Every_failed_requirement_is_told_and_nothing_is_taken()
    {
        var pool = Pool();

        Assert.Equal(["InsufficientCpus", "InsufficientMemory"], Take(pool, "'cpus':5,'mem':2000000").Rejections.Select(rejection => rejection.Reason));
        Assert.NotNull(Take(pool, "'cpus':4,'mem':1000000").Placement);
    }

    [Fact]
    public void Ports_that_are_required_are_those_declared()
    {
        var (placement, _) = Take(Pool(), "'ports':[31005,31002],'requirePorts':true");

        Assert.Equal([31005, 31002], placement!.Ports);
        Assert.Equal(["[31002-31002, 31005-31005]"], placement.Resources.ToString().Split("; ").Where(part => part.StartsWith("ports", StringComparison.Ordinal)).Select(part => part[part.IndexOf('[', StringComparison.Ordinal)..]));
    }

    [Fact]
    public void Ports_of_instances_on_one_offer_differ()
    {
        var pool = Pool();

        var ports = Enumerable.Range(0, 4).SelectMany(_ => Take(pool, "'cpus':1,'ports':[0,0,0]").Placement!.Ports).ToArray();

        Assert.Equal(12, ports.Distinct().Count());
        Assert.All(ports, port => Assert.InRange(port!.Value, 31000, 32000));
    }

    [Fact]
    public void Port_that_is_not_published_takes_none_of_the_offer()
    {
        var (placement, _) = Take(Pool(), "'networks':[{'mode':'container','name':'dev'}],'container':{'docker':{'image':'b'},'portMappings':[{'containerPort':80},{'containerPort':81,'hostPort':0}]}");

        Assert.Null(placement!.Ports[0]);
        Assert.NotNull(placement.Ports[1]);
    }

    [Fact]
    public void Ports_run_out_before_anything_is_taken_twice()
    {
        var offer = ServicesHarness.Offer("O1", "S1", 100, offer => offer.Resources.Single(resource => resource.Name == "ports").Ranges.Range[0].End = 31001);
        var pool = Pool(offer);

        Assert.NotNull(Take(pool, "'cpus':1,'ports':[0,0]").Placement);
        Assert.Equal("InsufficientPorts", Take(pool, "'cpus':1,'ports':[0]").Rejections.Single().Reason);
    }
}
