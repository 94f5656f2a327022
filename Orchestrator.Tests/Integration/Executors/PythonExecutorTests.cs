using Orchestrator.Tests.Support;
using Orchestrator.Tests.Tidy;

namespace Orchestrator.Tests.Integration.Executors;

/// <summary>
/// A framework and an executor in another language, written from the wire format: what they run goes on through kill -9 of
/// the agent and a failover of the framework.
/// </summary>
[Trait("Category", "Integration")]
public sealed class PythonExecutorTests
{
    private static readonly string s_programs = Path.Combine(Repository.Root, "Orchestrator.Tests", "Integration", "Executors");
    private static readonly string[] s_agentFlags = ["--resources", "cpus:4;mem:1024;disk:1000;ports:[31000-32000]", "--executor_reregistration_timeout=15secs"];

    [Fact]
    public async Task Tasks_of_an_executor_in_another_language_go_on_through_kill_9_of_the_agent_and_a_failover()
    {
        await using var host = await HostFixture.StartAsync();
        var agent = await ServiceProcess.StartAgentAsync(host.Address, null, null, s_agentFlags);
        var marks = Directory.CreateDirectory(Path.Combine(agent.Data, "marks")).FullName;
        try
        {
            string id;
            await using (var first = Framework(host, marks))
            {
                id = await first.UntilAsync("SUBSCRIBED");
                foreach (var task in new[] { "t1", "t2", "g1", "g2" })
                {
                    await first.UntilAsync($"TASK {task} TASK_RUNNING");
                }

                await first.TellAsync("message echo hello");
                Assert.Equal("hello from g1,g2,t1,t2", await first.UntilAsync("MESSAGE"));
            }

            await agent.KillAsync();
            await File.WriteAllTextAsync(Path.Combine(marks, "finish-t1"), "");
            agent = await ServiceProcess.StartAgentAsync(host.Address, agent.Data, agent.Port, s_agentFlags);

            await using var second = Framework(host, marks, id);
            Assert.Equal(id, await second.UntilAsync("SUBSCRIBED"));
            await second.UntilAsync("TASK t1 TASK_FINISHED");
            await second.TellAsync("message echo again");
            Assert.Equal("again from g1,g2,t2", await second.UntilAsync("MESSAGE"));
            await second.TellAsync("kill t2");
            await second.UntilAsync("TASK t2 TASK_KILLED");
            await second.TellAsync("shutdown");
            await second.UntilAsync("TASK g1 TASK_KILLED");
            await second.UntilAsync("TASK g2 TASK_KILLED");
            Assert.Equal("python 0", await second.UntilAsync("FAILURE"));
            Assert.Equal(["g1", "g2", "t1", "t2"], (await File.ReadAllLinesAsync(Path.Combine(marks, "launched"))).Order());
        }
        finally
        {
            await agent.DisposeAsync();
            await Leftovers.RemoveAsync(agent.Data);
        }
    }

    private static PythonProgram Framework(HostFixture host, string marks, params string[] id) =>
        PythonProgram.Start([Path.Combine(s_programs, "framework.py"), host.Address.Authority, Path.Combine(s_programs, "executor.py"), marks, .. id]);
}
