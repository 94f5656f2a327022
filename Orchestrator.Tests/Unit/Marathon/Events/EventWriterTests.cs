using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Marathon;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Unit.Marathon.Events;

/// <summary>Names, fields and order of events, as clients of the reference know them.</summary>
public sealed class EventWriterTests
{
    private static ServicesHarness Living()
    {
        var services = new ServicesHarness().Subscribed();
        services.Create("{'id':'/shop/web','cmd':'x','cpus':0.1,'mem':32,'healthChecks':[{'protocol':'HTTP','gracePeriodSeconds':0,'maxConsecutiveFailures':1}]}");
        services.CheckAll("/shop/web", true);
        services.CheckAll("/shop/web", false);
        services.CheckAll("/shop/web", true);
        services.Say("shop_gone.instance-1._app.1", TaskState.TaskFailed);
        services.Tell(new MarathonCommand.SchedulerEvent(new Event { Type = Event.Types.Type.Message, Message = new Event.Types.Message { AgentId = new AgentID { Value = "S1" }, ExecutorId = new ExecutorID { Value = "e" }, Data = ByteString.CopyFrom(1, 200) } }));
        services.AutoRun = false;
        services.Update("/shop/web", "{'instances':2}");
        services.Tell(new MarathonCommand.CancelDeployment(services.Snapshot.Deployments[0].Id, true, ServicesHarness.Origin));
        services.Disconnect();
        services.Subscribed();
        services.Delete("/shop/web");
        return services;
    }

    private static string[] Fields(JsonElement json) => [.. json.EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal)];

    [Theory]
    [InlineData("api_post_event", "appDefinition clientIp uri")]
    [InlineData("group_change_success", "groupId version")]
    [InlineData("scheduler_registered_event", "frameworkId master")]
    [InlineData("scheduler_reregistered_event", "master")]
    [InlineData("scheduler_disconnected_event", "")]
    [InlineData("deployment_info", "currentStep plan")]
    [InlineData("deployment_step_success", "currentStep plan")]
    [InlineData("deployment_step_failure", "currentStep plan")]
    [InlineData("deployment_success", "id plan")]
    [InlineData("deployment_failed", "id plan reason")]
    [InlineData("app_terminated_event", "appId")]
    [InlineData("status_update_event", "appId host ipAddresses message ports slaveId taskId taskStatus version")]
    [InlineData("instance_changed_event", "agentId condition host instanceId runSpecId runSpecVersion")]
    [InlineData("instance_health_changed_event", "healthy instanceId runSpecId runSpecVersion")]
    [InlineData("health_status_changed_event", "alive appId instanceId version")]
    [InlineData("failed_health_check_event", "appId healthCheck taskId")]
    [InlineData("add_health_check_event", "appId healthCheck version")]
    [InlineData("remove_health_check_event", "appId")]
    [InlineData("unhealthy_instance_kill_event", "appId host instanceId reason slaveId taskId version")]
    [InlineData("unknown_instance_terminated_event", "condition instanceId runSpecId")]
    [InlineData("framework_message_event", "executorId message slaveId")]
    public void Event_has_the_fields_of_the_reference(string type, string fields)
    {
        var happened = Living().EventsOf(type).First();

        Assert.Equal([.. fields.Split(' ', StringSplitOptions.RemoveEmptyEntries).Append("eventType").Append("timestamp").Order(StringComparer.Ordinal)], Fields(happened));
        Assert.Equal(type, happened.GetProperty("eventType").GetString());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", happened.GetProperty("timestamp").GetString());
    }

    [Fact]
    public void Events_name_their_apps_and_the_deployment_that_they_belong_to()
    {
        var services = new ServicesHarness().Subscribed();
        services.Create("{'id':'/a','cmd':'x','healthChecks':[{'protocol':'HTTP'}]}");
        services.CheckAll("/a", true);
        services.Say(services.TaskIds("/a")[0], TaskState.TaskFailed);

        var plan = services.EventsOf("deployment_info").First().GetProperty("plan").GetProperty("id").GetString();
        var ended = services.Events.FindIndex(happened => happened.EventType == "deployment_success");
        Assert.All(services.Events.Where(happened => happened.EventType != "scheduler_registered_event"), happened => Assert.Equal(["/a"], happened.AppIds));
        Assert.All(services.Events.Take(ended + 1).Where(happened => happened.EventType != "scheduler_registered_event"), happened => Assert.Equal(plan, happened.DeploymentId));
        Assert.All(services.Events.Skip(ended + 1), happened => Assert.Null(happened.DeploymentId));
    }

    [Fact]
    public void Events_are_one_line_each() =>
        Assert.All(Living().Events, happened => Assert.DoesNotContain('\n', Encoding.UTF8.GetString(happened.Json.Span)));

    [Fact]
    public void Plan_holds_id_version_and_steps_of_actions()
    {
        var plan = Living().EventsOf("deployment_info").First().GetProperty("plan");

        Assert.Equal(["id", "steps", "version"], Fields(plan));
        var action = plan.GetProperty("steps")[0].GetProperty("actions")[0];
        Assert.Equal(("StartApplication", "/shop/web"), (action.GetProperty("action").GetString(), action.GetProperty("app").GetString()));
    }

    [Fact]
    public void New_app_tells_its_life_in_order()
    {
        var services = new ServicesHarness().Subscribed();
        services.Events.Clear();
        services.Create("{'id':'/web','cmd':'x','cpus':0.1,'mem':32}");

        string[] wanted = ["api_post_event", "group_change_success", "deployment_info", "deployment_step_success", "deployment_info", "instance_changed_event", "instance_changed_event", "status_update_event", "instance_changed_event", "deployment_step_success", "deployment_success"];
        Assert.Equal(wanted, services.Events.Select(happened => happened.EventType));
        Assert.Equal(["Scheduled", "Provisioned", "Running"], services.EventsOf("instance_changed_event").Select(happened => happened.GetProperty("condition").GetString()));
    }

    [Fact]
    public void Accepted_call_tells_who_and_what()
    {
        var happened = Living().EventsOf("api_post_event").First();

        Assert.Equal(("10.0.0.9", "/v2/apps", "/shop/web"), (happened.GetProperty("clientIp").GetString(), happened.GetProperty("uri").GetString(), happened.GetProperty("appDefinition").GetProperty("id").GetString()));
    }

    [Fact]
    public void Bytes_of_a_message_are_signed_numbers() =>
        Assert.Equal([1, -56], Living().EventsOf("framework_message_event").Single().GetProperty("message").EnumerateArray().Select(number => number.GetInt32()));
}
