using Orchestrator.Core.Marathon;
using Orchestrator.Core.Runtime.Flags;
using Orchestrator.Web.Hosting;

namespace Orchestrator.Tests.Unit.Web.Hosting;

public sealed class MarathonOptionsFactoryTests
{
    private static MarathonOptions Of(params string[] arguments) =>
        MarathonOptionsFactory.From(HostOptions.From(new FlagValues(HostFlags.All, arguments, new Dictionary<string, string>())));

    [Fact]
    public void Flags_that_are_not_given_have_the_values_of_the_engine()
    {
        var (given, known) = (Of(), new MarathonOptions { Seed = 0 });
        Assert.Equal(
            (known.MaxRunningDeployments, known.KillChunkSize, known.KillRetryTimeout, known.DeclineOfferDuration),
            (given.MaxRunningDeployments, given.KillChunkSize, given.KillRetryTimeout, given.DeclineOfferDuration));
        Assert.Equal(
            (known.TaskLaunchTimeout, known.ReconciliationInitialDelay, known.ReconciliationInterval, known.FailoverTimeout),
            (given.TaskLaunchTimeout, given.ReconciliationInitialDelay, given.ReconciliationInterval, given.FailoverTimeout));
    }

    [Fact]
    public void Times_of_Marathon_are_milliseconds()
    {
        var options = Of("--kill_retry_timeout=1500", "--task_launch_timeout=60000", "--max_running_deployments=7");
        Assert.Equal((TimeSpan.FromSeconds(1.5), TimeSpan.FromMinutes(1), 7), (options.KillRetryTimeout, options.TaskLaunchTimeout, options.MaxRunningDeployments));
    }

    [Theory]
    [InlineData("--kill_retry_timeout=30secs", "--kill_retry_timeout=30secs: expected a whole number")]
    [InlineData("--max_running_deployments=0", "from 1 to 100000")]
    [InlineData("--local_port_min=30000", "give a range")]
    [InlineData("--framework_name=", "name the services framework")]
    [InlineData("--deployment_deadline=0secs", "leave it out for no limit")]
    public void Bad_value_is_refused_with_its_name_and_a_remedy(string argument, string expected) =>
        Assert.Contains(expected, Assert.Throws<FlagException>(() => Of(argument)).Message, StringComparison.Ordinal);
}
