using System.Text;
using Orchestrator.Core.Marathon;
using Orchestrator.Core.Primitives;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Marathon;

/// <summary>What the journal holds comes back whole, or the engine says which record it cannot read.</summary>
public sealed class RestorerTests
{
    private static ServicesHarness Living()
    {
        var services = new ServicesHarness().Subscribed();
        services.Create("{'id':'/web','cmd':'x','cpus':0.1,'mem':32,'instances':2,'backoffSeconds':0,'healthChecks':[{'protocol':'COMMAND','command':{'value':'true'}}]}");
        services.Update("/web", "{'instances':3}", force: true);
        services.Say(services.TaskIds()[0], Core.Contract.Mesos.TaskState.TaskFailed, message: "exit 3");
        return services;
    }

    private static MarathonEngine Start(IEnumerable<KeyValuePair<string, byte[]>> records) =>
        new(new MarathonOptions { Seed = 1 }, records.Select(row => new JournalRecord(MarathonEffects.Area, row.Key, row.Value)), DateTimeOffset.UnixEpoch);

    [Fact]
    public void Apps_versions_instances_deployments_and_failures_come_back_in_any_order_of_records()
    {
        var services = Living();
        var before = services.Snapshot;

        var after = Start(services.Journal.Reverse()).Publish(services.Now);

        var (one, other) = (before.Apps.Single(), after.Apps.Single());
        Assert.Equal(one.Versions, other.Versions);
        Assert.Equal(one.LastTaskFailure, other.LastTaskFailure);
        Assert.Equal(one.DeploymentIds, other.DeploymentIds);
        Assert.Equal(before.Deployments.Single().Id, after.Deployments.Single().Id);
        Assert.Equal(before.FrameworkId, after.FrameworkId);
        Assert.False(after.Connected);
        Assert.Equal(
            one.Instances.OrderBy(instance => instance.Id).Select(instance => (instance.Id, instance.TaskId, instance.Condition, instance.Host, instance.Version, string.Join(',', instance.Ports))),
            other.Instances.OrderBy(instance => instance.Id).Select(instance => (instance.Id, instance.TaskId, instance.Condition, instance.Host, instance.Version, string.Join(',', instance.Ports))));
    }

    [Theory]
    [InlineData("app/")]
    [InlineData("version/")]
    [InlineData("instance/")]
    [InlineData("deployment/")]
    [InlineData("failure/")]
    public void Record_that_cannot_be_read_is_named(string prefix)
    {
        var journal = Living().Journal;
        var key = journal.Keys.First(key => key.StartsWith(prefix, StringComparison.Ordinal));
        journal[key] = Encoding.UTF8.GetBytes("\u0001 not what it was");

        var error = Assert.Throws<FormatException>(() => Start(journal));

        Assert.Contains(key, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("version/")]
    [InlineData("app/")]
    public void Record_that_is_missing_is_told_by_the_one_that_needs_it(string prefix)
    {
        var journal = Living().Journal;
        foreach (var key in journal.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).ToList())
        {
            journal.Remove(key);
        }

        Assert.Contains("not stored", Assert.Throws<FormatException>(() => Start(journal)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Version_given_after_a_restart_is_newer_than_all_before()
    {
        var services = Living();
        var next = services.Restart();
        next.Now -= TimeSpan.FromDays(1);

        next.Update("/web", "{'cmd':'y'}", force: true);

        Assert.True(next.App().Definition.Version > services.App().Definition.Version);
    }
}
