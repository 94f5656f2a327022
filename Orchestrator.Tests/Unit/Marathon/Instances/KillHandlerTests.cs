using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Marathon;
using Orchestrator.Tests.Support;
using static Orchestrator.Tests.Support.ServicesHarness;

namespace Orchestrator.Tests.Unit.Marathon.Instances;

/// <summary>Killing on demand: which tasks, and what comes after.</summary>
public sealed class KillHandlerTests
{
    private static ServicesHarness Running(int instances = 4, Func<MarathonOptions, MarathonOptions>? change = null)
    {
        var services = new ServicesHarness(change).Subscribed();
        services.Create($"{{'id':'/web','cmd':'x','cpus':0.1,'mem':32,'instances':{instances},'taskKillGracePeriodSeconds':3}}");
        return services;
    }

    private static string[] Killed(MarathonReply reply) => [.. Body(reply).GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("id").GetString()!)];

    [Fact]
    public void All_tasks_of_an_app_are_killed_and_come_again()
    {
        var services = Running();
        var before = services.TaskIds();

        var reply = services.Kill("/web");

        Assert.Equal(before, Killed(reply));
        Assert.Equal(before.Select(id => id[..^1] + "2").Order(), services.TaskIds().Order());
    }

    [Fact]
    public void Tasks_on_one_host_only_are_killed()
    {
        var services = Running();
        var host = services.App().Instances[0].Host;
        var there = services.App().Instances.Where(instance => instance.Host == host).Select(instance => instance.TaskId).ToArray();

        Assert.Equal(there, Killed(services.Kill("/web", host: host)));
        Assert.Empty(Killed(services.Kill("/web", host: "nowhere")));
        Assert.Equal(4, Killed(services.Kill("/web", host: "*")).Length);
    }

    [Fact]
    public void Killing_with_scale_ends_those_named_and_wants_fewer()
    {
        var services = Running();
        var victims = services.TaskIds()[1..3];

        var reply = services.Kill("/web", victims, scale: true);

        Assert.NotNull(reply.DeploymentId);
        Assert.Equal(2, services.App().Definition.Instances);
        Assert.Equal(2, services.Tasks.Count);
        Assert.Empty(services.TaskIds().Intersect(victims));
        Assert.Empty(services.Snapshot.Deployments);
    }

    [Fact]
    public void Killing_with_wipe_replaces_under_a_new_id()
    {
        var services = Running(1);
        var before = services.App().Instances.Single().Id;

        services.Kill("/web", wipe: true);

        Assert.NotEqual(before, services.App().Instances.Single().Id);
        Assert.Equal(1, services.App().TasksRunning);
    }

    [Fact]
    public void Killing_by_ids_of_any_app_skips_those_that_are_unknown()
    {
        var services = Running();
        services.Create("{'id':'/b','cmd':'x','cpus':0.1,'mem':32}");
        string[] ids = [services.TaskIds()[0], services.TaskIds("/b")[0], "c.instance-1._app.1"];

        Assert.Equal(ids[..2], Killed(services.Kill(null, ids)));
    }

    [Fact]
    public void Killing_by_the_id_of_an_instance_kills_its_task()
    {
        var services = Running();

        Assert.Equal([services.TaskIds()[2]], Killed(services.Kill(null, [services.App().Instances[2].Id])));
    }

    [Theory]
    [InlineData(true, true, "web.instance-1._app.1", 400)]
    [InlineData(false, false, "not an id", 400)]
    public void Killing_that_makes_no_sense_is_refused(bool scale, bool wipe, string id, int status) =>
        Assert.Equal(status, Running().Kill(null, [id], scale: scale, wipe: wipe).Status);

    [Fact]
    public void Task_of_an_app_that_is_unknown_is_not_found()
    {
        var reply = Running().Kill("/web", ["web.instance-1._app.1"]);

        Assert.Equal((404, "Task 'web.instance-1._app.1' does not exist"), (reply.Status, Body(reply).GetProperty("message").GetString()));
    }

    [Fact]
    public void Kill_names_agent_and_grace_period()
    {
        var services = Running(1);
        var agent = services.App().Instances.Single().AgentId;

        services.Kill("/web");

        var kill = services.Calls.First(call => call.Kill is not null).Kill;
        Assert.Equal((agent, 3_000_000_000), (kill.AgentId.Value, kill.KillPolicy.GracePeriod.Nanoseconds));
    }

    [Fact]
    public void Kill_without_an_answer_is_sent_again()
    {
        var services = Running(1);
        services.AutoKill = false;
        services.Kill("/web");
        services.Kill("/web");
        Assert.Single(services.Calls, call => call.Kill is not null);

        services.Pass(TimeSpan.FromSeconds(31));

        Assert.Equal(2, services.Calls.Count(call => call.Kill is not null));
    }

    [Fact]
    public void Kills_beyond_the_limit_wait_for_others_to_end()
    {
        var services = Running(6, options => options with { KillChunkSize = 2 });
        services.AutoKill = false;
        services.Delete("/web");
        Assert.Equal(2, services.Calls.Count(call => call.Kill is not null));

        services.Say(services.Calls.First(call => call.Kill is not null).Kill.TaskId.Value, TaskState.TaskKilled);

        Assert.Equal(3, services.Calls.Count(call => call.Kill is not null));
    }

    [Fact]
    public void Kill_while_the_master_is_away_is_sent_when_it_is_back()
    {
        var services = Running(1);
        services.Disconnect();
        services.Kill("/web");
        Assert.DoesNotContain(services.Calls, call => call.Kill is not null);

        services.Subscribed();

        Assert.Contains(services.Calls, call => call.Kill is not null);
        Assert.Equal(1, services.App().TasksRunning);
    }

    [Fact]
    public void Deletion_goes_on_after_a_restart_of_the_host()
    {
        var services = Running();
        services.AutoKill = false;
        services.Delete("/web");
        var next = services.Restart();
        next.AutoKill = true;

        next.Subscribed();

        Assert.Empty(next.Tasks);
        Assert.Equal(["framework"], next.Journal.Keys.Where(key => !key.StartsWith("outcome/", StringComparison.Ordinal) && !key.StartsWith("tree/", StringComparison.Ordinal)));
    }
}
