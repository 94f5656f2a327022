namespace Orchestrator.Tests.Integration.AgentService;

/// <summary>One agent for all tests of a class: their tasks and nested containers do not see each other.</summary>
public sealed class NestedAgent : IAsyncLifetime
{
    internal AgentFixture Fixture { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Fixture = await AgentFixture.StartAsync("--containerizers", "docker,mesos");
        // Each test has a framework of its own, which gets all offers.
        await Fixture.Framework.DisposeAsync();
    }

    public ValueTask DisposeAsync() => Fixture.DisposeAsync();
}
