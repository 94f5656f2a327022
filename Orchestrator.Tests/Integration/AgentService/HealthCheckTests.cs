using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Integration.AgentService;

/// <summary>Health checks of real tasks.</summary>
[Trait("Category", "Integration")]
public sealed class HealthCheckTests
{
    [Fact]
    public async Task Command_check_sees_the_task_from_inside_and_kills_it_after_consecutive_failures()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var framework = fixture.Framework;
        var id = await framework.RunAsync(
            "touch well; exec sleep 1000",
            task =>
            {
                task["command"]!["environment"] = new JsonObject { ["variables"] = new JsonArray(new JsonObject { ["name"] = "SIGN", ["value"] = "well" }) };
                task["health_check"] = Check("COMMAND", "command", """{"shell":true,"value":"test -e $SIGN"}""", failures: 2, grace: 60);
            });

        await framework.UntilAsync(id, Healthy(true));
        var directory = (await fixture.AskAsync("/state")).GetProperty("frameworks")[0].GetProperty("executors")[0].GetProperty("directory").GetString()!;
        File.Delete(Path.Combine(directory, "well"));

        var ended = await framework.UntilEndedAsync(id);
        Assert.Equal("TASK_KILLED", FrameworkDriver.StateOf(ended));
        Assert.False(ended.GetProperty("healthy").GetBoolean());
        var told = framework.Updates(id).Where(update => update.TryGetProperty("healthy", out _)).ToList();
        Assert.True(told[0].GetProperty("healthy").GetBoolean());
        Assert.Equal("REASON_TASK_HEALTH_CHECK_STATUS_UPDATED", FrameworkDriver.ReasonOf(told[0]));
        Assert.Contains(told, update => !update.GetProperty("healthy").GetBoolean() && FrameworkDriver.MessageOf(update).Contains("status 1", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("HTTP", "http", """{"port":PORT,"path":"/index.html"}""")]
    [InlineData("TCP", "tcp", """{"port":PORT}""")]
    public async Task Network_check_is_healthy_while_a_real_server_answers(string type, string field, string check)
    {
        await using var fixture = await AgentFixture.StartAsync();
        var framework = fixture.Framework;
        var port = ServiceProcess.FreePort().ToString(CultureInfo.InvariantCulture);
        var id = await framework.RunAsync(
            $"echo page > index.html; busybox httpd -f -p 127.0.0.1:{port} & while [ ! -e stop ]; do sleep 0.05; done; kill $!; exec sleep 1000",
            task => task["health_check"] = Check(type, field, check.Replace("PORT", port, StringComparison.Ordinal), failures: 2, grace: 60));

        await framework.UntilAsync(id, Healthy(true));
        var directory = (await fixture.AskAsync("/state")).GetProperty("frameworks")[0].GetProperty("executors")[0].GetProperty("directory").GetString()!;
        await File.WriteAllTextAsync(Path.Combine(directory, "stop"), "");

        Assert.Equal("TASK_KILLED", FrameworkDriver.StateOf(await framework.UntilEndedAsync(id)));
    }

    [Fact]
    public async Task Http_check_of_a_page_that_is_missing_fails_with_its_status()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var framework = fixture.Framework;
        var port = ServiceProcess.FreePort().ToString(CultureInfo.InvariantCulture);
        var id = await framework.RunAsync(
            $"exec busybox httpd -f -p 127.0.0.1:{port}",
            task => task["health_check"] = Check("HTTP", "http", $$"""{"port":{{port}},"path":"/missing"}""", failures: 1));

        Assert.Contains("404", FrameworkDriver.MessageOf(await framework.UntilAsync(id, Healthy(false))), StringComparison.Ordinal);
        Assert.Equal("TASK_KILLED", FrameworkDriver.StateOf(await framework.UntilEndedAsync(id)));
    }

    [Fact]
    public async Task Failures_in_the_grace_period_are_forgiven_and_a_check_over_its_timeout_is_a_failure()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var framework = fixture.Framework;
        var slow = await framework.RunAsync("exec sleep 1000", task => task["health_check"] = Check("COMMAND", "command", """{"shell":true,"value":"sleep 1000"}""", failures: 1, timeout: 0.1));
        var late = await framework.RunAsync("sleep 1; touch well; exec sleep 1000", task => task["health_check"] = Check("COMMAND", "command", """{"shell":true,"value":"test -e well"}""", failures: 1, grace: 60));

        Assert.Equal("TASK_KILLED", FrameworkDriver.StateOf(await framework.UntilEndedAsync(slow)));
        Assert.Contains("took longer than 0.1 s", FrameworkDriver.MessageOf(framework.Updates(slow).First(Healthy(false))), StringComparison.Ordinal);
        await framework.UntilAsync(late, Healthy(true));
        Assert.Equal("TASK_RUNNING", framework.States(late)[^1]);
    }

    private static Func<JsonElement, bool> Healthy(bool healthy) => update => update.TryGetProperty("healthy", out var said) && said.GetBoolean() == healthy;

    private static JsonNode Check(string type, string field, string check, int failures, double timeout = 20, double grace = 0) => JsonNode.Parse(string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"type":"{{type}}","{{field}}":{{check}},"delay_seconds":0,"interval_seconds":0.1,"timeout_seconds":{{timeout}},"consecutive_failures":{{failures}},"grace_period_seconds":{{grace}}}"""))!;
}
