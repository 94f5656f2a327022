using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Marathon;

/// <summary>
/// The life of some apps, cut off after every single turn, both before the turn's effects left and after: whatever was durable
/// then, the next run takes over what runs, starts nothing twice, loses nothing and ends what was begun.
/// </summary>
public sealed class MarathonEngineCrashTests
{
    private sealed record Cut(string Step, Dictionary<string, byte[]> Journal, Dictionary<string, (TaskInfo Info, TaskState State)> Tasks, DateTimeOffset Now);

    private static readonly string[] s_steps =
    [
        "create", "scale up", "fail", "upgrade", "kill", "kill and scale", "wipe", "restart", "dependent", "cancel", "delete",
    ];

    private static List<Cut> Live()
    {
        var cuts = new List<Cut>();
        var step = "";
        var services = new ServicesHarness();
        var before = Copy(services);
        services.BeforeTurn = () => before = Copy(services);
        services.AfterTurn = () =>
        {
            // Durable, and nothing of it left; then with all of it done.
            cuts.Add(new Cut(step + ", before effects", new(services.Journal), before, services.Now));
            cuts.Add(new Cut(step, new(services.Journal), Copy(services), services.Now));
        };
        services.Subscribed();
        foreach (var next in s_steps)
        {
            step = next;
            Do(services, step);
        }

        Assert.Empty(services.Snapshot.Deployments);
        return cuts;
    }

    private static void Do(ServicesHarness services, string step)
    {
        switch (step)
        {
            case "create":
                services.Create("{'id':'/web','cmd':'one','cpus':0.1,'mem':32,'instances':2,'backoffSeconds':0}");
                break;
            case "scale up":
                services.Update("/web", "{'instances':4}");
                break;
            case "fail":
                services.Say(services.TaskIds()[1], TaskState.TaskFailed, message: "exit 1");
                break;
            case "upgrade":
                services.Update("/web", "{'cmd':'two','upgradeStrategy':{'minimumHealthCapacity':0.5,'maximumOverCapacity':0.5}}");
                break;
            case "kill":
                services.Kill("/web", [services.TaskIds()[0]]);
                break;
            case "kill and scale":
                services.Kill("/web", [services.TaskIds()[2]], scale: true);
                break;
            case "wipe":
                services.Kill("/web", [services.TaskIds()[0]], wipe: true);
                break;
            case "restart":
                services.Restart("/web");
                break;
            case "dependent":
                services.Tell(new Core.Marathon.MarathonCommand.UpdateApps(null, ServicesHarness.Json("[{'id':'/db','cmd':'db','cpus':0.1,'mem':32},{'id':'/api','cmd':'api','cpus':0.1,'mem':32,'instances':2,'dependencies':['/db']}]"), true, true, false, ServicesHarness.Origin));
                services.Run();
                break;
            case "cancel":
                services.AutoRun = false;
                services.Update("/api", "{'instances':5}");
                services.Tell(new Core.Marathon.MarathonCommand.CancelDeployment(services.Snapshot.Deployments[0].Id, false, ServicesHarness.Origin));
                services.AutoRun = true;
                services.Run();
                break;
            case "delete":
                services.Delete("/api");
                services.Delete("/web");
                break;
        }
    }

    private static Dictionary<string, (TaskInfo Info, TaskState State)> Copy(ServicesHarness services) =>
        services.Tasks.ToDictionary(task => task.Key, task => (task.Value.Info, task.Value.State));

    [Fact]
    public void Restart_after_any_turn_takes_over_what_runs_and_ends_what_was_begun()
    {
        var cuts = Live();
        Assert.True(cuts.Count > 120, $"only {cuts.Count} cuts");
        for (var i = 0; i < cuts.Count; i++)
        {
            var cut = cuts[i];
            var next = Resume(cut);
            var known = next.Snapshot.Apps.SelectMany(app => app.Instances).Where(instance => instance.Condition == "Running").Select(instance => instance.TaskId).ToHashSet();
            var quiet = next.Snapshot.Deployments.Count == 0;
            next.AfterTurn = () => Assert.All(next.Tasks.Keys.GroupBy(InstanceOf), instance => Assert.Single(instance));
            next.Subscribed();
            next.Pass(TimeSpan.FromMinutes(2));

            var where = $"cut {i}: {cut.Step}";
            Assert.True(next.Snapshot.Deployments.Count == 0, where);
            Assert.Equal((where, Wanted(next)), (where, string.Join(' ', next.Tasks.Values.Select(task => task.Info.Command.Value).Order())));
            Assert.Equal((where, string.Join(' ', next.Tasks.Keys.Order())), (where, string.Join(' ', next.Snapshot.Apps.SelectMany(app => app.Instances).Select(instance => instance.TaskId).Order())));
            // A wiped instance is to end, whoever runs its engine.
            if (quiet && !cut.Step.StartsWith("wipe", StringComparison.Ordinal))
            {
                var survivors = cut.Tasks.Where(task => task.Value.State == TaskState.TaskRunning && known.Contains(task.Key)).Select(task => task.Key);
                Assert.True(survivors.All(next.Tasks.ContainsKey), $"{where}: a running task was not taken over");
            }
        }
    }

    [Fact]
    public void Second_engine_from_the_same_journal_shows_the_same_services()
    {
        foreach (var cut in Live().Where(cut => !cut.Step.Contains("delete", StringComparison.Ordinal)))
        {
            var (first, second) = (Resume(cut), Resume(cut));

            Assert.Equal(first.Snapshot.Apps.SelectMany(app => app.Instances).Select(instance => instance.TaskId), second.Snapshot.Apps.SelectMany(app => app.Instances).Select(instance => instance.TaskId));
            Assert.Equal(first.Snapshot.FrameworkId, second.Snapshot.FrameworkId);
        }
    }

    private static ServicesHarness Resume(Cut cut)
    {
        var machine = new ServicesHarness { Now = cut.Now };
        foreach (var (key, value) in cut.Journal)
        {
            machine.Journal[key] = value;
        }

        foreach (var (id, (info, state)) in cut.Tasks)
        {
            // The agent goes on while the host is down: what was launched runs.
            machine.Tasks[id] = new ServicesHarness.MasterTask(info) { State = state == TaskState.TaskStaging ? TaskState.TaskRunning : state };
        }

        return machine.Restart();
    }

    private static string Wanted(ServicesHarness services) =>
        string.Join(' ', services.Snapshot.Apps.SelectMany(app => Enumerable.Repeat(app.Definition.Cmd!, app.Definition.Instances)).Order());

    private static string InstanceOf(string taskId) => taskId[..taskId.LastIndexOf("._app.", StringComparison.Ordinal)];
}
