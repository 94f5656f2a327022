using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Core.Marathon;
using Orchestrator.Core.Master;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Views;
using Orchestrator.Core.Views.Services;
using Orchestrator.Web.Console.Feeds;
using Orchestrator.Web.Console.ViewModels;
using Orchestrator.Web.Console.ViewModels.Cluster;
using Orchestrator.Web.Console.ViewModels.Tasks;

namespace Orchestrator.Tests.Support;

/// <summary>Pages of the console on scripted engines, without a browser.</summary>
internal sealed class ConsoleContext : BunitContext
{
    public ConsoleContext(ServicesSnapshot services, ClusterSnapshot? cluster = null)
    {
        Engine = new ScriptedServices(services);
        Master = new ScriptedMaster(cluster ?? Snapshots.Busy);
        Time.Advance(Support.Services.Now - Time.GetUtcNow());
        Services.AddSingleton<TimeProvider>(Time);
        Services.AddSingleton<IEngineGateway<MasterCommand, MasterReply, ClusterSnapshot>>(Master);
        Services.AddSingleton<IEngineGateway<MarathonCommand, MarathonReply, ServicesSnapshot>>(Engine);
        Services.AddSingleton<ILogger<LiveFeed>>(NullLogger<LiveFeed>.Instance);
        Services.AddSingleton<LiveFeed>();
        Services.AddSingleton<SharedViews>();
        Services.AddSingleton<ServiceCommands>();
        Services.AddSingleton<TaskCommands>();
        Services.AddSingleton<MasterActions>();
        Services.AddSingleton<ITaskLogs>(Logs);
        JSInterop.Mode = JSRuntimeMode.Loose;
        JSInterop.SetupModule("/assets/tasklog.js").Mode = JSRuntimeMode.Loose;
    }

    public ManualTimeProvider Time { get; } = new();

    public ScriptedServices Engine { get; }

    public ScriptedMaster Master { get; }

    public ScriptedLogs Logs { get; } = new();

    public NavigationManager Navigation => Services.GetRequiredService<NavigationManager>();

    /// <summary>The path and query of the address.</summary>
    public string Address => Navigation.ToBaseRelativePath(Navigation.Uri);

    /// <summary>Goes to an address and renders a page there.</summary>
    public IRenderedComponent<TPage> Open<TPage>(string address, Action<ComponentParameterCollectionBuilder<TPage>>? parameters = null)
        where TPage : IComponent
    {
        Navigation.NavigateTo(address);
        return parameters is null ? Render<TPage>() : Render(parameters);
    }
}
