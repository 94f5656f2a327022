using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Marathon;
using Orchestrator.Core.Primitives;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Marathon;

/// <summary>What holds whatever happens, tried with random lives from seeds. A seed that failed stays as a row.</summary>
public sealed class MarathonEnginePropertyTests
{
    public static TheoryData<ulong> Seeds => [.. Enumerable.Range(1, 40).Select(seed => (ulong)seed)];

    private static string App(int instances, string cmd, double minimum = 1, double over = 1) =>
        FormattableString.Invariant($"{{'id':'/web','cmd':'{cmd}','cpus':0.1,'mem':32,'instances':{instances},'backoffSeconds':0,'upgradeStrategy':{{'minimumHealthCapacity':{minimum},'maximumOverCapacity':{over}}}}}");

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Upgrade_in_any_order_of_events_stays_between_its_bounds(ulong seed)
    {
        var random = new SeededRandom(seed);
        var n = 1 + random.NextInt32(12);
        double[] shares = [0, 0.25, 0.5, 0.9, 1];
        var (minimum, over) = (shares[random.NextInt32(5)], shares[random.NextInt32(5)]);
        var services = new ServicesHarness(seed: seed).Subscribed();
        services.Create(App(n, "old", minimum, over));
        (services.AutoRun, services.AutoKill) = (false, false);
        var minHealthy = (int)Math.Ceiling(n * minimum);
        var maxCapacity = (int)Math.Floor(n * (1 + over));
        maxCapacity += minHealthy == maxCapacity && maxCapacity <= n ? 1 : 0;
        services.AfterTurn = () =>
        {
            var running = services.Tasks.Values.Count(task => task.State == TaskState.TaskRunning);
            Assert.True(running >= Math.Min(n, minHealthy), $"{running} of {n} run, less than {minHealthy}");
            Assert.True(services.Tasks.Count <= Math.Max(n, maxCapacity), $"{services.Tasks.Count} are there, more than {maxCapacity}");
        };

        services.Update("/web", App(n, "new", minimum, over));
        for (var i = 0; services.Snapshot.Deployments.Count > 0; i++)
        {
            Assert.True(i < 1000, "the upgrade never ends");
            Step(services, random);
        }

        Assert.Equal(n, services.Tasks.Count);
        Assert.All(services.Tasks.Values, task => Assert.Equal("new", task.Info.Command.Value));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Services_after_any_life_come_to_what_is_wanted_and_never_double_an_instance(ulong seed)
    {
        var random = new SeededRandom(seed);
        var services = new ServicesHarness(seed: seed).Subscribed();
        services.Create(App(3, "v0"));
        (services.AutoRun, services.AutoKill) = (false, false);
        for (var i = 0; i < 60; i++)
        {
            services.AfterTurn = NoDoubles(services);
            switch (random.NextInt32(10))
            {
                case 0:
                    services.Update("/web", $"{{'instances':{random.NextInt32(8)}}}", force: random.NextInt32(2) == 0);
                    break;
                case 1:
                    services.Update("/web", App(1 + random.NextInt32(6), $"v{random.NextInt32(3)}"), partial: false, force: random.NextInt32(2) == 0);
                    break;
                case 2:
                    services.Kill("/web", Some(services.TaskIds(), random), scale: random.NextInt32(2) == 0, force: true);
                    break;
                case 3 when services.Snapshot.Deployments.Count > 0:
                    services.Tell(new MarathonCommand.CancelDeployment(services.Snapshot.Deployments[0].Id, random.NextInt32(2) == 0, ServicesHarness.Origin));
                    services.Run();
                    break;
                case 4 when services.Tasks.Count > 0:
                    services.Say(services.Tasks.Keys.ElementAt(random.NextInt32(services.Tasks.Count)), random.NextInt32(2) == 0 ? TaskState.TaskFailed : TaskState.TaskUnreachable);
                    break;
                case 5:
                    services = services.Restart(random.NextUInt64());
                    services.AfterTurn = NoDoubles(services);
                    services.Subscribed();
                    break;
                case 6:
                    services.Restart("/web", force: true);
                    break;
                default:
                    Step(services, random);
                    break;
            }
        }

        (services.AutoRun, services.AutoKill) = (true, true);
        Rest(services);

        var app = services.App();
        Assert.Empty(services.Snapshot.Deployments);
        Assert.Equal(app.Definition.Instances, services.Tasks.Count);
        Assert.Equal(services.Tasks.Keys.Order(), services.TaskIds().Order());
        Assert.All(app.Instances, instance => Assert.Equal("Running", instance.Condition));
        Assert.All(services.Journal.Keys.Where(key => key.StartsWith("instance/", StringComparison.Ordinal)), key => Assert.Contains(app.Instances, instance => key == "instance/" + instance.Id));
    }

    /// <summary>Everything that was begun ends: launched tasks run, killed ones end, lost ones return.</summary>
    private static void Rest(ServicesHarness services)
    {
        services.Subscribed();
        for (var i = 0; i < 5; i++)
        {
            foreach (var (id, task) in services.Tasks.ToArray())
            {
                if (services.Tasks.ContainsKey(id) && task.State is TaskState.TaskStaging or TaskState.TaskUnreachable)
                {
                    services.Say(id, TaskState.TaskRunning);
                }
            }

            services.Pass(TimeSpan.FromMinutes(1));
        }
    }

    /// <summary>One thing that the agents would do next.</summary>
    private static void Step(ServicesHarness services, SeededRandom random)
    {
        var killed = services.Calls.Where(call => call.Kill is not null).Select(call => call.Kill.TaskId.Value).ToHashSet();
        var next = services.Tasks.Where(task => killed.Contains(task.Key) || task.Value.State == TaskState.TaskStaging).ToArray();
        if (next.Length > 0)
        {
            var (id, task) = next[random.NextInt32(next.Length)];
            services.Say(id, killed.Contains(id) ? TaskState.TaskKilled : TaskState.TaskRunning);
        }
        else
        {
            services.Pass(TimeSpan.FromSeconds(1));
        }
    }

    private static string[] Some(string[] tasks, SeededRandom random) => [.. tasks.Where(_ => random.NextInt32(3) == 0)];

    private static Action NoDoubles(ServicesHarness services) => () =>
        Assert.All(services.Tasks.Where(task => task.Value.State != TaskState.TaskUnreachable).Select(task => task.Key).GroupBy(id => id[..id.LastIndexOf("._app.", StringComparison.Ordinal)]), instance => Assert.Single(instance));
}
