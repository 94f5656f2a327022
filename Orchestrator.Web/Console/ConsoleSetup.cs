using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.DataProtection;
using Orchestrator.Core.Master;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Views;
using Orchestrator.Web.Console.Feeds;
using Orchestrator.Web.Console.Layout;
using Orchestrator.Web.Console.ViewModels;
using Orchestrator.Web.Console.ViewModels.Cluster;
using Orchestrator.Web.Console.ViewModels.Tasks;
using HostOptions = Orchestrator.Web.Hosting.HostOptions;

namespace Orchestrator.Web.Console;

/// <summary>Puts the operator console into the host: Blazor Server below <c>/ui</c>.</summary>
public static class ConsoleSetup
{
    /// <summary>Largest message that a browser may send, for example a definition that is edited as JSON, in bytes.</summary>
    private const long MaxMessageBytes = 512 * 1024;

    /// <summary>Circuits whose browser went away and may come back.</summary>
    private const int MaxDisconnectedCircuits = 200;

    /// <summary>Adds what <see cref="MapConsole"/> needs.</summary>
    public static IServiceCollection AddConsole(this IServiceCollection services, HostOptions options)
    {
        services.AddRouting();
        services.AddRazorComponents().AddInteractiveServerComponents(ConfigureCircuits).AddHubOptions(hub => hub.MaximumReceiveMessageSize = MaxMessageBytes);
        services.AddCascadingAuthenticationState();
        if (options.SimulatedAgents == 0)
        {
            // Sign-ins and forms outlive a restart of the host.
            services.AddDataProtection().SetApplicationName("orchestrator").PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(options.WorkDirectory, "keys")));
        }

        services.AddSingleton<SharedViews>();
        services.AddSingleton<ServiceCommands>();
        services.AddSingleton<TaskCommands>();
        services.AddSingleton<MasterActions>();
        var account = AgentAccount.Read(options.Flags.Get("agent_credentials"));
        services.AddSingleton<ITaskLogs>(provider => new AgentTaskLogs(provider.GetRequiredService<IEngineGateway<MasterCommand, MasterReply, ClusterSnapshot>>(), provider.GetRequiredService<TimeProvider>(), account));
        services.AddSingleton<LiveFeed>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveFeed>());
        services.AddSingleton<ClusterHistory>();
        services.AddHostedService(provider => provider.GetRequiredService<ClusterHistory>());
        return services;
    }

    /// <summary>Maps pages, assets and the circuits' hub.</summary>
    public static void MapConsole(this WebApplication app)
    {
        app.MapStaticAssets();

        // The host's own header says who may frame a page; a second one would only contradict it.
        app.MapRazorComponents<ConsoleDocument>().AddInteractiveServerRenderMode(server => server.ContentSecurityFrameAncestorsPolicy = null);
        SignOut.Map(app);
        SandboxDownload.Map(app);
    }

    private static void ConfigureCircuits(CircuitOptions circuits)
    {
        circuits.DisconnectedCircuitMaxRetained = MaxDisconnectedCircuits;
        circuits.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(3);
    }
}
