using System.Globalization;
using System.Text.Json;
using Orchestrator.Core.Marathon;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Core.Simulation.Demo;

/// <summary>The services side of a demo cluster: deploys the apps and scales one up and down.</summary>
internal sealed class DemoServices(IEngineGateway<MarathonCommand, MarathonReply, ServicesSnapshot> services, SimulationQueue queue, SeededRandom random, int agents)
{
    private static readonly CommandOrigin s_origin = new("demo", "/v2/apps");

    /// <summary>Begins.</summary>
    public void Start()
    {
        foreach (var app in DemoApps.For(agents))
        {
            Post(new MarathonCommand.CreateApp(Json(app), false, s_origin));
        }

        queue.After(TimeSpan.FromSeconds(60), Scale);
    }

    private void Scale()
    {
        var most = Math.Max(3, Math.Min(16, agents / 2));
        var instances = 1 + random.NextInt32(most);
        Post(new MarathonCommand.UpdateApps(DemoApps.Scaling, Json(string.Create(CultureInfo.InvariantCulture, $$"""{"instances": {{instances}}}""")), true, false, true, s_origin));
        queue.After(TimeSpan.FromSeconds(60 + random.NextInt32(120)), Scale);
    }

    private void Post(MarathonCommand command)
    {
        try
        {
            _ = services.SendAsync(command, CancellationToken.None).AsTask();
        }
        catch (EngineOverloadedException)
        {
            // A demo can wait for the next time.
        }
    }

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
