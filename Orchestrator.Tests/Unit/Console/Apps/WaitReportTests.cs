using Orchestrator.Core.Views.Services;
using Orchestrator.Tests.Support;
using Orchestrator.Web.Console.ViewModels.Apps;

namespace Orchestrator.Tests.Unit.Console.Apps;

public sealed class WaitReportTests
{
    [Fact]
    public void Report_counts_offers_down_the_requirements_and_names_the_main_one()
    {
        var cpus = new OfferRejection("InsufficientCpus", "2 cpus", "0.5 cpus");
        var mem = new OfferRejection("InsufficientMemory", "1024 MiB", "64 MiB");
        var report = WaitReport.Of(Services.Queue(1, null, null, Services.Unused("a", cpus, mem), Services.Unused("b", cpus), Services.Unused("c", new OfferRejection("UnfulfilledConstraint", "rack is r1", "rack is r2"))));

        Assert.Equal([("Role", 3, 3), ("Constraints", 3, 2), ("CPU", 2, 0), ("Memory", 0, 0)], report.Funnel.Take(4).Select(step => (step.Name, step.Came, step.Met)));
        Assert.Equal("CPU", report.Main);
        Assert.Equal("0.5 cpus", report.Rows[0].Cells[2]!.Offered);
        Assert.Equal("64 MiB", report.Rows[0].Cells[3]!.Offered);
        Assert.Null(report.Rows[1].Cells[3]);
    }

    [Fact]
    public void Report_shows_a_reason_without_a_column_of_its_own_as_other()
    {
        var report = WaitReport.Of(Services.Queue(1, null, null, Services.Unused("a", new OfferRejection("AgentDraining", "an agent that stays", "draining"))));
        Assert.Equal("draining", report.Rows[0].Cells[^1]!.Offered);
        Assert.Equal("Other", report.Main);
    }

    [Fact]
    public void Report_without_offers_has_no_main_requirement() => Assert.Null(WaitReport.Of(Services.Queue()).Main);
}
